/** How it goes: what came in, how soon somebody replied, how matters ended, what customers say, what it costs. */
import { useMemo } from "react";
import { graphql, useLazyLoadQuery } from "react-relay";
import { useTranslations } from "use-intl";
import type { OverviewQuery } from "~/__generated__/OverviewQuery.graphql";
import { type Asked, inputOf } from "../asking/input";
import { Board, Nothing } from "../Board";
import { type Answer, readAnswer } from "../figures/answer";
import { Breakdown } from "../figures/Breakdown";
import { type Betterness, betterness } from "../figures/change";
import { Fresh } from "../figures/Fresh";
import { Also, hasCounted, type Shown, Tile, Tiles } from "../figures/Tile";
import { Trend } from "../figures/Trend";
import type { MetricName } from "../figures/words";

const TOTALS = [
  "conversations",
  "first_response_time_p50",
  "first_response_time_p90",
  "resolutions",
  "confirmed_resolutions",
  "assumed_resolutions",
  "durable_resolutions",
  "containment_rate",
  "reopen_rate",
  "handoffs",
  "handoff_wait_p50",
  "csat",
  "csat_responses",
  "csat_response_rate",
  "service_level_attainment",
  "cost",
  "cost_per_resolution",
] as const satisfies readonly MetricName[];
const VOLUME = ["conversations", "resolutions"] as const;
const WAITING = ["first_response_time_p50", "first_response_time_p90"] as const;
const CONTENT = ["csat"] as const;
const COSTS = ["cost"] as const;
const REASONS = ["handoffs", "handoff_wait_p50"] as const;
const PLACES = ["conversations", "first_response_time_p50"] as const;

export default function Overview() {
  const t = useTranslations("analytics.overview");
  return (
    <Board title={t("title")} about={t("about")}>
      {(asked) => <Figures asked={asked} />}
    </Board>
  );
}

function Figures({ asked }: { readonly asked: Asked }) {
  const t = useTranslations("analytics");
  const { totals, series, reasons, topics, better } = useOverview(asked);
  const [row] = totals.rows;
  if (!row || !hasCounted(row)) return <Nothing freshness={totals.freshness} />;
  return (
    <>
      <Numbers row={row} asked={asked} better={better} />
      <Fresh of={totals.freshness} />
      <div className="grid grid-cols-1 gap-6 lg:grid-cols-2">
        <Trend title={t("overview.volume")} metrics={VOLUME} rows={series.rows} asked={asked} />
        <Trend title={t("overview.waiting")} metrics={WAITING} rows={series.rows} asked={asked} />
        <Trend title={t("overview.content")} metrics={CONTENT} rows={series.rows} asked={asked} />
        <Trend title={t("overview.costs")} metrics={COSTS} rows={series.rows} asked={asked} />
        <Breakdown
          title={t("overview.reasons")}
          dimension="REASON"
          name={t("reason")}
          metrics={REASONS}
          rows={reasons.rows}
          asked={asked}
        />
        <Breakdown
          title={t("overview.topics")}
          dimension="TOPIC"
          name={t("ask.names.topic")}
          metrics={PLACES}
          rows={topics.rows}
          asked={asked}
        />
      </div>
    </>
  );
}

function Numbers(shown: Shown) {
  const t = useTranslations("analytics.overview");
  return (
    <Tiles title={t("numbers")} row={shown.row}>
      <Tile metric="conversations" {...shown} />
      <Tile metric="first_response_time_p50" {...shown}>
        <Also metric="first_response_time_p90" {...shown} />
      </Tile>
      <Tile metric="resolutions" {...shown}>
        <Also metric="confirmed_resolutions" {...shown} />
        <Also metric="assumed_resolutions" {...shown} />
        <Also metric="durable_resolutions" {...shown} />
      </Tile>
      <Tile metric="containment_rate" {...shown}>
        <Also metric="reopen_rate" {...shown} />
      </Tile>
      <Tile metric="handoffs" {...shown}>
        <Also metric="handoff_wait_p50" {...shown} />
      </Tile>
      <Tile metric="csat" {...shown}>
        <Also metric="csat_responses" {...shown} />
        <Also metric="csat_response_rate" {...shown} />
      </Tile>
      <Tile metric="service_level_attainment" {...shown} />
      <Tile metric="cost" {...shown}>
        <Also metric="cost_per_resolution" {...shown} />
      </Tile>
    </Tiles>
  );
}

interface Found extends Readonly<Record<"totals" | "series" | "reasons" | "topics", Answer>> {
  readonly better: Betterness;
}

function useOverview(asked: Asked): Found {
  const found = useLazyLoadQuery<OverviewQuery>(
    graphql`
      query OverviewQuery(
        $totals: AnalyticsInput!
        $series: AnalyticsInput!
        $reasons: AnalyticsInput!
        $topics: AnalyticsInput!
      ) {
        metrics {
          name
          isBetterHigher
        }
        totals: analytics(input: $totals) {
          ...answer_of
        }
        series: analytics(input: $series) {
          ...answer_of
        }
        reasons: analytics(input: $reasons) {
          ...answer_of
        }
        topics: analytics(input: $topics) {
          ...answer_of
        }
      }
    `,
    {
      totals: inputOf(asked, { metrics: TOTALS }),
      series: inputOf(asked, { metrics: [...VOLUME, ...WAITING, ...CONTENT, ...COSTS], isSeries: true }),
      reasons: inputOf(asked, { metrics: REASONS, dimensions: ["REASON"], limit: 20 }),
      topics: inputOf(asked, { metrics: PLACES, dimensions: ["TOPIC"], limit: 10 }),
    },
    { fetchPolicy: "store-and-network", fetchKey: asked.fetchKey },
  );
  return useMemo(
    () => ({
      totals: readAnswer(found.totals),
      series: readAnswer(found.series),
      reasons: readAnswer(found.reasons),
      topics: readAnswer(found.topics),
      better: betterness(found.metrics),
    }),
    [found],
  );
}
