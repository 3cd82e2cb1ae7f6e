/** Asks once more before two customers become one: it is for good. */
import { useState } from "react";
import { graphql } from "react-relay";
import { useTranslations } from "use-intl";
import type { MergeDialogMutation } from "~/__generated__/MergeDialogMutation.graphql";
import { useChange } from "~/changes";
import { FormDialog } from "~/components/Dialog";
import { Notice } from "~/components/Feedback";
import { TextField } from "~/components/Field";

export interface Person {
  readonly id: string;
  readonly name: string;
}

interface MergeDialogProps {
  readonly from: Person;
  readonly into: Person;
  readonly onClose: () => void;
}

export default function MergeDialog({ from, into, onClose }: MergeDialogProps) {
  const t = useTranslations("panel.customer");
  const [reason, setReason] = useState("");
  const [merge, isBusy] = useChange<MergeDialogMutation>(graphql`
    mutation MergeDialogMutation($input: MergeCustomersInput!) {
      mergeCustomers(input: $input) {
        ... on MergeCustomersSuccess {
          customer {
            id
            ...Who_customer
            ...Known_customer
            ...Duplicates_customer
            ...Timeline_customer
            ...Conversations_customer
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
      title={t("mergeTitle")}
      submit={t("merge")}
      isOpen
      isBusy={isBusy}
      onSubmit={() => merge({ input: { fromId: from.id, intoId: into.id, reason: reason.trim() || null } })}
      onClose={onClose}
    >
      <Notice tone="warning">
        {t("mergeHint", { from: from.name || t("nameless"), into: into.name || t("nameless") })}
      </Notice>
      <TextField label={t("reason")} hint={t("reasonHint")} value={reason} onChange={setReason} maxLength={500} />
    </FormDialog>
  );
}
