/** Asking for a copy of a customer's data, or for their erasure. */
import { useState } from "react";
import { graphql } from "react-relay";
import { useTranslations } from "use-intl";
import type { AskDialogMutation, PrivacyKind } from "~/__generated__/AskDialogMutation.graphql";
import { useChange } from "~/changes";
import { Checkbox, RadioGroup } from "~/components/Choice";
import { FormDialog } from "~/components/Dialog";
import { Notice } from "~/components/Feedback";
import { TextField } from "~/components/Field";
import { tell } from "~/components/Toast";
import { FindCustomer } from "./FindCustomer";

interface AskDialogProps {
  /** Whose data, where that is known already. */
  readonly customer: { readonly id: string; readonly name: string } | null;
  readonly kind: PrivacyKind;
  readonly onClose: () => void;
}

export default function AskDialog({ customer, kind: wanted, onClose }: AskDialogProps) {
  const t = useTranslations("privacy");
  const [id, setId] = useState(customer?.id ?? null);
  const [kind, setKind] = useState<PrivacyKind>(wanted);
  const [runNow, setRunNow] = useState(false);
  const [reason, setReason] = useState("");
  const [ask, isBusy] = useChange<AskDialogMutation>(graphql`
    mutation AskDialogMutation($input: CreatePrivacyRequestInput!) {
      createPrivacyRequest(input: $input) {
        ... on CreatePrivacyRequestSuccess {
          privacyRequest {
            id
            ...Line_request
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const isErasure = kind === "ERASURE";
  const submit = async (): Promise<void> => {
    if (id === null) return;
    await ask({ input: { customerId: id, kind, runNow: isErasure && runNow, reason: reason.trim() || null } });
    tell(t("told"));
  };
  return (
    <FormDialog
      isOpen
      title={customer ? `${t(`kinds.${kind}`)}: ${customer.name || t("nameless")}` : t("create")}
      submit={t(isErasure ? "askErasure" : "askCopy")}
      isBusy={isBusy}
      isDisabled={id === null}
      onSubmit={submit}
      onClose={onClose}
    >
      {!customer && <FindCustomer onChange={setId} />}
      <RadioGroup
        label={t("what")}
        value={kind}
        onChange={setKind}
        choices={[
          { id: "EXPORT", label: t("kinds.EXPORT"), hint: t("copyHint") },
          { id: "ERASURE", label: t("kinds.ERASURE"), hint: t("eraseHint") },
        ]}
      />
      {isErasure && (
        <>
          <Checkbox isSelected={runNow} onChange={setRunNow}>
            {t("atOnce")}
          </Checkbox>
          {!runNow && <Notice>{t("grace")}</Notice>}
        </>
      )}
      <TextField label={t("reason")} hint={t("reasonHint")} value={reason} onChange={setReason} maxLength={500} />
    </FormDialog>
  );
}
