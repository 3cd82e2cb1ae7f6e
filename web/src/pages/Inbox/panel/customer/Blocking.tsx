/** Hearing a customer no more, and again. */
import { Ban, CircleCheck } from "lucide-react";
import { useState } from "react";
import { graphql, useFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { Blocking_customer$key } from "~/__generated__/Blocking_customer.graphql";
import type { BlockingMutation } from "~/__generated__/BlockingMutation.graphql";
import type { BlockingUndoMutation } from "~/__generated__/BlockingUndoMutation.graphql";
import { useChange } from "~/changes";
import { IconButton } from "~/components/Button";
import { FormDialog } from "~/components/Dialog";
import { TextField } from "~/components/Field";

export function Blocking({ customer: key }: { readonly customer: Blocking_customer$key }) {
  const t = useTranslations("panel.customer");
  const [isAsking, setAsking] = useState(false);
  const [reason, setReason] = useState("");
  const { id, name, blockedAt } = useFragment(
    graphql`
      fragment Blocking_customer on Customer {
        id
        name
        blockedAt
      }
    `,
    key,
  );
  const [change, isBusy] = useBlocking(id, Boolean(blockedAt));
  return (
    <>
      <IconButton
        icon={blockedAt ? CircleCheck : Ban}
        label={t(blockedAt ? "unblock" : "block")}
        onPress={() => setAsking(true)}
      />
      <FormDialog
        title={t(blockedAt ? "unblockTitle" : "blockTitle", { name: name || t("nameless") })}
        submit={t(blockedAt ? "unblock" : "block")}
        isOpen={isAsking}
        isBusy={isBusy}
        onSubmit={() => change(reason.trim())}
        onClose={() => setAsking(false)}
      >
        <p className="text-ink-muted">{t(blockedAt ? "unblockHint" : "blockHint")}</p>
        <TextField label={t("reason")} hint={t("reasonHint")} value={reason} onChange={setReason} maxLength={500} />
      </FormDialog>
    </>
  );
}

function useBlocking(customerId: string, isBlocked: boolean): [(reason: string) => Promise<unknown>, boolean] {
  const [block, isBlocking] = useChange<BlockingMutation>(graphql`
    mutation BlockingMutation($input: BlockCustomerInput!) {
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
  const [unblock, isUnblocking] = useChange<BlockingUndoMutation>(graphql`
    mutation BlockingUndoMutation($input: UnblockCustomerInput!) {
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
