/** Setting up an app: the password, then the picture that the app reads, then a first code, then the codes to keep. */
import { useState } from "react";
import { graphql } from "react-relay";
import { useTranslations } from "use-intl";
import type { EnableDialogConfirmMutation } from "~/__generated__/EnableDialogConfirmMutation.graphql";
import type { EnableDialogMutation } from "~/__generated__/EnableDialogMutation.graphql";
import { Refusal, useChange } from "~/changes";
import { Button } from "~/components/Button";
import { Dialog } from "~/components/Dialog";
import { Problem } from "~/components/Feedback";
import { TextField } from "~/components/Field";
import { tell } from "~/components/Toast";
import { secondFactor } from "./factor";
import { PasswordForm } from "./PasswordForm";
import { QrCode } from "./QrCode";
import { RecoveryCodes } from "./RecoveryCodes";

/** Only an accepted code switches it on: a refusal has no person. */
const secondFactorOn = secondFactor<EnableDialogConfirmMutation["response"]>("confirmSecondFactor", true);

interface Offer {
  readonly secret: string;
  readonly uri: string;
}

export default function EnableDialog({ onClose }: { readonly onClose: () => void }) {
  const t = useTranslations("account.factor");
  const [offer, setOffer] = useState<Offer | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const [begin, isBusy] = useBegin();
  const start = async (password: string): Promise<void> => {
    const { secret, uri } = await begin({ input: { password } });
    if (secret && uri) setOffer({ secret, uri });
  };
  if (codes) return <RecoveryCodes codes={codes} onClose={onClose} />;
  return (
    <Dialog title={t("enable")} isOpen onClose={onClose}>
      {offer ? (
        <Confirmation offer={offer} onConfirmed={setCodes} />
      ) : (
        <PasswordForm submit={t("enable")} isBusy={isBusy} onSubmit={start} />
      )}
    </Dialog>
  );
}

interface ConfirmationProps {
  readonly offer: Offer;
  readonly onConfirmed: (codes: readonly string[]) => void;
}

function Confirmation({ offer, onConfirmed }: ConfirmationProps) {
  const t = useTranslations("account.factor");
  const [code, setCode] = useState("");
  const [problem, setProblem] = useState<unknown>(null);
  const [confirm, isBusy] = useConfirm();
  const of = problem instanceof Refusal ? problem.of("code") : undefined;
  const send = async (): Promise<void> => {
    setProblem(null);
    try {
      const { recoveryCodes } = await confirm({ input: { code } }, { updater: secondFactorOn });
      tell(t("enabled"));
      onConfirmed(recoveryCodes ?? []);
    } catch (error) {
      setProblem(error);
    }
  };
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <p>{t("scan")}</p>
      <QrCode text={offer.uri} label={t("qr")} />
      <div className="flex flex-col gap-1">
        <span className="text-ink-muted text-xs">{t("manual")}</span>
        <code className="select-all break-all rounded-md bg-sunken px-2.5 py-1.5 text-xs">{offer.secret}</code>
      </div>
      <TextField
        label={t("code")}
        inputMode="numeric"
        autoComplete="one-time-code"
        autoFocus
        isRequired
        value={code}
        onChange={setCode}
        problem={of}
      />
      {!of && <Problem of={problem} />}
      <Button type="submit" look="primary" isBusy={isBusy}>
        {t("confirm")}
      </Button>
    </form>
  );
}

function useBegin() {
  return useChange<EnableDialogMutation>(graphql`
    mutation EnableDialogMutation($input: EnableSecondFactorInput!) {
      enableSecondFactor(input: $input) {
        ... on EnableSecondFactorSuccess {
          secret
          uri
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
}

function useConfirm() {
  return useChange<EnableDialogConfirmMutation>(graphql`
    mutation EnableDialogConfirmMutation($input: ConfirmSecondFactorInput!) {
      confirmSecondFactor(input: $input) {
        ... on ConfirmSecondFactorSuccess {
          recoveryCodes
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
}
