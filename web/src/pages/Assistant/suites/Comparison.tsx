/** Two runs side by side, case by case: what is better, what is worse, and whether chance explains it. */
import { graphql, useLazyLoadQuery } from "react-relay";
import { useFormatter, useTranslations } from "use-intl";
import type { ComparisonQuery, ComparisonQuery$data } from "~/__generated__/ComparisonQuery.graphql";
import { Badge, type Tone } from "~/components/Badge";
import { Dialog } from "~/components/Dialog";
import { Notice } from "~/components/Feedback";
import { Table } from "~/components/Table";

type Case = ComparisonQuery$data["compareSuiteRuns"]["cases"][number];

const TONES: Record<Case["change"], Tone> = { FIXED: "success", BROKEN: "danger", SAME: "neutral" };
const ORDER: readonly Case["change"][] = ["BROKEN", "FIXED", "SAME"];

interface ComparisonProps {
  readonly beforeId: string;
  readonly afterId: string;
  readonly onClose: () => void;
}

export function Comparison({ beforeId, afterId, onClose }: ComparisonProps) {
  const t = useTranslations("assistant.suites");
  const prompts = useTranslations("assistant.prompts");
  const format = useFormatter();
  const { compareSuiteRuns, before, after } = useLazyLoadQuery<ComparisonQuery>(
    graphql`
      query ComparisonQuery($beforeId: ID!, $afterId: ID!) {
        before: suiteRun(id: $beforeId) {
          id
          promptNumber
        }
        after: suiteRun(id: $afterId) {
          id
          promptNumber
        }
        compareSuiteRuns(beforeId: $beforeId, afterId: $afterId) {
          chance
          regressed
          difference {
            value
            low
            high
          }
          cases {
            name
            critical
            change
            rateBefore
            rateAfter
          }
        }
      }
    `,
    { beforeId, afterId },
    { fetchPolicy: "network-only" },
  );
  const { cases, difference, regressed } = compareSuiteRuns;
  const percent = (share: number): string => format.number(share, { style: "percent", maximumFractionDigits: 0 });
  const points = (share: number): string =>
    format.number(share * 100, { signDisplay: "exceptZero", maximumFractionDigits: 0 });
  const named = (number = 0): string => (number === 0 ? prompts("own") : prompts("version", { number }));
  return (
    <Dialog isOpen size="wide" title={t("compareTitle")} onClose={onClose}>
      <div className="flex flex-col gap-4">
        <Notice tone={regressed ? "danger" : "success"}>{t(regressed ? "worse" : "notWorse")}</Notice>
        {difference && (
          <p className="text-ink-muted">
            {t("difference", {
              points: points(difference.value),
              low: points(difference.low),
              high: points(difference.high),
            })}
          </p>
        )}
        <Table
          label={t("compareTitle")}
          rows={cases.toSorted((one, other) => ORDER.indexOf(one.change) - ORDER.indexOf(other.change))}
          keyOf={(row) => row.name}
          columns={[
            {
              id: "name",
              label: t("case"),
              cell: (row) => (
                <span className="flex flex-wrap items-center gap-2">
                  {row.name}
                  {row.critical && <Badge>{t("critical")}</Badge>}
                </span>
              ),
            },
            {
              id: "before",
              label: named(before?.promptNumber),
              cell: (row) => percent(row.rateBefore),
              isNumber: true,
            },
            { id: "after", label: named(after?.promptNumber), cell: (row) => percent(row.rateAfter), isNumber: true },
            {
              id: "change",
              label: t("change"),
              cell: (row) => <Badge tone={TONES[row.change]}>{t(`changes.${row.change}`)}</Badge>,
            },
          ]}
        />
      </div>
    </Dialog>
  );
}
