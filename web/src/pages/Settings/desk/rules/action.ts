/** What rules do: as the editor holds it, as the API takes it, and in words. */
import { graphql, readInlineData } from "react-relay";
import { useTranslations } from "use-intl";
import type { action_action$key, Priority, RuleActionKind } from "~/__generated__/action_action.graphql";
import type { RuleActionInput } from "~/__generated__/draftCreateMutation.graphql";
import { asValue, useShown, type Value } from "../parts/AttributeValue";
import { newId } from "./condition/condition";

export interface Action {
  readonly id: string;
  readonly kind: RuleActionKind;
  readonly priority: Priority | null;
  readonly tags: readonly string[];
  readonly tagNames: readonly string[];
  readonly attribute: string | null;
  readonly value: Value | null;
  readonly agent: string | null;
  readonly agentName: string | null;
  readonly text: string;
  readonly minutes: number | null;
}

export const KINDS: readonly RuleActionKind[] = [
  "SET_PRIORITY",
  "ADD_TAGS",
  "REMOVE_TAGS",
  "SET_ATTRIBUTE",
  "ASSIGN",
  "SEND_MESSAGE",
  "ADD_NOTE",
  "SNOOZE",
  "WAKE",
  "RESOLVE",
  "HAND_OVER",
  "MARK_AS_SPAM",
];

export function newAction(kind: RuleActionKind): Action {
  return {
    id: newId(),
    kind,
    priority: kind === "SET_PRIORITY" ? "HIGH" : null,
    tags: [],
    tagNames: [],
    attribute: null,
    value: null,
    agent: null,
    agentName: null,
    text: "",
    minutes: null,
  };
}

export function actionOf(key: action_action$key): Action {
  const action = readInlineData<action_action$key>(
    graphql`
      fragment action_action on RuleAction @inline {
        kind
        priority
        tags {
          id
          name
        }
        attribute
        value
        agent {
          id
          name
        }
        text
        minutes
      }
    `,
    key,
  );
  const tags = action.tags.filter((tag) => tag != null);
  return {
    id: newId(),
    kind: action.kind,
    priority: action.priority ?? null,
    tags: tags.map((tag) => tag.id),
    tagNames: tags.map((tag) => tag.name),
    attribute: action.attribute ?? null,
    value: asValue(action.value),
    agent: action.agent?.id ?? null,
    agentName: action.agent?.name ?? null,
    text: action.text ?? "",
    minutes: action.minutes ?? null,
  };
}

/** Only what its kind is to be told. */
export function inputOf(action: Action): RuleActionInput {
  const { kind } = action;
  switch (kind) {
    case "SET_PRIORITY":
      return { kind, priority: action.priority };
    case "ADD_TAGS":
    case "REMOVE_TAGS":
      return { kind, tagIds: action.tags };
    case "SET_ATTRIBUTE":
      return { kind, attribute: action.attribute, value: action.value };
    case "ASSIGN":
      return { kind, agentId: action.agent };
    case "SEND_MESSAGE":
    case "ADD_NOTE":
      return { kind, text: action.text };
    case "SNOOZE":
      return { kind, minutes: action.minutes };
    default:
      return { kind };
  }
}

/** One phrase for one action. */
export function useActionInWords(): (action: Action) => string {
  const t = useTranslations("automation.does");
  const priorities = useTranslations("desk.priority");
  const shown = useShown();
  return ({ kind, priority, tagNames, attribute, value, agentName, text, minutes }) => {
    switch (kind) {
      case "SET_PRIORITY":
        return t(kind, { priority: priority ? priorities(priority) : "–" });
      case "ADD_TAGS":
      case "REMOVE_TAGS":
        return t(kind, { tags: tagNames.join(", ") || "–" });
      case "SET_ATTRIBUTE":
        return t(kind, { key: attribute ?? "–", value: shown(value) });
      case "ASSIGN":
        return t(kind, { agent: agentName ?? "–" });
      case "SEND_MESSAGE":
      case "ADD_NOTE":
        return t(kind, { text });
      case "SNOOZE":
        return minutes === null ? t("SNOOZE_UNTIL_REPLY") : t(kind, { minutes });
      default:
        return t(kind);
    }
  };
}
