/** What a macro does beside its text: as the editor holds it, as the API takes it, and in words. */
import { graphql, readInlineData } from "react-relay";
import { useTranslations } from "use-intl";
import type { effects_actions$key, MacroHandling, Priority } from "~/__generated__/effects_actions.graphql";
import type { MacroActionsInput } from "~/__generated__/MacroDialogCreateMutation.graphql";
import { asValue, type Value } from "../parts/AttributeValue";

export interface Effects {
  readonly priority: Priority | null;
  readonly tags: readonly string[];
  readonly tagNames: readonly string[];
  readonly attributes: readonly { readonly key: string; readonly value: Value | null }[];
  readonly handling: MacroHandling | null;
  /** For how many minutes it is out of sight; `reply` is until the customer writes. */
  readonly snooze: number | "reply" | null;
  readonly resolve: boolean;
}

export const NOTHING: Effects = {
  priority: null,
  tags: [],
  tagNames: [],
  attributes: [],
  handling: null,
  snooze: null,
  resolve: false,
};

export function effectsOf(key: effects_actions$key): Effects {
  const actions = readInlineData<effects_actions$key>(
    graphql`
      fragment effects_actions on MacroActions @inline {
        priority
        addedTags {
          id
          name
        }
        attributes {
          key
          value
        }
        handling
        snoozeMinutes
        snoozeUntilReply
        resolve
      }
    `,
    key,
  );
  const tags = actions.addedTags.filter((tag) => tag != null);
  return {
    priority: actions.priority ?? null,
    tags: tags.map((tag) => tag.id),
    tagNames: tags.map((tag) => tag.name),
    attributes: actions.attributes.map(({ key, value }) => ({ key, value: asValue(value) })),
    handling: actions.handling ?? null,
    snooze: actions.snoozeUntilReply ? "reply" : (actions.snoozeMinutes ?? null),
    resolve: actions.resolve,
  };
}

export function inputOf({ priority, tags, attributes, handling, snooze, resolve }: Effects): MacroActionsInput {
  return {
    priority,
    addTagIds: tags,
    attributes: attributes.filter(({ value }) => value !== null),
    handling,
    snoozeMinutes: typeof snooze === "number" ? snooze : null,
    snoozeUntilReply: snooze === "reply",
    resolve,
  };
}

/** One phrase for each thing that is done. */
export function useEffectsInWords(): (effects: Effects) => readonly string[] {
  const t = useTranslations("desk.macros.does");
  const priorities = useTranslations("desk.priority");
  return ({ priority, tagNames, attributes, handling, snooze, resolve }) =>
    [
      handling && t(handling),
      priority && t("priority", { priority: priorities(priority) }),
      tagNames.length > 0 && t("tags", { tags: tagNames.join(", ") }),
      attributes.length > 0 && t("attributes", { keys: attributes.map(({ key }) => key).join(", ") }),
      snooze === "reply" && t("snoozeUntilReply"),
      typeof snooze === "number" && t("snooze", { minutes: snooze }),
      resolve && t("resolve"),
    ].filter((words) => typeof words === "string");
}
