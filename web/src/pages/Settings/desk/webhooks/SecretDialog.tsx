/** A secret that is shown this once, to be copied. */
import { useTranslations } from "use-intl";
import { Button } from "~/components/Button";
import { Dialog } from "~/components/Dialog";
import { Notice } from "~/components/Feedback";
import { Copied } from "../parts/Copied";

interface SecretDialogProps {
  readonly secret: string | null;
  readonly onClose: () => void;
}

export function SecretDialog({ secret, onClose }: SecretDialogProps) {
  const t = useTranslations("connections.webhooks");
  return (
    <Dialog title={t("secret")} isOpen={secret !== null} onClose={onClose}>
      <div className="flex flex-col gap-4">
        <Notice tone="warning">{t("secretHint")}</Notice>
        <Copied label={t("secret")} text={secret ?? ""} />
        <Button look="primary" className="self-end" onPress={onClose}>
          {t("secretDone")}
        </Button>
      </div>
    </Dialog>
  );
}
