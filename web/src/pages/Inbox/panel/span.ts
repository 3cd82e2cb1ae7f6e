/** How long until a moment, or since: kept up to date, each second once it is close. */
import { useNow, useTranslations } from "use-intl";
import { partsOf } from "./spans";

const CLOSE = 11 * 60_000;

/** "1:05", "12 min", "3 h 20 min", "2 d 4 h"; empty for no moment. */
export function useSpan(at: string | null | undefined): string {
  const t = useTranslations("panel.span");
  const isClose = at ? Math.abs(Date.parse(at) - Date.now()) < CLOSE : false;
  const now = useNow({ updateInterval: isClose ? 1_000 : 20_000 });
  if (!at) return "";
  const { days, hours, minutes, clock } = partsOf(Math.abs(Date.parse(at) - now.getTime()));
  if (clock) return clock;
  if (days > 0) return t("days", { days, hours });
  return hours > 0 ? t("hours", { hours, minutes }) : t("minutes", { minutes });
}
