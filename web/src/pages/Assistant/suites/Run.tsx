/** One run: live while it goes on, then how sure its rate is and which cases failed. */
import { useMemo, useState } from "react";
import { graphql, useFragment, useSubscription } from "react-relay";
import { useFormatter, useTranslations } from "use-intl";
import type { Run_run$data, Run_run$key } from "~/__generated__/Run_run.graphql";
import type { RunCancelMutation } from "~/__generated__/RunCancelMutation.graphql";
import type { RunSubscription } from "~/__generated__/RunSubscription.graphql";
import { useMay } from "~/app/viewer";
import { useChange } from "~/changes";
import { Ago, Badge } from "~/components/Badge";
import { Button } from "~/components/Button";
import { useTellProblem } from "~/components/Toast";
import { Progress } from "./Progress";
import { Results } from "./Results";

export function Run({ run: key }: { readonly run: Run_run$key }) {
  const t = useTranslations("assistant.suites");
  const prompts = useTranslations("assistant.prompts");
  const [isOpen, setOpen] = useState(false);
  const run = useFragment(
    graphql`
      fragment Run_run on SuiteRun {
        id
        state
        promptNumber
        model
        trialsPerCase
        total
        done
        passed
        createdAt
        cursor
        passRates {
          k
          rate {
            value
            low
            high
          }
        }
      }
    `,
    key,
  );
  const isRunning = run.state === "RUNNING";
  return (
    <div className="min-w-0 flex-1">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <span className="font-medium">
          {run.promptNumber === 0 ? prompts("own") : prompts("version", { number: run.promptNumber })}
        </span>
        <Verdict run={run} />
        {run.model && <span className="text-ink-muted text-xs">{run.model}</span>}
        <Ago at={run.createdAt} className="ms-auto text-ink-muted text-xs" />
      </p>
      {isRunning ? (
        <Live id={run.id} cursor={run.cursor} done={run.done} total={run.total} />
      ) : (
        <p className="mt-1 flex flex-wrap items-center gap-3 text-ink-muted text-xs">
          <Rate run={run} />
          <Button look="quiet" size="small" aria-expanded={isOpen} onPress={() => setOpen(!isOpen)}>
            {t(isOpen ? "hide" : "results")}
          </Button>
        </p>
      )}
      {isOpen && !isRunning && <Results id={run.id} />}
    </div>
  );
}

function Verdict({ run }: { readonly run: Run_run$data }) {
  const t = useTranslations("assistant.suites");
  if (run.state !== "FINISHED") return <Badge>{t(`states.${run.state}`)}</Badge>;
  const failed = run.total - run.passed;
  return (
    <Badge tone={failed === 0 ? "success" : "danger"}>{failed === 0 ? t("allPassed") : t("failed", { failed })}</Badge>
  );
}

/** How often a case passes, with where the true rate lies in 95 % of cases. */
function Rate({ run }: { readonly run: Run_run$data }) {
  const t = useTranslations("assistant.suites");
  const format = useFormatter();
  const first = run.passRates.find((one) => one.k === 1)?.rate;
  const last = run.passRates.at(-1);
  const percent = (share: number): string => format.number(share, { style: "percent", maximumFractionDigits: 0 });
  if (!first) return <span>{t("passed", { passed: run.passed, done: run.done })}</span>;
  return (
    <span className="flex flex-wrap gap-x-3">
      <span>{t("rate", { rate: percent(first.value), low: percent(first.low), high: percent(first.high) })}</span>
      {last && last.k > 1 && <span>{t("rateOfAll", { k: last.k, rate: percent(last.rate.value) })}</span>}
    </span>
  );
}

interface LiveProps {
  readonly id: string;
  readonly cursor: string;
  readonly done: number;
  readonly total: number;
}

/** How far a run is, as it goes on; the store takes what each event says of it. */
function Live({ id, cursor, done, total }: LiveProps) {
  const t = useTranslations("assistant.suites");
  const mayManage = useMay("MANAGE_ASSISTANT");
  const tellProblem = useTellProblem();
  const [begun] = useState(cursor);
  const config = useMemo(
    () => ({
      subscription: graphql`
        subscription RunSubscription($id: ID!, $after: String) {
          suiteRunChanged(id: $id, after: $after) {
            __typename
            ... on SuiteRunEvent {
              cursor
              run {
                ...Run_run
              }
            }
            ... on ResyncRequired {
              cursor
            }
          }
        }
      `,
      variables: { id, after: begun },
    }),
    [id, begun],
  );
  useSubscription<RunSubscription>(config);
  const [cancel, isBusy] = useChange<RunCancelMutation>(graphql`
    mutation RunCancelMutation($input: CancelSuiteRunInput!) {
      cancelSuiteRun(input: $input) {
        ... on CancelSuiteRunSuccess {
          suiteRun {
            ...Run_run
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
    <div className="mt-2 flex items-center gap-3">
      <Progress label={t("progress")} value={done} most={total} />
      {mayManage && (
        <Button
          size="small"
          isBusy={isBusy}
          onPress={() => void cancel({ input: { suiteRunId: id } }).catch(tellProblem)}
        >
          {t("cancel")}
        </Button>
      )}
    </div>
  );
}
