/** How much of a budget is used, in money and in tokens, beside where it warns and where it ends. */
import { useFormatter, useTranslations } from "use-intl";
import { When } from "~/components/Badge";
import type { Budget } from "./Budgets";
import { useMoney } from "./money";

interface LimitsProps {
  readonly budget: Budget;
  readonly currency: string | null | undefined;
}

export function Limits({ budget, currency }: LimitsProps) {
  const t = useTranslations("assistant.budgets");
  const format = useFormatter();
  const money = useMoney(currency);
  const tokens = (count: number): string => t("tokens", { count: format.number(count) });
  const { use, softMicros, hardMicros, softTokens, hardTokens } = budget;
  return (
    <div className="mt-1 flex flex-col gap-1">
      <Limit used={use?.micros} soft={softMicros} hard={hardMicros} words={money} />
      <Limit used={use?.tokens} soft={softTokens} hard={hardTokens} words={tokens} />
      <p className="text-ink-faint text-xs">
        {use ? t.rich("until", { when: () => <When at={budget.endsAt} withTime /> }) : t("each")}
      </p>
    </div>
  );
}

interface LimitProps {
  readonly used: number | undefined;
  readonly soft: number | null | undefined;
  readonly hard: number | null | undefined;
  readonly words: (of: number) => string;
}

function Limit({ used, soft, hard, words }: LimitProps) {
  const t = useTranslations("assistant.budgets");
  const most = hard ?? soft;
  if (typeof most !== "number") return null;
  const limits = [
    typeof soft === "number" && t("warnsAt", { limit: words(soft) }),
    typeof hard === "number" && t("endsAt", { limit: words(hard) }),
  ].filter(Boolean);
  const share = most === 0 ? 1 : (used ?? 0) / most;
  const look =
    share >= 1 ? "bg-danger-fill" : typeof soft === "number" && (used ?? 0) >= soft ? "bg-warning" : "bg-accent";
  return (
    <>
      <p className="text-ink-muted text-sm">
        {typeof used === "number" && (
          <span className="font-medium text-ink">{t("used", { used: words(used) })} · </span>
        )}
        {limits.join(" · ")}
      </p>
      {typeof used === "number" && (
        // The numbers above say the same.
        <span aria-hidden className="h-1.5 max-w-80 overflow-hidden rounded-full bg-pressed">
          <span className={`block h-full rounded-full ${look}`} style={{ width: `${Math.min(100, share * 100)}%` }} />
        </span>
      )}
    </>
  );
}
