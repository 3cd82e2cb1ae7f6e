/** Some metrics over time: lines to look at, a table to read, a file to keep. */
import { lazy, Suspense, useMemo } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { Skeleton } from "~/components/Feedback";
import { Section } from "~/components/Page";
import { Table } from "~/components/Table";
import type { Asked } from "../asking/input";
import { daysIn, type Span } from "../asking/question";
import type { Row } from "./answer";
import { Figure } from "./Figure";
import { SaveCsv } from "./SaveCsv";
import { type MetricName, type Unit, unitOf, useMetricName, useSay } from "./words";

const Lines = lazy(() => import("./Lines"));

const MINUTE = 60;
const HOUR = 3_600;
const DAY = 86_400;
/** Counts are whole, and lengths of time are told by clocks. */
const MARKS: Partial<Readonly<Record<Unit, readonly number[]>>> = {
  count: [0, 1, 2, 3, 4, 5, 6, 7, 8].flatMap((zeros) => [1, 2, 5].map((one) => one * 10 ** zeros)),
  seconds: [
    ...[0.1, 0.5, 1, 2, 5, 10, 15, 30],
    ...[1, 2, 5, 10, 15, 30].map((some) => some * MINUTE),
    ...[1, 2, 3, 6, 12].map((some) => some * HOUR),
    ...[1, 2, 5, 10, 20, 50, 100, 200, 500].map((some) => some * DAY),
  ],
};

interface TrendProps {
  readonly title: string;
  /** Of one unit; the first is set beside what it was. */
  readonly metrics: readonly [MetricName, ...MetricName[]];
  readonly rows: readonly Row[];
  readonly asked: Asked;
}

export function Trend({ title, metrics, rows, asked }: TrendProps) {
  const t = useTranslations("analytics");
  const named = useMetricName();
  const say = useSay();
  const when = useWhen(asked);
  const [first] = metrics;
  const isCompared = asked.question.compare !== "none";
  const times = useMemo(() => rows.map(({ time }) => Date.parse(time ?? "") / 1_000), [rows]);
  const lines = useMemo(() => {
    const before = { label: t("before"), values: rows.map((row) => row.before[first] ?? null), isBefore: true };
    const now = metrics.map((metric) => ({
      label: named(metric),
      values: rows.map((row) => row.now[metric] ?? null),
    }));
    return isCompared ? [...now, before] : now;
  }, [rows, metrics, first, isCompared, named, t]);
  const file = (): readonly (readonly (string | number | null)[])[] => [
    [t("time"), ...metrics],
    ...rows.map(({ time, now }) => [time ?? "", ...metrics.map((metric) => now[metric] ?? null)]),
  ];
  return (
    <Section title={title} actions={<SaveCsv name={title} rows={file} />}>
      <Suspense fallback={<Skeleton lines={8} />}>
        <Lines
          label={title}
          times={times}
          lines={lines}
          marks={MARKS[unitOf(first)]}
          words={(value) => say(first, value)}
          when={(at) => when(at * 1_000)}
        />
      </Suspense>
      <details className="mt-2 text-sm">
        <summary className="cursor-default rounded text-ink-muted">{t("asTable")}</summary>
        <div className="max-h-80 overflow-y-auto">
          <Stretches title={title} metrics={metrics} rows={rows} asked={asked} />
        </div>
      </details>
    </Section>
  );
}

function Stretches({ title, metrics, rows, asked }: TrendProps) {
  const t = useTranslations("analytics");
  const named = useMetricName();
  const when = useWhen(asked);
  const spans = rows.map((_, place) => stretch(rows, place, asked.span));
  const numbered = rows.map((row, place) => ({ row, span: spans[place] ?? asked.span }));
  return (
    <Table
      label={title}
      rows={numbered}
      keyOf={({ span }) => span.from}
      columns={[
        { id: "time", label: t("time"), cell: ({ span }) => when(Date.parse(span.from)) },
        ...metrics.map((metric) => ({
          id: metric,
          label: named(metric),
          isNumber: true,
          cell: ({ row, span }: { readonly row: Row; readonly span: Span }) => (
            <Figure
              metric={metric}
              value={row.now[metric] ?? null}
              span={span}
              conditions={asked.conditions}
              about={when(Date.parse(span.from))}
            />
          ),
        })),
      ]}
    />
  );
}

/** The part of a span that a row is about: the first stretch may have begun before the span. */
function stretch(rows: readonly Row[], place: number, span: Span): Span {
  const from = Date.parse(rows[place]?.time ?? span.from);
  const to = Date.parse(rows[place + 1]?.time ?? span.to);
  return {
    from: new Date(Math.max(from, Date.parse(span.from))).toISOString(),
    to: new Date(Math.min(to, Date.parse(span.to))).toISOString(),
  };
}

/** Says when a stretch of time begins, as precisely as it is long. */
function useWhen({ granularity, span }: Asked): (at: number) => string {
  const format = useFormatter();
  const days = daysIn(span);
  return (at) => {
    const date = new Date(at);
    if (granularity === "HOUR")
      return format.dateTime(date, { hour: "numeric", minute: "2-digit", ...(days > 2 && { weekday: "short" }) });
    if (granularity === "DAY" || granularity === "WEEK")
      return format.dateTime(date, { day: "numeric", month: "short", ...(days > 300 && { year: "2-digit" }) });
    return format.dateTime(date, { month: "short", year: "numeric" });
  };
}
