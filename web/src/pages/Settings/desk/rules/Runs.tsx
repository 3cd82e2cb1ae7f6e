/** The log: what rules made of what happened, and which test decided it. */
import { History } from "lucide-react";
import { useState, useTransition } from "react";
import { graphql, useFragment, useLazyLoadQuery, usePaginationFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { RuleOutcome, Runs_run$key } from "~/__generated__/Runs_run.graphql";
import type { Runs_runs$key } from "~/__generated__/Runs_runs.graphql";
import type { RunsPaginationQuery } from "~/__generated__/RunsPaginationQuery.graphql";
import type { RunsQuery } from "~/__generated__/RunsQuery.graphql";
import { Ago, Badge, type Tone } from "~/components/Badge";
import { Select } from "~/components/Choice";
import { EmptyState } from "~/components/Feedback";
import { Section } from "~/components/Page";
import { ConversationLink } from "../parts/ConversationLink";
import { More } from "../parts/More";
import { actionOf, useActionInWords } from "./action";
import { type Things, useThings } from "./condition/facts";
import { Reasons } from "./condition/Reasons";
import { linesOf } from "./condition/reason";

const EVERY = "every";
const TONES: Record<RuleOutcome, Tone> = {
  APPLIED: "success",
  NOT_APPLIED: "neutral",
  LOOPED: "warning",
  BLOCKED: "danger",
};

export function Runs() {
  const t = useTranslations("automation");
  const [rule, setRule] = useState<string>(EVERY);
  const [isPending, start] = useTransition();
  const query = useLazyLoadQuery<RunsQuery>(
    graphql`
      query RunsQuery($ruleId: ID) {
        rules {
          id
          name
        }
        ...facts_query
        ...Runs_runs @arguments(ruleId: $ruleId)
      }
    `,
    { ruleId: rule === EVERY ? null : rule },
    { fetchPolicy: "store-and-network" },
  );
  const things = useThings(query);
  const choices = [{ id: EVERY, label: t("everyRule") }, ...query.rules.map(({ id, name }) => ({ id, label: name }))];
  return (
    <Section>
      <Select
        label={t("ofRule")}
        className="mb-2 max-w-72"
        value={rule}
        onChange={(id) => start(() => setRule(id))}
        choices={choices}
      />
      <div className={isPending ? "opacity-60" : undefined}>
        <Lines runs={query} things={things} />
      </div>
    </Section>
  );
}

function Lines({ runs, things }: { readonly runs: Runs_runs$key; readonly things: Things }) {
  const t = useTranslations("automation");
  const { data, hasNext, isLoadingNext, loadNext } = usePaginationFragment<RunsPaginationQuery, Runs_runs$key>(
    graphql`
      fragment Runs_runs on Query
      @argumentDefinitions(
        ruleId: { type: "ID" }
        first: { type: "Int", defaultValue: 30 }
        after: { type: "String" }
      )
      @refetchable(queryName: "RunsPaginationQuery") {
        ruleRuns(ruleId: $ruleId, first: $first, after: $after) @connection(key: "Runs_ruleRuns") {
          edges {
            node {
              id
              ...Runs_run
            }
          }
        }
      }
    `,
    runs,
  );
  const { edges } = data.ruleRuns;
  if (edges.length === 0) return <EmptyState icon={History} title={t("noRuns")} hint={t("noRunsHint")} />;
  return (
    <>
      <ul aria-label={t("log")} className="divide-y divide-line">
        {edges.map(({ node }) => (
          <Line key={node.id} run={node} things={things} />
        ))}
      </ul>
      <More hasNext={hasNext} isLoading={isLoadingNext} onMore={() => loadNext(30)} />
    </>
  );
}

function Line({ run: key, things }: { readonly run: Runs_run$key; readonly things: Things }) {
  const t = useTranslations("automation");
  const inWords = useActionInWords();
  const run = useFragment(
    graphql`
      fragment Runs_run on RuleRun {
        trigger
        outcome
        reason
        at
        rule {
          name
        }
        conversation {
          ...ConversationLink_conversation
        }
        results {
          error
          action {
            ...action_action
          }
        }
      }
    `,
    key,
  );
  return (
    <li className="flex flex-col gap-1 py-2.5">
      <div className="flex flex-wrap items-center gap-2">
        <Badge tone={TONES[run.outcome]}>{t(`outcomes.${run.outcome}`)}</Badge>
        <span className="font-medium">{run.rule?.name ?? t("goneRule")}</span>
        <ConversationLink conversation={run.conversation ?? null} />
        <span className="text-ink-faint text-xs">
          {t(`triggers.${run.trigger}`)} · <Ago at={run.at} />
        </span>
      </div>
      <Reasons lines={linesOf(run.reason)} things={things} />
      {run.results.map(({ action, error }, index) => (
        <p key={`${run.at}-${index}`} className="text-ink-muted text-xs">
          {inWords(actionOf(action))}
          {error && <span className="text-danger"> – {error}</span>}
        </p>
      ))}
    </li>
  );
}
