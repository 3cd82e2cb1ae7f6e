/** A rule tried on what has been: what it would have done at each event, and why. Nothing is done. */
import { Play } from "lucide-react";
import { useState } from "react";
import { fetchQuery, graphql, readInlineData, useRelayEnvironment } from "react-relay";
import { useTranslations } from "use-intl";
import type { DryRun_rehearsal$data, DryRun_rehearsal$key } from "~/__generated__/DryRun_rehearsal.graphql";
import type { DryRunQuery } from "~/__generated__/DryRunQuery.graphql";
import { Ago, Badge } from "~/components/Badge";
import { Button } from "~/components/Button";
import { Select, Switch } from "~/components/Choice";
import { Problem } from "~/components/Feedback";
import { Section } from "~/components/Page";
import { ConversationLink } from "../parts/ConversationLink";
import { actionOf, useActionInWords } from "./action";
import type { Things } from "./condition/facts";
import { Reasons } from "./condition/Reasons";
import { type Draft, recipeOf } from "./draft";

type Rehearsal = DryRun_rehearsal$data;

const DAYS = ["1", "7", "30", "90"] as const;
const A_DAY = 86_400_000;

interface DryRunProps {
  readonly draft: Draft;
  readonly things: Things;
}

export function DryRun({ draft, things }: DryRunProps) {
  const t = useTranslations("automation");
  const [days, setDays] = useState<(typeof DAYS)[number]>("7");
  const { run, isBusy, problem, found } = useRehearsal();
  const isReady = draft.triggers.length > 0 && draft.actions.length > 0;
  return (
    <Section title={t("dryRun")} about={t("dryRunHint")}>
      <div className="flex flex-col gap-3">
        <div className="flex flex-wrap items-end gap-2">
          <Select
            label={t("since")}
            value={days}
            onChange={setDays}
            choices={DAYS.map((id) => ({ id, label: t("days", { days: Number(id) }) }))}
          />
          <Button icon={Play} isBusy={isBusy} isDisabled={!isReady} onPress={() => run(draft, Number(days))}>
            {t("try")}
          </Button>
        </div>
        <Problem of={problem} />
        {found && <Found rehearsals={found} things={things} />}
      </div>
    </Section>
  );
}

function useRehearsal() {
  const environment = useRelayEnvironment();
  const [found, setFound] = useState<readonly Rehearsal[] | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const run = (draft: Draft, days: number): void => {
    const since = new Date(Date.now() - days * A_DAY + 60_000).toISOString();
    setBusy(true);
    setProblem(null);
    fetchQuery<DryRunQuery>(
      environment,
      graphql`
        query DryRunQuery($input: DryRunRuleInput!) {
          dryRunRule(input: $input) {
            ...DryRun_rehearsal
          }
        }
      `,
      { input: { ...recipeOf(draft), since, most: 100 } },
    )
      .toPromise()
      .then((answer) => setFound(answer?.dryRunRule.map(rehearsalOf) ?? []), setProblem)
      .finally(() => setBusy(false));
  };
  return { run, isBusy, problem, found };
}

function rehearsalOf(key: DryRun_rehearsal$key): Rehearsal {
  return readInlineData<DryRun_rehearsal$key>(
    graphql`
      fragment DryRun_rehearsal on RuleRehearsal @inline {
        trigger
        at
        applies
        reasons
        actions {
          ...action_action
        }
        conversation {
          ...ConversationLink_conversation
        }
      }
    `,
    key,
  );
}

function Found({ rehearsals, things }: { readonly rehearsals: readonly Rehearsal[]; readonly things: Things }) {
  const t = useTranslations("automation");
  const [isAll, setAll] = useState(false);
  const applied = rehearsals.filter(({ applies }) => applies);
  const shown = isAll ? rehearsals : applied;
  return (
    <>
      <div role="status" className="flex flex-wrap items-center justify-between gap-2">
        <p className="font-medium">{t("would", { applied: applied.length, all: rehearsals.length })}</p>
        {rehearsals.length > applied.length && (
          <Switch isSelected={isAll} onChange={setAll}>
            {t("showAll")}
          </Switch>
        )}
      </div>
      <ul aria-label={t("dryRun")} className="divide-y divide-line">
        {shown.map((rehearsal, index) => (
          <Line key={`${rehearsal.at}-${index}`} rehearsal={rehearsal} things={things} />
        ))}
      </ul>
    </>
  );
}

function Line({ rehearsal, things }: { readonly rehearsal: Rehearsal; readonly things: Things }) {
  const t = useTranslations("automation");
  const inWords = useActionInWords();
  return (
    <li className="flex flex-col gap-1 py-2.5">
      <div className="flex flex-wrap items-center gap-2">
        <Badge tone={rehearsal.applies ? "success" : "neutral"}>
          {t(rehearsal.applies ? "applies" : "appliesNot")}
        </Badge>
        <ConversationLink conversation={rehearsal.conversation ?? null} />
        <span className="text-ink-faint text-xs">
          {t(`triggers.${rehearsal.trigger}`)} · <Ago at={rehearsal.at} />
        </span>
      </div>
      <Reasons lines={rehearsal.reasons} things={things} />
      {rehearsal.applies && (
        <p className="text-ink-muted text-xs">{rehearsal.actions.map((key) => inWords(actionOf(key))).join(" · ")}</p>
      )}
    </li>
  );
}
