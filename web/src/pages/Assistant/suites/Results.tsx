/** What came of each case of a run: those that failed first, with what was wrong. */
import { Check, X } from "lucide-react";
import { Suspense } from "react";
import { graphql, useLazyLoadQuery } from "react-relay";
import { useTranslations } from "use-intl";
import type { ResultsQuery } from "~/__generated__/ResultsQuery.graphql";
import { Badge } from "~/components/Badge";
import { Skeleton } from "~/components/Feedback";

export function Results({ id }: { readonly id: string }) {
  return (
    <Suspense fallback={<Skeleton className="mt-3" lines={3} />}>
      <Loaded id={id} />
    </Suspense>
  );
}

function Loaded({ id }: { readonly id: string }) {
  const t = useTranslations("assistant.suites");
  const { suiteRun } = useLazyLoadQuery<ResultsQuery>(
    graphql`
      query ResultsQuery($id: ID!) {
        suiteRun(id: $id) {
          id
          results {
            name
            critical
            passed
            trials
            failures
          }
        }
      }
    `,
    { id },
    { fetchPolicy: "store-or-network" },
  );
  const results = (suiteRun?.results ?? []).toSorted(
    (one, other) => one.passed / one.trials - other.passed / other.trials,
  );
  return (
    <ul aria-label={t("results")} className="mt-3 flex flex-col gap-2 rounded-md bg-sunken p-3">
      {results.map((result, at) => {
        const isWhole = result.passed === result.trials;
        const Mark = isWhole ? Check : X;
        return (
          <li key={at} className="flex items-start gap-2 text-sm">
            <Mark size={16} aria-hidden className={isWhole ? "mt-0.5 text-success" : "mt-0.5 text-danger"} />
            <div className="min-w-0 flex-1">
              <span className="flex flex-wrap items-center gap-2">
                {result.name}
                {result.critical && <Badge>{t("critical")}</Badge>}
              </span>
              {result.failures.map((failure) => (
                <span key={failure} className="block text-ink-muted text-xs">
                  {failure}
                </span>
              ))}
            </div>
            <span className="text-ink-muted text-xs tabular-nums">
              {t("passed", { passed: result.passed, done: result.trials })}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
