/** What is known of a customer, in fields. */
import { useState } from "react";
import { graphql, useFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { WhoDialog_customer$key } from "~/__generated__/WhoDialog_customer.graphql";
import type { WhoDialogMutation } from "~/__generated__/WhoDialogMutation.graphql";
import { Refusal, useChange } from "~/changes";
import { FormDialog } from "~/components/Dialog";
import { TextField } from "~/components/Field";

const FIELDS = ["name", "email", "phone", "language", "zone"] as const;
type Fields = Record<(typeof FIELDS)[number], string>;
const KINDS = { name: "text", email: "email", phone: "tel", language: "text", zone: "text" } as const;

interface WhoDialogProps {
  readonly customer: WhoDialog_customer$key;
  readonly onClose: () => void;
}

export default function WhoDialog({ customer: key, onClose }: WhoDialogProps) {
  const t = useTranslations("panel.customer");
  const customer = useFragment(
    graphql`
      fragment WhoDialog_customer on Customer {
        id
        name
        email
        phone
        language
        zone
      }
    `,
    key,
  );
  const before: Fields = {
    name: customer.name,
    email: customer.email ?? "",
    phone: customer.phone ?? "",
    language: customer.language ?? "",
    zone: customer.zone ?? "",
  };
  const [fields, setFields] = useState(before);
  const [refusal, setRefusal] = useState<Refusal>();
  const [update, isBusy] = useChange<WhoDialogMutation>(graphql`
    mutation WhoDialogMutation($input: UpdateCustomerInput!) {
      updateCustomer(input: $input) {
        ... on UpdateCustomerSuccess {
          customer {
            id
            duplicates {
              id
            }
            ...Who_customer
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
  const submit = async (): Promise<void> => {
    setRefusal(undefined);
    const changed = FIELDS.filter((field) => fields[field].trim() !== before[field]);
    const values = Object.fromEntries(changed.map((field) => [field, fields[field].trim()]));
    if (changed.length === 0) return;
    await update({ input: { customerId: customer.id, ...values } }).catch((error: unknown) => {
      if (error instanceof Refusal) setRefusal(error);
      throw error;
    });
  };
  return (
    <FormDialog
      title={t("editTitle")}
      isOpen
      isBusy={isBusy}
      isDisabled={before.name !== "" && fields.name.trim() === ""}
      onSubmit={submit}
      onClose={onClose}
    >
      {FIELDS.map((field) => (
        <TextField
          key={field}
          type={KINDS[field]}
          label={t(field)}
          hint={field === "name" ? undefined : t(`${field}Hint`)}
          value={fields[field]}
          problem={refusal?.of(field)}
          onChange={(value) => setFields({ ...fields, [field]: value })}
        />
      ))}
    </FormDialog>
  );
}
