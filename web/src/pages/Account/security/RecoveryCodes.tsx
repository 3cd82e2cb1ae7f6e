/** The codes for the day without the app: shown this once. */
import { useTranslations } from "use-intl";
import { Button } from "~/components/Button";
import { Dialog } from "~/components/Dialog";
import { Notice } from "~/components/Feedback";
import { Copy } from "~/pages/Settings/people/parts/Copy";

interface RecoveryCodesProps {
  /** Empty where an earlier try made them, and its answer got lost. */
  readonly codes: readonly string[];
  readonly onClose: () => void;
}

export function RecoveryCodes({ codes, onClose }: RecoveryCodesProps) {
  const t = useTranslations("account.factor");
  return (
    <Dialog title={t("codes")} isOpen onClose={onClose} role="alertdialog">
      <div className="flex flex-col gap-4">
        <Notice tone="warning">{t(codes.length > 0 ? "codesHint" : "lost")}</Notice>
        {codes.length > 0 && <Copy label={t("copyAll")} text={codes.join("\n")} />}
        <Button look="primary" onPress={onClose}>
          {t("kept")}
        </Button>
      </div>
    </Dialog>
  );
}
