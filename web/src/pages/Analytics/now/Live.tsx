/** Today's counts and who is there, as they change. */
import { type ReactNode, useEffect, useState } from "react";
import { graphql, useRelayEnvironment } from "react-relay";
import { requestSubscription } from "relay-runtime";
import { useFormatter, useTranslations } from "use-intl";
import type { LiveTodaySubscription, LiveTodaySubscription$data } from "~/__generated__/LiveTodaySubscription.graphql";
import { Problem, Skeleton } from "~/components/Feedback";
import { TIME_ZONE } from "../asking/input";
import { read, spanOf } from "../asking/question";
import { Figure } from "../figures/Figure";
import type { MetricName } from "../figures/words";

type Standing = LiveTodaySubscription$data["metricChanged"];

export function Live() {
  const t = useTranslations("analytics.live");
  const fresh = useTranslations("analytics.fresh");
  const format = useFormatter();
  const [standing, problem] = useStanding();
  if (problem) return <Problem of={problem} />;
  if (!standing) return <Skeleton lines={4} />;
  const today = spanOf(read(new URLSearchParams("range=today")), new Date());
  const counted = (metric: MetricName, value: number): ReactNode => (
    <Figure metric={metric} value={value} span={today} conditions={[]} />
  );
  return (
    <section aria-label={t("title")} className="flex flex-col gap-2">
      <dl className="grid grid-cols-2 gap-3 lg:grid-cols-5">
        <Standing label={t("conversations")}>{counted("conversations", standing.conversations)}</Standing>
        <Standing label={t("resolutions")}>{counted("resolutions", standing.resolutions)}</Standing>
        <Standing label={t("waiting")}>{format.number(standing.waiting)}</Standing>
        <Standing label={t("peopleOnline")}>{format.number(standing.peopleOnline)}</Standing>
        <Standing label={t("answersUnderWay")}>{format.number(standing.answersUnderWay)}</Standing>
      </dl>
      <p className="text-ink-faint text-xs">{fresh("zone", { zone: TIME_ZONE })}</p>
    </section>
  );
}

function Standing({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div className="flex flex-col gap-1 rounded-xl border border-line bg-surface px-4 py-3">
      <dt className="text-ink-muted text-sm">{label}</dt>
      <dd className="font-semibold text-2xl tabular-nums tracking-tight">{children}</dd>
    </div>
  );
}

/** How it stands, told by the server whenever it changes: today is a day by this browser's clocks. */
function useStanding(): readonly [Standing | null, Error | null] {
  const environment = useRelayEnvironment();
  const [standing, setStanding] = useState<Standing | null>(null);
  const [problem, setProblem] = useState<Error | null>(null);
  useEffect(() => {
    const { dispose } = requestSubscription<LiveTodaySubscription>(environment, {
      subscription: graphql`
        subscription LiveTodaySubscription($timeZone: String!) {
          metricChanged(timeZone: $timeZone) {
            conversations
            resolutions
            waiting
            peopleOnline
            answersUnderWay
          }
        }
      `,
      variables: { timeZone: TIME_ZONE },
      onNext: (response) => response && setStanding(response.metricChanged),
      onError: setProblem,
    });
    return dispose;
  }, [environment]);
  return [standing, problem];
}
