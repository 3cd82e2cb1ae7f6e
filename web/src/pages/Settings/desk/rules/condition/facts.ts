/** What conditions can be about: what each fact is called, which operators it takes, and what can be chosen. */
import { graphql, useFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { facts_query$key } from "~/__generated__/facts_query.graphql";
import type { Choice } from "~/components/Choice";
import {
  type Choices,
  type Definition,
  useAgentChoices,
  useDefinitions,
  useInboxChoices,
  useTagChoices,
} from "../../parts/choices";

export interface Fact {
  readonly name: string;
  readonly label: string;
  /** What its values are entered as. */
  readonly entry: "words" | "number" | "flag" | "options";
  readonly operators: readonly string[];
  readonly options: readonly Choice<string>[];
}

export interface Things {
  readonly facts: readonly Fact[];
  readonly tags: Choices;
  readonly agents: Choices;
  readonly inboxes: Choices;
  readonly definitions: readonly Definition[];
}

const ATTRIBUTE = "conversation.attribute.";
const ENTRIES = {
  TEXT: "words",
  NUMBER: "number",
  FLAG: "flag",
  CHOICE: "options",
  ID: "options",
  IDS: "options",
  ATTRIBUTE: "words",
} as const;
/** What each kind of attribute is entered as, and which operators make sense of it. */
const ATTRIBUTES: Record<Definition["kind"], readonly [Fact["entry"], readonly string[]]> = {
  TEXT: ["words", ["is", "contains", "exists"]],
  DATE: ["words", ["is", "exists"]],
  NUMBER: ["number", ["is", "above", "below", "exists"]],
  BOOLEAN: ["flag", ["is", "exists"]],
  CHOICE: ["options", ["is", "exists"]],
  CHOICES: ["options", ["contains", "exists"]],
};

/** Everything that a rule can name. */
export function useThings(key: facts_query$key): Things {
  const query = useFragment(
    graphql`
      fragment facts_query on Query {
        ruleFacts {
          name
          kind
          operators
          choices
        }
        ...choices_tags
        ...choices_agents
        ...choices_inboxes
        ...choices_attributes
      }
    `,
    key,
  );
  const tags = useTagChoices(query);
  const agents = useAgentChoices(query);
  const inboxes = useInboxChoices(query);
  const definitions = useDefinitions(query);
  const named: Record<string, Choices> = {
    "conversation.tags": tags,
    "conversation.assignee": agents,
    "conversation.inbox": inboxes,
  };
  const words = useFactWords();
  const facts = query.ruleFacts.map(
    ({ name, kind, operators, choices }): Fact => ({
      name,
      label: words.fact(name),
      entry: ENTRIES[kind],
      operators,
      options: named[name] ?? choices.map((id) => ({ id, label: words.choice(name, id) })),
    }),
  );
  return { facts: [...facts, ...definitions.map(attributeFact)], tags, agents, inboxes, definitions };
}

function attributeFact({ key, label, kind, choices }: Definition): Fact {
  const [entry, operators] = ATTRIBUTES[kind];
  return { name: `${ATTRIBUTE}${key}`, label, entry, operators, options: choices.map((id) => ({ id, label: id })) };
}

/** Names of facts and of what can be chosen; a new one of the server's has the name that it has there. */
export function useFactWords(): { fact: (name: string) => string; choice: (fact: string, id: string) => string } {
  const t = useTranslations("automation");
  const said = (path: string, otherwise: string): string => (t.has(path as "title") ? t(path as "title") : otherwise);
  return {
    fact: (name) => said(`facts.${name.replace(".", "_")}`, name.replace(ATTRIBUTE, "")),
    choice: (fact, id) => said(`choices.${fact.replace(".", "_")}.${id}`, id),
  };
}
