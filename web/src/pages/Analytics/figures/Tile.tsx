/** One number of a page, large, beside what it was. */
import { ArrowDown, ArrowRight, ArrowUp } from "lucide-react";
import type { ReactNode } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { cx } from "~/components/style";
import type { Asked } from "../asking/input";
import type { Row } from "./answer";
import { type Change, changeOf } from "./change";
import { Figure } from "./Figure";
import { type MetricName, unitOf, useSay } from "./words";

/** Whether more of a metric is better; null where neither is. */
export type Betterness = ReadonlyMap<string, boolean | null | undefined>;

interface TileProps {
  readonly metric: MetricName;
  readonly row: Row | undefined;
  readonly asked: Asked;
  readonly better: Betterness;
  /** Numbers that belong to it, in smaller print. */
  readonly children?: ReactNode;
}

export function Tile({ metric, row, asked, better, children }: TileProps) {
  const t = useTranslations("analytics");
  const value = row?.now[metric] ?? null;
  const before = row?.before[metric];
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
      <Arrow size={14} aria-hidden className="shrink-0" />
      <span>{words}</span>
      <span className="text-ink-faint">{t("change.before", { value: say(metric, before) })}</span>
    </span>
  );
}

/** The tiles of a page. */
export function Tiles({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <dl aria-label={label} className="grid grid-cols-[repeat(auto-fill,minmax(10.5rem,1fr))] gap-3">
      {children}
    </dl>
  );
}
