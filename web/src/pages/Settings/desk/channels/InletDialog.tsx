/** Where mail for an inbox can be brought: an address to forward to, and a key for HTTP that is shown this once. */
import { useTranslations } from "use-intl";
import { Button } from "~/components/Button";
import { Dialog } from "~/components/Dialog";
import { Notice } from "~/components/Feedback";
import { Copied } from "../parts/Copied";

export interface Inlet {
  readonly address: string | null;
  readonly key: string | null;
}

interface InletDialogProps {
  readonly inboxId: string;
  readonly inlet: Inlet | null;
  readonly onClose: () => void;
}

export function InletDialog({ inboxId, inlet, onClose }: InletDialogProps) {
  const t = useTranslations("connections.channels");
  return (
    <Dialog title={t("inlet")} isOpen={inlet !== null} onClose={onClose}>
      <div className="flex flex-col gap-4">
        {inlet?.address && (
          <div className="flex flex-col gap-1">
            <p className="font-medium text-sm">{t("inletAddress")}</p>
            <Copied label={t("inletAddress")} text={inlet.address} />
          </div>
        )}
        {inlet?.key && (
          <div className="flex flex-col gap-1">
            <p className="font-medium text-sm">{t("inletKey")}</p>
            <Notice tone="warning" className="[overflow-wrap:anywhere]">
              {t("inletKeyHint", { path: `/channels/email/${inboxId}` })}
            </Notice>
            <Copied label={t("inletKey")} text={inlet.key} />
          </div>
        )}
        <Button look="primary" className="self-end" onPress={onClose}>
          {t("inletDone")}
        </Button>
      </div>
    </Dialog>
  );
}
