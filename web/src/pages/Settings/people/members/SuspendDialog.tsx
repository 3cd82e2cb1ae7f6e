/** The question before somebody is let in no more. */
import { useState } from "react";
import { graphql } from "react-relay";
import { useTranslations } from "use-intl";
import type { SuspendDialogMutation } from "~/__generated__/SuspendDialogMutation.graphql";
import { useChange } from "~/changes";
import { ConfirmDialog } from "~/components/Dialog";
import { Reason } from "../roles/RoleDialog";

interface SuspendDialogProps {
  readonly id: string;
  readonly name: string;
  readonly onClose: () => void;
}

export default function SuspendDialog({ id, name, onClose }: SuspendDialogProps) {
  const t = useTranslations("people.members");
  const [reason, setReason] = useState("");
  const [suspend, isBusy] = useChange<SuspendDialogMutation>(graphql`
    mutation SuspendDialogMutation($input: SuspendAgentInput!) {
      suspendAgent(input: $input) {
        ... on SuspendAgentSuccess {
          agent {
            id
            suspendedAt
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
    <ConfirmDialog
      isOpen
      title={t("suspendTitle", { name })}
      action={t("suspend")}
      isBusy={isBusy}
      onClose={onClose}
      onConfirm={() => suspend({ input: { agentId: id, reason: reason || null } })}
    >
      <p className="mb-4">{t("suspendHint")}</p>
      <Reason value={reason} onChange={setReason} />
    </ConfirmDialog>
  );
}
