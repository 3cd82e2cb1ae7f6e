/** When something was, in as few letters as will do, and how long until something is due. */
import { useFormatter, useNow, useTranslations } from "use-intl";
import { cx } from "~/components/style";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

interface TimeProps {
  readonly at: string;
  readonly className?: string;
}

/** Of today the time of day, of this week the day, else the date; the exact moment is its tooltip. */
export function Brief({ at, className }: TimeProps) {
  const format = useFormatter();
  const t = useTranslations("inbox.row");
  const now = useNow({ updateInterval: 30_000 });
  const date = new Date(at);
  const age = now.getTime() - date.getTime();
  const words = (): string => {
    if (age < MINUTE) return t("now");
    if (age < 60 * MINUTE) return t("minutes", { count: Math.floor(age / MINUTE) });
    if (date.toDateString() === now.toDateString()) return format.dateTime(date, { timeStyle: "short" });
    if (age < 6 * DAY) return format.dateTime(date, { weekday: "short" });
    const year = date.getFullYear() === now.getFullYear() ? undefined : "numeric";
    return format.dateTime(date, { day: "numeric", month: "short", year });
  };
  return (
    <time
      dateTime={at}
      title={format.dateTime(date, { dateStyle: "medium", timeStyle: "medium" })}
      className={cx("tabular-nums", className)}
    >
      {words()}
    </time>
  );
}

/** How long since, or until, a moment, each second anew once it is close: "1:05", "12 min", "3 h". */
export function useSpan(at: string | null | undefined): string {
  const t = useTranslations("inbox.row");
  const isClose = at ? Math.abs(Date.parse(at) - Date.now()) < 11 * MINUTE : false;
  const now = useNow({ updateInterval: isClose ? 1_000 : 20_000 });
  if (!at) return "";
  const span = Math.abs(Date.parse(at) - now.getTime());
  if (span < 10 * MINUTE) return clock(span);
  if (span < 60 * MINUTE) return t("minutes", { count: Math.floor(span / MINUTE) });
  if (span < DAY) return t("hours", { count: Math.floor(span / MINUTE / 60) });
  return t("days", { count: Math.floor(span / DAY) });
}

/** Minutes and seconds, as clocks show them. */
function clock(span: number): string {
  const seconds = Math.floor(span / 1_000);
  return `${Math.floor(seconds / 60)}:${`${seconds % 60}`.padStart(2, "0")}`;
}
