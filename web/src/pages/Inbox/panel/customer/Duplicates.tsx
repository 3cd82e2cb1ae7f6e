/** Others who may be the same person, and making two one. */
import { Merge } from "lucide-react";
import { useState } from "react";
import { graphql, useFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { Duplicates_customer$key } from "~/__generated__/Duplicates_customer.graphql";
import type { DuplicatesMutation } from "~/__generated__/DuplicatesMutation.graphql";
import { Link } from "~/app/navigation";
import { useMay } from "~/app/viewer";
import { useChange } from "~/changes";
import { Avatar } from "~/components/Badge";
import { Button } from "~/components/Button";
import { FormDialog } from "~/components/Dialog";
import { Notice } from "~/components/Feedback";
import { TextField } from "~/components/Field";
import { List, ListItem } from "~/components/Table";
import { Part } from "../Part";

interface Person {
  readonly id: string;
  readonly name: string;
}

export function Duplicates({ customer: key }: { readonly customer: Duplicates_customer$key }) {
  const t = useTranslations("panel.customer");
  const mayWrite = useMay("WRITE_CUSTOMERS");
  const [other, setOther] = useState<Person | null>(null);
  const customer = useFragment(
    graphql`
      fragment Duplicates_customer on Customer {
        id
        name
        duplicates {
          id
          name
          email
          phone
        }
      }
    `,
    key,
  );
  if (customer.duplicates.length === 0) return null;
  return (
    <Part id="duplicates" title={t("duplicates")}>
      <p className="text-ink-muted">{t("duplicatesHint")}</p>
      <List label={t("duplicates")}>
        {customer.duplicates.map((one) => (
          <ListItem
            key={one.id}
            mark={<Avatar name={one.name} />}
            title={
              <Link to={`/customers/${encodeURIComponent(one.id)}`} className="hover:underline">
                {one.name || t("nameless")}
              </Link>
            }
            detail={one.email ?? one.phone}
            actions={
              mayWrite && (
                <Button icon={Merge} onPress={() => setOther(one)}>
                  {t("merge")}
                </Button>
              )
            }
          />
        ))}
      </List>
      {other && <MergeDialog from={other} into={customer} onClose={() => setOther(null)} />}
    </Part>
  );
}

interface MergeDialogProps {
  readonly from: Person;
  readonly into: Person;
  readonly onClose: () => void;
}

/** Asks once more: it is for good. */
function MergeDialog({ from, into, onClose }: MergeDialogProps) {
  const t = useTranslations("panel.customer");
  const [reason, setReason] = useState("");
  const [merge, isBusy] = useChange<DuplicatesMutation>(graphql`
    mutation DuplicatesMutation($input: MergeCustomersInput!) {
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
