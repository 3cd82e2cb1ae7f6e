/** The company's own attributes of a customer. */
import { graphql, useFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { Known_customer$key } from "~/__generated__/Known_customer.graphql";
import type { Known_definitions$key } from "~/__generated__/Known_definitions.graphql";
import type { KnownMutation } from "~/__generated__/KnownMutation.graphql";
import { useMay } from "~/app/viewer";
import { useChange } from "~/changes";
import { Attributes } from "../attributes/Attributes";

interface KnownProps {
  readonly customer: Known_customer$key;
  readonly definitions: Known_definitions$key;
}

export function Known({ customer: key, definitions: definitionsKey }: KnownProps) {
  const t = useTranslations("panel.customer");
  const mayWrite = useMay("WRITE_CUSTOMERS");
  const { id, attributes } = useFragment(
    graphql`
      fragment Known_customer on Customer {
        id
        attributes {
          key
          value
        }
      }
    `,
    key,
  );
  const definitions = useFragment(
    graphql`
      fragment Known_definitions on AttributeDefinition @relay(plural: true) {
        appliesTo
        key
        label
        kind
        choices
      }
    `,
    definitionsKey,
  );
  const [change, isBusy] = useChange<KnownMutation>(graphql`
    mutation KnownMutation($input: SetCustomerAttributesInput!) {
      setCustomerAttributes(input: $input) {
        ... on SetCustomerAttributesSuccess {
          customer {
            id
            ...Known_customer
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
  return (
    <Attributes
      id="known"
      title={t("attributes")}
      definitions={definitions.filter((definition) => definition.appliesTo === "CUSTOMER")}
      attributes={attributes}
      mayChange={mayWrite}
      isBusy={isBusy}
      onChange={(changed) => change({ input: { customerId: id, attributes: changed } })}
    />
  );
}
