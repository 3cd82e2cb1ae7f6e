/** Why a tool shall not do what it was asked to. */
import { useState } from "react";
import { useTranslations } from "use-intl";
import { FormDialog } from "~/components/Dialog";
import { TextField } from "~/components/Field";

interface RejectDialogProps {
  readonly isBusy: boolean;
  readonly onReject: (reason: string | null) => Promise<unknown>;
  readonly onClose: () => void;
}

export default function RejectDialog({ isBusy, onReject, onClose }: RejectDialogProps) {
  const t = useTranslations("conversation.action");
  const [reason, setReason] = useState("");
  return (
    <FormDialog
      title={t("rejectTitle")}
      submit={t("reject")}
      isOpen
      isBusy={isBusy}
      onSubmit={() => onReject(reason.trim() || null)}
      onClose={onClose}
    >
      <TextField
        label={t("reason")}
        hint={t("reasonHint")}
        value={reason}
        onChange={setReason}
        maxLength={500}
        lines={3}
      />
    </FormDialog>
  );
}
