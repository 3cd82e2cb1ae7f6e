/** How far behind numbers are, and by which clocks their days begin. */
import { useTranslations } from "use-intl";
import { Ago } from "~/components/Badge";
import { TIME_ZONE } from "../asking/input";
import type { Answer } from "./answer";

export function Fresh({ of: { asOf, eventsBehind } }: { readonly of: Answer["freshness"] }) {
  const t = useTranslations("analytics.fresh");
  return (
    <p className="flex flex-wrap gap-x-3 text-ink-faint text-xs">
      <span>
        {asOf ? t.rich("asOf", { ago: () => <Ago at={asOf} /> }) : t("never")}
        {eventsBehind > 0 && ` · ${t("behind", { count: eventsBehind })}`}
      </span>
      <span>{t("zone", { zone: TIME_ZONE })}</span>
    </p>
  );
}
