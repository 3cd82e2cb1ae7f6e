/** The rules in the order in which they run: moved, switched, opened, removed. */
import { Trash2, Workflow } from "lucide-react";
import { useState } from "react";
import { graphql, readInlineData, useLazyLoadQuery } from "react-relay";
import type { RecordSourceSelectorProxy } from "relay-runtime";
import { useTranslations } from "use-intl";
import type { RuleList_rule$data, RuleList_rule$key } from "~/__generated__/RuleList_rule.graphql";
import type { RuleListDeleteMutation } from "~/__generated__/RuleListDeleteMutation.graphql";
import type { RuleListMutation } from "~/__generated__/RuleListMutation.graphql";
import type { RuleListQuery } from "~/__generated__/RuleListQuery.graphql";
import { Link } from "~/app/navigation";
import { present, useChange } from "~/changes";
import { Badge } from "~/components/Badge";
import { IconButton } from "~/components/Button";
import { Switch } from "~/components/Choice";
import { ConfirmDialog } from "~/components/Dialog";
import { EmptyState } from "~/components/Feedback";
import { Section } from "~/components/Page";
import { useTellProblem } from "~/components/Toast";
import { Order } from "../parts/Order";
import { replaced } from "../parts/place";
import { actionOf, useActionInWords } from "./action";
import { placeOfRule } from "./place";

const RULE = graphql`
  fragment RuleList_rule on Rule @inline {
    id
    name
    place
    enabled
    stops
    triggers
    createdAt
    actions {
      ...action_action
    }
  }
`;

type Rule = RuleList_rule$data;

export function RuleList() {
  const t = useTranslations("automation");
  const query = useLazyLoadQuery<RuleListQuery>(
    graphql`
      query RuleListQuery {
        rules {
          ...RuleList_rule
        }
      }
    `,
    {},
    { fetchPolicy: "store-and-network" },
  );
  const change = useRuleChange();
  const rules = present(query.rules)
    .map((key) => readInlineData<RuleList_rule$key>(RULE, key))
    .sort(asTheyRun);
  const move = (keys: readonly string[]): void => {
    const placeOf = (key: string): number => rules.find(({ id }) => id === key)?.place ?? -1;
    for (const { key, place } of replaced(keys, placeOf)) change(key, { place });
  };
  return (
    <Section>
      {rules.length === 0 ? (
        <EmptyState icon={Workflow} title={t("empty")} hint={t("emptyHint")} />
      ) : (
        <Order label={t("title")} items={rules} keyOf={({ id }) => id} nameOf={({ name }) => name} onMove={move}>
          {(rule) => <Row rule={rule} onSwitch={(enabled) => change(rule.id, { enabled })} />}
        </Order>
      )}
    </Section>
  );
}

/** By place; of the same place the older one first. */
function asTheyRun(one: Rule, other: Rule): number {
  return one.place - other.place || one.createdAt.localeCompare(other.createdAt);
}

/** Change a rule's place, or whether it runs: seen at once, and taken back if it is refused. */
function useRuleChange(): (id: string, part: { place?: number; enabled?: boolean }) => void {
  const tellProblem = useTellProblem();
  const [change] = useChange<RuleListMutation>(graphql`
    mutation RuleListMutation($input: ChangeRuleInput!) {
      changeRule(input: $input) {
        ... on ChangeRuleSuccess {
          rule {
            id
            place
            enabled
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  return (id, part) => {
    const optimisticUpdater = (store: RecordSourceSelectorProxy): void => {
      for (const [name, value] of Object.entries(part)) store.get(id)?.setValue(value, name);
    };
    change({ input: { ruleId: id, ...part } }, { optimisticUpdater }).catch(tellProblem);
  };
}

function Row({ rule, onSwitch }: { readonly rule: Rule; readonly onSwitch: (enabled: boolean) => void }) {
  const t = useTranslations("automation");
  const act = useTranslations("app.act");
  const inWords = useActionInWords();
  const [isAsking, setAsking] = useState(false);
  const when = rule.triggers.map((trigger) => t(`triggers.${trigger}`)).join(", ");
  return (
    <>
      <div className="min-w-0 flex-1">
        <div className="flex items-center gap-2">
          <Link to={placeOfRule(rule.id)} className="truncate font-medium hover:underline">
            {rule.name}
          </Link>
          {rule.stops && <Badge>{t("stopsShort")}</Badge>}
        </div>
        <p className="truncate text-ink-muted text-xs">{t("summary", { when })}</p>
        <p className="truncate text-ink-faint text-xs">
          {rule.actions.map((key) => inWords(actionOf(key))).join(" · ")}
        </p>
      </div>
      <Switch isSelected={rule.enabled} onChange={onSwitch} aria-label={t("enabledName", { name: rule.name })}>
        <span className="text-ink-muted text-xs max-sm:hidden">{t(rule.enabled ? "on" : "off")}</span>
      </Switch>
      <IconButton icon={Trash2} label={act("delete")} onPress={() => setAsking(true)} />
      {isAsking && <Removal rule={rule} onClose={() => setAsking(false)} />}
    </>
  );
}

function Removal({ rule, onClose }: { readonly rule: Rule; readonly onClose: () => void }) {
  const t = useTranslations("automation");
  const act = useTranslations("app.act");
  const [remove, isBusy] = useChange<RuleListDeleteMutation>(graphql`
    mutation RuleListDeleteMutation($input: DeleteRuleInput!) {
      deleteRule(input: $input) {
        ... on DeleteRuleSuccess {
          deletedId @deleteRecord
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  return (
    <ConfirmDialog
      isOpen
      title={t("delete", { name: rule.name })}
      action={act("delete")}
      isBusy={isBusy}
      onClose={onClose}
      onConfirm={() => remove({ input: { ruleId: rule.id } })}
    >
      {t("deleteHint")}
    </ConfirmDialog>
  );
}
