/** One rule, made or changed: when, if, then; and what it would have done. */
import { type ReactNode, useState } from "react";
import { graphql, readInlineData, useLazyLoadQuery } from "react-relay";
import { useTranslations } from "use-intl";
import type { RuleEditor_rule$key } from "~/__generated__/RuleEditor_rule.graphql";
import type { RuleEditorQuery, RuleTrigger } from "~/__generated__/RuleEditorQuery.graphql";
import { useNavigate } from "~/app/navigation";
import { Refusal } from "~/changes";
import { Button, ButtonLink } from "~/components/Button";
import { Switch } from "~/components/Choice";
import { Problem } from "~/components/Feedback";
import { TextField } from "~/components/Field";
import { Page, Section } from "~/components/Page";
import { tell } from "~/components/Toast";
import { last } from "../parts/place";
import { Several } from "../parts/Several";
import { ActionFields } from "./ActionFields";
import { actionOf } from "./action";
import { ConditionFields } from "./condition/ConditionFields";
import { read } from "./condition/condition";
import { useThings } from "./condition/facts";
import { DryRun } from "./DryRun";
import { type Draft, EMPTY, TRIGGERS, useSaveRule } from "./draft";
import { AUTOMATION } from "./place";

const RULE = graphql`
  fragment RuleEditor_rule on Rule @inline {
    id
    name
    triggers
    condition
    stops
    enabled
    actions {
      ...action_action
    }
  }
`;

export function RuleEditor({ id }: { readonly id: string | null }) {
  const t = useTranslations("automation");
  const query = useLazyLoadQuery<RuleEditorQuery>(
    graphql`
      query RuleEditorQuery {
        rules {
          id
          place
          triggers
          ...RuleEditor_rule
        }
        ...facts_query
      }
    `,
    {},
    { fetchPolicy: "store-or-network" },
  );
  const things = useThings(query);
  const found = query.rules.find((rule) => rule.id === id);
  const [draft, setDraft] = useState<Draft>(() => (found ? draftOf(found) : EMPTY));
  const set = (part: Partial<Draft>): void => setDraft({ ...draft, ...part });
  const { submit, isBusy, problem } = useSubmit(found?.id ?? null, last(query.rules.map(({ place }) => place)));
  const refusal = problem instanceof Refusal ? problem : null;
  const triggers = TRIGGERS.map((trigger) => ({ id: trigger, label: t(`triggers.${trigger}`) }));
  const isReady = draft.name.trim() !== "" && draft.triggers.length > 0 && draft.actions.length > 0;
  const buttons = (
    <>
      <ButtonLink to={AUTOMATION}>{t("cancel")}</ButtonLink>
      <Button look="primary" isBusy={isBusy} isDisabled={!isReady} onPress={() => submit(draft)}>
        {t(found ? "save" : "createRule")}
      </Button>
    </>
  );
  return (
    <Page title={found ? draft.name || t("change") : t("create")} actions={buttons}>
      <Problem of={problem} />
      <Section>
        <div className="flex flex-col gap-3">
          <TextField label={t("name")} value={draft.name} onChange={(name) => set({ name })} maxLength={100} />
          <div className="flex flex-wrap gap-x-6 gap-y-2">
            <Switch isSelected={draft.enabled} onChange={(enabled) => set({ enabled })}>
              {t("enabled")}
            </Switch>
            <Switch isSelected={draft.stops} onChange={(stops) => set({ stops })}>
              {t("stops")}
            </Switch>
          </div>
        </div>
      </Section>
      <Step title={t("when")} refusal={refusal} path="input.triggers">
        <Several<RuleTrigger>
          label={t("when")}
          isLabelHidden
          placeholder={t("chooseTriggers")}
          choices={triggers}
          value={draft.triggers}
          onChange={(chosen) => set({ triggers: chosen })}
        />
      </Step>
      <Step title={t("ifSo")} refusal={refusal} path="input.condition">
        <ConditionFields whole={draft.condition} onChange={(condition) => set({ condition })} facts={things.facts} />
      </Step>
      <Step title={t("thenDo")} refusal={refusal} path="input.actions">
        <ActionFields actions={draft.actions} onChange={(actions) => set({ actions })} things={things} />
      </Step>
      <DryRun draft={draft} things={things} />
    </Page>
  );
}

function draftOf(key: RuleEditor_rule$key): Draft {
  const rule = readInlineData<RuleEditor_rule$key>(RULE, key);
  return { ...rule, condition: read(rule.condition), actions: rule.actions.map((action) => actionOf(action)) };
}

function useSubmit(id: string | null, place: number) {
  const t = useTranslations("automation");
  const navigate = useNavigate();
  const [problem, setProblem] = useState<unknown>(null);
  const [save, isBusy] = useSaveRule(id, place);
  const done = (): void => {
    tell(t("saved"));
    navigate(AUTOMATION);
  };
  const submit = (draft: Draft): void => {
    setProblem(null);
    save(draft).then(done, setProblem);
  };
  return { submit, isBusy, problem };
}

interface StepProps {
  readonly title: string;
  readonly refusal: Refusal | null;
  /** What the server calls this part of the rule. */
  readonly path: string;
  readonly children: ReactNode;
}

/** One part of a rule, with what is wrong in it. */
function Step({ title, refusal, path, children }: StepProps) {
  const wrong = refusal?.fields.filter((field) => field.path.startsWith(path)) ?? [];
  return (
    <Section title={title}>
      {children}
      {wrong.map((field) => (
        <p key={field.path} className="mt-2 text-danger text-xs">
          {field.message}
        </p>
      ))}
    </Section>
  );
}
