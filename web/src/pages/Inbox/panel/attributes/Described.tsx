/** The company's own attributes of a conversation. */
import { graphql, useFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { Described_conversation$key } from "~/__generated__/Described_conversation.graphql";
import type { Described_definitions$key } from "~/__generated__/Described_definitions.graphql";
import type { DescribedMutation } from "~/__generated__/DescribedMutation.graphql";
import { useMay } from "~/app/viewer";
import { useChange } from "~/changes";
import { Attributes } from "./Attributes";

interface DescribedProps {
  readonly conversation: Described_conversation$key;
  readonly definitions: Described_definitions$key;
}

export function Described({ conversation: key, definitions: definitionsKey }: DescribedProps) {
  const t = useTranslations("panel.attributes");
  const mayReply = useMay("REPLY_TO_CONVERSATIONS");
  const { id, triage } = useFragment(
    graphql`
      fragment Described_conversation on Conversation {
        id
        triage {
          attributes {
            key
            value
          }
        }
      }
    `,
    key,
  );
  const definitions = useFragment(
    graphql`
      fragment Described_definitions on AttributeDefinition @relay(plural: true) {
        appliesTo
        key
        label
        kind
        choices
      }
    `,
    definitionsKey,
  );
  const [change, isBusy] = useChange<DescribedMutation>(graphql`
    mutation DescribedMutation($input: SetConversationAttributesInput!) {
      setConversationAttributes(input: $input) {
        ... on SetConversationAttributesSuccess {
          conversation {
            id
            ...Described_conversation
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
      id="attributes"
      title={t("title")}
      definitions={definitions.filter((definition) => definition.appliesTo === "CONVERSATION")}
      attributes={triage?.attributes ?? []}
      mayChange={mayReply}
      isBusy={isBusy}
      onChange={(attributes) => change({ input: { conversationId: id, attributes } })}
    />
  );
}
