/** What the assistant did: how much it answered, whether that helped, when people were needed, what it cost. */
import { useMemo } from "react";
import { graphql, useLazyLoadQuery } from "react-relay";
import { useTranslations } from "use-intl";
import type { AnswersQuery } from "~/__generated__/AnswersQuery.graphql";
import { useMay } from "~/app/viewer";
import { ButtonLink } from "~/components/Button";
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
  "answers",
  "helpful_rate",
  "containment_rate",
  "deflection_rate",
  "handoff_rate",
  "handoffs",
  "first_text_time_p50",
  "answer_time_p50",
  "cost",
  "cost_per_resolution",
  "tokens",
] as const satisfies readonly MetricName[];
const VOLUME = ["answers", "handoffs"] as const;
const HELPFUL = ["helpful_rate", "deflection_rate"] as const;
const MODELS = ["answers", "helpful_rate", "answer_time_p50", "tokens", "cost"] as const;
const REASONS = ["handoffs", "handoff_wait_p50"] as const;

export default function Answers() {
  const t = useTranslations("analytics.answers");
  const mayReadCosts = useMay("READ_ASSISTANT");
  const costs = mayReadCosts && <ButtonLink to="/assistant/spending">{t("toCosts")}</ButtonLink>;
  return (
    <Board title={t("title")} about={t("about")} actions={costs}>
      {(asked) => <Figures asked={asked} />}
    </Board>
  );
}

function Figures({ asked }: { readonly asked: Asked }) {
  const t = useTranslations("analytics");
  const { totals, series, reasons, models, better } = useAnswers(asked);
  const [row] = totals.rows;
  if (!row || !hasCounted(row)) return <Nothing freshness={totals.freshness} />;
  return (
    <>
      <Numbers row={row} asked={asked} better={better} />
      <Fresh of={totals.freshness} />
      <div className="grid grid-cols-1 gap-6 lg:grid-cols-2">
        <Trend title={t("answers.volume")} metrics={VOLUME} rows={series.rows} asked={asked} />
        <Trend title={t("answers.quality")} metrics={HELPFUL} rows={series.rows} asked={asked} />
      </div>
      <Breakdown
        title={t("answers.models")}
        dimension="MODEL"
        name={t("answers.model")}
        metrics={MODELS}
        rows={models.rows}
        asked={asked}
      />
      <Breakdown
        title={t("answers.reasons")}
        dimension="REASON"
        name={t("reason")}
        metrics={REASONS}
        rows={reasons.rows}
        asked={asked}
      />
    </>
  );
}

function Numbers(shown: Shown) {
  const t = useTranslations("analytics.overview");
  return (
    <Tiles title={t("numbers")} row={shown.row}>
      <Tile metric="answers" {...shown}>
        <Also metric="first_text_time_p50" {...shown} />
        <Also metric="answer_time_p50" {...shown} />
      </Tile>
      <Tile metric="helpful_rate" {...shown} />
      <Tile metric="containment_rate" {...shown}>
        <Also metric="deflection_rate" {...shown} />
      </Tile>
      <Tile metric="handoffs" {...shown}>
        <Also metric="handoff_rate" {...shown} />
      </Tile>
      <Tile metric="cost" {...shown}>
        <Also metric="tokens" {...shown} />
      </Tile>
      <Tile metric="cost_per_resolution" {...shown} />
    </Tiles>
  );
}

interface Found extends Readonly<Record<"totals" | "series" | "reasons" | "models", Answer>> {
  readonly better: Betterness;
}

function useAnswers(asked: Asked): Found {
  const found = useLazyLoadQuery<AnswersQuery>(
    graphql`
      query AnswersQuery(
        $totals: AnalyticsInput!
        $series: AnalyticsInput!
        $reasons: AnalyticsInput!
        $models: AnalyticsInput!
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
        models: analytics(input: $models) {
          ...answer_of
        }
      }
    `,
    {
      totals: inputOf(asked, { metrics: TOTALS }),
      series: inputOf(asked, { metrics: [...VOLUME, ...HELPFUL], isSeries: true }),
      reasons: inputOf(asked, { metrics: REASONS, dimensions: ["REASON"], limit: 20 }),
      models: inputOf(asked, { metrics: MODELS, dimensions: ["MODEL"], limit: 20 }),
    },
    { fetchPolicy: "store-and-network", fetchKey: asked.fetchKey },
  );
  return useMemo(
    () => ({
      totals: readAnswer(found.totals),
      series: readAnswer(found.series),
      reasons: readAnswer(found.reasons),
      models: readAnswer(found.models),
      better: betterness(found.metrics),
    }),
    [found],
  );
}
