/** A key that is shown once: what calls are signed with, for the other end to check them by. */
import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "~/components/Button";
import { Dialog } from "~/components/Dialog";
import { Notice } from "~/components/Feedback";

export function SigningKey({ value, onClose }: { readonly value: string; readonly onClose: () => void }) {
  const t = useTranslations("assistant.signingKey");
  const act = useTranslations("app.act");
  const [isCopied, setCopied] = useState(false);
  return (
    <Dialog isOpen title={t("title")} onClose={onClose}>
      <div className="flex flex-col gap-4">
        <p className="text-ink-muted">{t("about")}</p>
        <code className="select-all break-all rounded-md bg-sunken p-3 font-mono text-xs">{value}</code>
        <Notice tone="warning">{t("once")}</Notice>
        <div className="flex justify-end gap-2">
          <Button
            icon={isCopied ? Check : Copy}
            onPress={() => void navigator.clipboard.writeText(value).then(() => setCopied(true))}
          >
            {act(isCopied ? "copied" : "copy")}
          </Button>
          <Button look="primary" onPress={onClose}>
            {t("done")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
