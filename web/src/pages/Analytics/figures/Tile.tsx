/** One number of a page, large, beside what it was. */
import { ArrowDown, ArrowRight, ArrowUp } from "lucide-react";
import type { ReactNode } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { cx } from "~/components/style";
import type { Asked } from "../asking/input";
import type { Row } from "./answer";
import { type Betterness, type Change, changeOf } from "./change";
import type { Cell } from "./csv";
import { Figure } from "./Figure";
import { SaveCsv } from "./SaveCsv";
import { type MetricName, unitOf, useMetricName, useSay } from "./words";

/** What all tiles of a page have in common. */
export interface Shown {
  readonly row: Row;
  readonly asked: Asked;
  readonly better: Betterness;
}

interface TileProps extends Shown {
  readonly metric: MetricName;
  /** Numbers that belong to it, in smaller print. */
  readonly children?: ReactNode;
}

export function Tile({ metric, row, asked, better, children }: TileProps) {
  const t = useTranslations("analytics");
  const value = row.now[metric] ?? null;
  const before = row.before[metric];
  const change = changeOf(value, before, unitOf(metric) === "share", better.get(metric));
  return (
    <div className="flex min-w-0 flex-col gap-1 rounded-xl border border-line bg-surface px-4 py-3">
      <dt className="text-ink-muted text-sm">{t(`metrics.${metric}`)}</dt>
      <dd className="flex flex-col gap-1">
        <Figure
          metric={metric}
          value={value}
          span={asked.span}
          conditions={asked.conditions}
          className="self-start font-semibold text-2xl tracking-tight"
        />
        {asked.question.compare !== "none" && <Changed metric={metric} change={change} before={before} />}
        {children && <div className="text-ink-muted text-xs">{children}</div>}
      </dd>
    </div>
  );
}

const ARROWS = { up: ArrowUp, down: ArrowDown, same: ArrowRight };

interface ChangedProps {
  readonly metric: string;
  readonly change: Change | null;
  readonly before: number | null | undefined;
}

/** An arrow and words; the colour only underlines what they say. */
function Changed({ metric, change, before }: ChangedProps) {
  const t = useTranslations("analytics");
  const format = useFormatter();
  const say = useSay();
  if (!change) return <span className="text-ink-faint text-xs">{t("change.unknown")}</span>;
  const Arrow = ARROWS[change.direction];
  const look = change.isBetter === undefined ? "text-ink-muted" : change.isBetter ? "text-success" : "text-danger";
  const isShare = unitOf(metric) === "share";
  const size = Math.abs(change.by ?? 0);
  const by = isShare
    ? t("change.points", { by: format.number(size * 100, { maximumFractionDigits: 1 }) })
    : format.number(size, { style: "percent", maximumFractionDigits: size < 10 ? 0 : undefined });
  const words =
    change.direction === "same"
      ? t("change.same")
      : change.by === null
        ? t("change.new")
        : t(`change.${change.direction}`, { by });
  return (
    <span className={cx("flex flex-wrap items-center gap-x-1 text-xs", look)}>
      <span className="flex items-start gap-1">
        <Arrow size={14} aria-hidden className="mt-0.5 shrink-0" />
        {words}
      </span>
      <span className="text-ink-faint">{t("change.before", { value: say(metric, before) })}</span>
    </span>
  );
}

/** A number that belongs to the one of a tile. */
export function Also({ metric, row, asked }: Omit<TileProps, "better" | "children">) {
  const named = useMetricName();
  return (
    <div className="flex items-baseline justify-between gap-2">
      <span>{named(metric)}</span>
      <Figure metric={metric} value={row.now[metric] ?? null} span={asked.span} conditions={asked.conditions} />
    </div>
  );
}

interface TilesProps {
  readonly title: string;
  readonly row: Row;
  readonly children: ReactNode;
}

/** The tiles of a page, and all their numbers as a file. */
export function Tiles({ title, row, children }: TilesProps) {
  const t = useTranslations("analytics");
  const file = (): readonly (readonly Cell[])[] => [
    [t("metric"), t("current"), t("before")],
    ...Object.keys(row.now).map((metric) => [metric, row.now[metric], row.before[metric]]),
  ];
  return (
    <section aria-label={title} className="flex flex-col gap-2">
      <div className="flex items-center justify-between gap-2">
        <h2 className="font-semibold">{title}</h2>
        <SaveCsv name={title} rows={file} />
      </div>
      <dl className="grid grid-cols-2 gap-3 lg:grid-cols-3 xl:grid-cols-4">{children}</dl>
    </section>
  );
}

/** Whether anything was counted, now or before. */
export function hasCounted({ now, before }: Row): boolean {
  return [...Object.values(now), ...Object.values(before)].some((value) => value !== null && value !== 0);
}
