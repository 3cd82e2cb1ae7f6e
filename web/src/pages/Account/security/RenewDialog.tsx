/** New recovery codes for those that were used or lost. */
import { useState } from "react";
import { graphql } from "react-relay";
import { useTranslations } from "use-intl";
import type { RenewDialogMutation } from "~/__generated__/RenewDialogMutation.graphql";
import { useChange } from "~/changes";
import { Dialog } from "~/components/Dialog";
import { PasswordForm } from "./PasswordForm";
import { RecoveryCodes } from "./RecoveryCodes";

export default function RenewDialog({ onClose }: { readonly onClose: () => void }) {
  const t = useTranslations("account.factor");
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const [renew, isBusy] = useChange<RenewDialogMutation>(graphql`
    mutation RenewDialogMutation($input: RegenerateRecoveryCodesInput!) {
      regenerateRecoveryCodes(input: $input) {
        ... on RegenerateRecoveryCodesSuccess {
          recoveryCodes
        }
        ... on InvalidInputError {
          fields {
            path
            message
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  if (codes) return <RecoveryCodes codes={codes} onClose={onClose} />;
  const make = async (password: string): Promise<void> =>
    setCodes((await renew({ input: { password } })).recoveryCodes ?? []);
  return (
    <Dialog title={t("renew")} isOpen onClose={onClose}>
      <p className="mb-4 text-ink-muted">{t("renewHint")}</p>
      <PasswordForm submit={t("renew")} isBusy={isBusy} onSubmit={make} />
    </Dialog>
  );
}
