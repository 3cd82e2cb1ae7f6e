/** Why a customer shall be heard no more, or again. */
import { useState } from "react";
import { graphql } from "react-relay";
import { useTranslations } from "use-intl";
import type { BlockDialogMutation } from "~/__generated__/BlockDialogMutation.graphql";
import type { BlockDialogUndoMutation } from "~/__generated__/BlockDialogUndoMutation.graphql";
import { useChange } from "~/changes";
import { FormDialog } from "~/components/Dialog";
import { TextField } from "~/components/Field";

interface BlockDialogProps {
  readonly id: string;
  readonly name: string;
  /** They are heard no more, and shall be again. */
  readonly isBlocked: boolean;
  readonly onClose: () => void;
}

export default function BlockDialog({ id, name, isBlocked, onClose }: BlockDialogProps) {
  const t = useTranslations("panel.customer");
  const [reason, setReason] = useState("");
  const [change, isBusy] = useBlocking(id, isBlocked);
  return (
    <FormDialog
      title={t(isBlocked ? "unblockTitle" : "blockTitle", { name: name || t("nameless") })}
      submit={t(isBlocked ? "unblock" : "block")}
      isOpen
      isBusy={isBusy}
      onSubmit={() => change(reason.trim())}
      onClose={onClose}
    >
      <p className="text-ink-muted">{t(isBlocked ? "unblockHint" : "blockHint")}</p>
      <TextField label={t("reason")} hint={t("reasonHint")} value={reason} onChange={setReason} maxLength={500} />
    </FormDialog>
  );
}

function useBlocking(customerId: string, isBlocked: boolean): [(reason: string) => Promise<unknown>, boolean] {
  const [block, isBlocking] = useChange<BlockDialogMutation>(graphql`
    mutation BlockDialogMutation($input: BlockCustomerInput!) {
      blockCustomer(input: $input) {
        ... on BlockCustomerSuccess {
          customer {
            id
            ...Blocking_customer
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const [unblock, isUnblocking] = useChange<BlockDialogUndoMutation>(graphql`
    mutation BlockDialogUndoMutation($input: UnblockCustomerInput!) {
      unblockCustomer(input: $input) {
        ... on UnblockCustomerSuccess {
          customer {
            id
            ...Blocking_customer
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const change = (reason: string): Promise<unknown> => {
    const variables = { input: { customerId, reason: reason || null } };
    return isBlocked ? unblock(variables) : block(variables);
  };
  return [change, isBlocking || isUnblocking];
}
