/** The question before somebody is signed out everywhere. */
import { graphql } from "react-relay";
import { useTranslations } from "use-intl";
import type { SignOutDialogMutation } from "~/__generated__/SignOutDialogMutation.graphql";
import { useChange } from "~/changes";
import { ConfirmDialog } from "~/components/Dialog";

interface SignOutDialogProps {
  readonly id: string;
  readonly name: string;
  readonly onClose: () => void;
}

export default function SignOutDialog({ id, name, onClose }: SignOutDialogProps) {
  const t = useTranslations("people.members");
  const [signOut, isBusy] = useChange<SignOutDialogMutation>(graphql`
    mutation SignOutDialogMutation($input: EndAgentSessionsInput!) {
      endAgentSessions(input: $input) {
        ... on EndAgentSessionsSuccess {
          agent {
            id
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
      title={t("signOutTitle", { name })}
      action={t("signOut")}
      isBusy={isBusy}
      onClose={onClose}
      onConfirm={() => signOut({ input: { agentId: id } })}
    >
      {t("signOutHint")}
    </ConfirmDialog>
  );
}
