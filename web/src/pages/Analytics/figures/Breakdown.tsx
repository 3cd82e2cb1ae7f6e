/** Metrics by the values of a dimension: a bar for the first, numbers for all. */
import { useTranslations } from "use-intl";
import type { AnalyticsDimension } from "~/__generated__/OverviewQuery.graphql";
import { Section } from "~/components/Page";
import { Table } from "~/components/Table";
import type { Asked, Condition } from "../asking/input";
import type { Part, Row } from "./answer";
import { Figure } from "./Figure";
import { SaveCsv } from "./SaveCsv";
import { type MetricName, useMetricName, useNamed } from "./words";

interface BreakdownProps {
  readonly title: string;
  readonly about?: string;
  readonly dimension: AnalyticsDimension;
  /** The name of the dimension. */
  readonly name: string;
  readonly metrics: readonly [MetricName, ...MetricName[]];
  readonly rows: readonly Row[];
  readonly asked: Asked;
  /** What holds for a metric beyond the conditions of the page. */
  readonly conditionsOf?: (metric: MetricName) => readonly Condition[];
}

export function Breakdown(props: BreakdownProps) {
  const { title, about, dimension, name, metrics, rows } = props;
  const t = useTranslations("analytics");
  const named = useNamed();
  const file = (): readonly (readonly (string | number | null)[])[] => [
    [name, ...metrics],
    ...rows.map((row) => [named(dimension, partOf(row)), ...metrics.map((metric) => row.now[metric] ?? null)]),
  ];
  return (
    <Section title={title} about={about} actions={rows.length > 0 && <SaveCsv name={title} rows={file} />}>
      {rows.length === 0 ? <p className="text-ink-muted">{t("nothing")}</p> : <Parts {...props} />}
    </Section>
  );
}

function Parts({ title, dimension, name, metrics, rows, asked, conditionsOf }: BreakdownProps) {
  const metricName = useMetricName();
  const named = useNamed();
  const [first, ...others] = metrics;
  const most = Math.max(...rows.map((row) => row.now[first] ?? 0));
  const figure = (metric: MetricName, row: Row) => (
    <Figure
      metric={metric}
      value={row.now[metric] ?? null}
      span={asked.span}
      conditions={within([...asked.conditions, ...(conditionsOf?.(metric) ?? [])], dimension, partOf(row))}
      about={named(dimension, partOf(row))}
    />
  );
  return (
    <Table
      label={title}
      rows={rows}
      keyOf={(row) => partOf(row).value ?? ""}
      columns={[
        {
          id: "name",
          label: name,
          cell: (row) => (
            <div className="flex min-w-24 flex-col gap-1">
              <span className="[overflow-wrap:anywhere]">{named(dimension, partOf(row))}</span>
              <Bar of={row.now[first] ?? 0} most={most} />
            </div>
          ),
        },
        { id: first, label: metricName(first), isNumber: true, cell: (row) => figure(first, row) },
        ...others.map((metric) => ({
          id: metric,
          label: metricName(metric),
          isNumber: true,
          cell: (row: Row) => figure(metric, row),
        })),
      ]}
    />
  );
}

function Bar({ of, most }: { readonly of: number; readonly most: number }) {
  return (
    <span aria-hidden className="h-1.5 overflow-hidden rounded-full bg-pressed">
      <span className="block h-full rounded-full bg-accent" style={{ width: `${most > 0 ? (100 * of) / most : 0}%` }} />
    </span>
  );
}

const NOBODY: Part = { value: null, label: null };

function partOf(row: Row): Part {
  return row.parts[0] ?? NOBODY;
}

/** The conditions of one value: it takes the place of whatever the page has for the same dimension. */
function within(
  conditions: readonly Condition[],
  dimension: AnalyticsDimension,
  { value }: Part,
): readonly Condition[] {
  return [...conditions.filter((one) => one.dimension !== dimension), { dimension, values: [value] }];
}
