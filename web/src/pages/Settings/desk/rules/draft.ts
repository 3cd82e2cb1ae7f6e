/** A rule while it is edited, and how it is kept. */
import { graphql } from "react-relay";
import type { draftChangeMutation } from "~/__generated__/draftChangeMutation.graphql";
import type { draftCreateMutation, RuleTrigger } from "~/__generated__/draftCreateMutation.graphql";
import { useChange } from "~/changes";
import { added } from "../parts/added";
import { type Action, inputOf } from "./action";
import { type Group, group, written } from "./condition/condition";

export const TRIGGERS = [
  "CONVERSATION_STARTED",
  "CUSTOMER_WROTE",
  "AGENT_WROTE",
  "ASSISTANT_ANSWERED",
  "HANDED_OVER",
  "TAKEN_OVER",
  "RESOLVED",
  "REOPENED",
  "ANSWER_RATED",
  "PRIORITY_CHANGED",
  "TAGS_CHANGED",
  "ATTRIBUTES_CHANGED",
  "SNOOZED",
  "WOKEN",
  "NOTE_ADDED",
  "LEVEL_WARNED",
  "LEVEL_BREACHED",
  "SURVEY_ANSWERED",
] as const satisfies readonly RuleTrigger[];

export interface Draft {
  readonly name: string;
  readonly triggers: readonly RuleTrigger[];
  readonly condition: Group;
  readonly actions: readonly Action[];
  readonly stops: boolean;
  readonly enabled: boolean;
}

export const EMPTY: Draft = {
  name: "",
  triggers: ["CUSTOMER_WROTE"],
  condition: group(),
  actions: [],
  stops: false,
  enabled: true,
};

/** When, if and then, as the API takes them. */
export function recipeOf({ triggers, condition, actions }: Draft) {
  return { triggers, condition: written(condition), actions: actions.map(inputOf) };
}

/** Make a rule at a place, or change the one of this id where it is. */
export function useSaveRule(id: string | null, place: number): [(draft: Draft) => Promise<unknown>, boolean] {
  const [create, isCreating] = useChange<draftCreateMutation>(graphql`
    mutation draftCreateMutation($input: CreateRuleInput!) {
      createRule(input: $input) {
        ... on CreateRuleSuccess {
          rule {
            id
            ...RuleList_rule
            ...RuleEditor_rule
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
  const [change, isChanging] = useChange<draftChangeMutation>(graphql`
    mutation draftChangeMutation($input: ChangeRuleInput!) {
      changeRule(input: $input) {
        ... on ChangeRuleSuccess {
          rule {
            id
            ...RuleList_rule
            ...RuleEditor_rule
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
  const save = (draft: Draft): Promise<unknown> => {
    const { name, stops, enabled } = draft;
    const input = { ...recipeOf(draft), name, stops, enabled };
    if (id) return change({ input: { ruleId: id, ...input } });
    return create({ input: { ...input, place } }, { updater: added("createRule", "rule", "rules") });
  };
  return [save, isCreating || isChanging];
}
