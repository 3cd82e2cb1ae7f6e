/** Signing in by password alone again. */
import { graphql } from "react-relay";
import { useTranslations } from "use-intl";
import type { DisableDialogMutation } from "~/__generated__/DisableDialogMutation.graphql";
import { useChange } from "~/changes";
import { Dialog } from "~/components/Dialog";
import { tell } from "~/components/Toast";
import { secondFactor } from "./factor";
import { PasswordForm } from "./PasswordForm";

const secondFactorOff = secondFactor<DisableDialogMutation["response"]>("disableSecondFactor", false);

export default function DisableDialog({ onClose }: { readonly onClose: () => void }) {
  const t = useTranslations("account.factor");
  const [disable, isBusy] = useChange<DisableDialogMutation>(graphql`
    mutation DisableDialogMutation($input: DisableSecondFactorInput!) {
      disableSecondFactor(input: $input) {
        ... on DisableSecondFactorSuccess {
          person {
            ...SecondFactor_person
          }
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
  const off = async (password: string): Promise<void> => {
    await disable({ input: { password } }, { updater: secondFactorOff });
    tell(t("disabled"));
    onClose();
  };
  return (
    <Dialog title={t("disable")} isOpen onClose={onClose}>
      <p className="mb-4 text-ink-muted">{t("disableHint")}</p>
      <PasswordForm submit={t("disable")} isBusy={isBusy} isDanger onSubmit={off} />
    </Dialog>
  );
}
