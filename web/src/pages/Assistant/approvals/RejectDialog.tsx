/** Says no to an action, and to colleagues why. */
import { useState } from "react";
import { graphql } from "react-relay";
import { useTranslations } from "use-intl";
import type { RejectDialogMutation } from "~/__generated__/RejectDialogMutation.graphql";
import { useChange } from "~/changes";
import { FormDialog } from "~/components/Dialog";
import { TextField } from "~/components/Field";

export function RejectDialog({ actionId, onClose }: { readonly actionId: string; readonly onClose: () => void }) {
  const t = useTranslations("assistant.approvals");
  const [reason, setReason] = useState("");
  const [reject, isBusy] = useChange<RejectDialogMutation>(graphql`
    mutation RejectDialogMutation($input: RejectActionInput!) {
      rejectAction(input: $input) {
        ... on RejectActionSuccess {
          action {
            ...ApprovalCard_action
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  return (
    <FormDialog
      isOpen
      title={t("rejectTitle")}
      submit={t("reject")}
      isBusy={isBusy}
      onSubmit={() => reject({ input: { actionId, reason: reason.trim() || null } })}
      onClose={onClose}
    >
      <TextField
        label={t("reason")}
        hint={t("reasonHint")}
        value={reason}
        onChange={setReason}
        maxLength={500}
        lines={3}
        autoFocus
      />
    </FormDialog>
  );
}
