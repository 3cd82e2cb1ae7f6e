/** Why somebody who has enough already shall have one more. */
import { useState } from "react";
import { useTranslations } from "use-intl";
import { FormDialog } from "~/components/Dialog";
import { TextField } from "~/components/Field";

interface GiveDialogProps {
  readonly isBusy: boolean;
  readonly onGive: (reason: string) => Promise<unknown>;
  readonly onClose: () => void;
}

export default function GiveDialog({ isBusy, onGive, onClose }: GiveDialogProps) {
  const t = useTranslations("panel.assignee");
  const [reason, setReason] = useState("");
  return (
    <FormDialog
      title={t("full")}
      isOpen
      isBusy={isBusy}
      isDisabled={reason.trim() === ""}
      submit={t("give")}
      onClose={onClose}
      onSubmit={() => onGive(reason.trim())}
    >
      <TextField
        label={t("reason")}
        hint={t("reasonHint")}
        value={reason}
        onChange={setReason}
        maxLength={500}
        autoFocus
      />
    </FormDialog>
  );
}
