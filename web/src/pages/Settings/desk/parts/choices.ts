/** What rules, macros and policies can name, as choices of a field. */
import { createElement } from "react";
import { graphql, useFragment } from "react-relay";
import type { choices_agents$key } from "~/__generated__/choices_agents.graphql";
import type { AttributeKind, choices_attributes$key } from "~/__generated__/choices_attributes.graphql";
import type { choices_inboxes$key } from "~/__generated__/choices_inboxes.graphql";
import type { choices_tags$key } from "~/__generated__/choices_tags.graphql";
import { Dot } from "~/components/Badge";
import type { Choice } from "~/components/Choice";

export type Choices = readonly Choice<string>[];

/** A custom attribute of conversations, and what it can hold. */
export interface Definition {
  readonly key: string;
  readonly label: string;
  readonly kind: AttributeKind;
  readonly choices: readonly string[];
}

export function useTagChoices(key: choices_tags$key): Choices {
  const { tags } = useFragment(
    graphql`
      fragment choices_tags on Query {
        tags {
          id
          name
          color
        }
      }
    `,
    key,
  );
  return tags.map(({ id, name, color }) => ({ id, label: name, mark: createElement(Dot, { color }) }));
}

export function useInboxChoices(key: choices_inboxes$key): Choices {
  const { inboxes } = useFragment(
    graphql`
      fragment choices_inboxes on Query {
        inboxes {
          id
          name
        }
      }
    `,
    key,
  );
  return inboxes.map(({ id, name }) => ({ id, label: name }));
}

export function useAgentChoices(key: choices_agents$key): Choices {
  const { agents } = useFragment(
    graphql`
      fragment choices_agents on Query {
        agents(first: 100) {
          nodes {
            id
            name
            suspendedAt
          }
        }
      }
    `,
    key,
  );
  return agents.nodes.filter((agent) => !agent.suspendedAt).map(({ id, name }) => ({ id, label: name }));
}

export function useDefinitions(key: choices_attributes$key): readonly Definition[] {
  const { attributeDefinitions } = useFragment(
    graphql`
      fragment choices_attributes on Query {
        attributeDefinitions {
          id
          appliesTo
          key
          label
          kind
          choices
        }
      }
    `,
    key,
  );
  return attributeDefinitions.filter((definition) => definition.appliesTo === "CONVERSATION");
}
