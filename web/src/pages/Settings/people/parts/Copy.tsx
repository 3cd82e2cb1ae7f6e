/** A text to be taken elsewhere: selectable, with a button that copies it; and a secret that is shown once. */
import { Check, Copy as CopyIcon } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "~/components/Button";
import { Dialog } from "~/components/Dialog";
import { Notice } from "~/components/Feedback";

interface CopyProps {
  readonly label: string;
  readonly text: string;
  readonly hint?: string;
}

export function Copy({ label, text, hint }: CopyProps) {
  const t = useTranslations("app.act");
  const [isCopied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 2_000);
  };
  return (
    <div className="flex flex-col gap-1">
      <span className="font-medium text-sm">{label}</span>
      <div className="flex items-start gap-2">
        <code className="min-w-0 flex-1 select-all whitespace-pre-wrap break-all rounded-md bg-sunken px-2.5 py-1.5 text-xs">
          {text}
        </code>
        <Button icon={isCopied ? Check : CopyIcon} onPress={() => void copy()}>
          {t(isCopied ? "copied" : "copy")}
        </Button>
      </div>
      {hint && <span className="text-ink-faint text-xs">{hint}</span>}
    </div>
  );
}

interface OnceProps {
  readonly title: string;
  readonly label: string;
  /** Null where an earlier try made it, and its answer got lost. */
  readonly secret: string | null;
  readonly onClose: () => void;
}

/** A secret that nobody can show again. */
export function Once({ title, label, secret, onClose }: OnceProps) {
  const t = useTranslations("people.parts");
  return (
    <Dialog title={title} isOpen onClose={onClose} role="alertdialog">
      <div className="flex flex-col gap-4">
        {secret === null ? (
          <Notice tone="warning">{t("lost")}</Notice>
        ) : (
          <>
            <Notice tone="warning">{t("onceHint")}</Notice>
            <Copy label={label} text={secret} />
          </>
        )}
        <div className="flex justify-end">
          <Button look="primary" onPress={onClose}>
            {t("understood")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
