/** Where conversations come from: by channel, inbox, topic and language. */
import { useMemo } from "react";
import { graphql, useLazyLoadQuery } from "react-relay";
import { useTranslations } from "use-intl";
import type { ChannelsAnalyticsQuery } from "~/__generated__/ChannelsAnalyticsQuery.graphql";
import { type Asked, DIMENSIONS, inputOf } from "../asking/input";
import { Board, Nothing } from "../Board";
import { type Answer, readAnswer } from "../figures/answer";
import { Breakdown } from "../figures/Breakdown";
import { Fresh } from "../figures/Fresh";
import type { MetricName } from "../figures/words";

const SHOWN = [
  "conversations",
  "first_response_time_p50",
  "resolutions",
  "containment_rate",
  "csat",
] as const satisfies readonly MetricName[];
const BY = ["channel", "inbox", "topic", "language"] as const;

export default function Channels() {
  const t = useTranslations("analytics.channels");
  return (
    <Board title={t("title")} about={t("about")}>
      {(asked) => <Figures asked={asked} />}
    </Board>
  );
}

function Figures({ asked }: { readonly asked: Asked }) {
  const t = useTranslations("analytics");
  const found = useChannels(asked);
  const { freshness } = found.channel;
  if (BY.every((name) => found[name].rows.length === 0)) return <Nothing freshness={freshness} />;
  return (
    <>
      {BY.map((name) => (
        <Breakdown
          key={name}
          title={t(`channels.${name}`)}
          dimension={DIMENSIONS[name]}
          name={t(`ask.names.${name}`)}
          metrics={SHOWN}
          rows={found[name].rows}
          asked={asked}
        />
      ))}
      <Fresh of={freshness} />
    </>
  );
}

function useChannels(asked: Asked): Readonly<Record<(typeof BY)[number], Answer>> {
  const by = (name: (typeof BY)[number]) =>
    inputOf(asked, { metrics: SHOWN, dimensions: [DIMENSIONS[name]], limit: 50 });
  const found = useLazyLoadQuery<ChannelsAnalyticsQuery>(
    graphql`
      query ChannelsAnalyticsQuery(
        $channel: AnalyticsInput!
        $inbox: AnalyticsInput!
        $topic: AnalyticsInput!
        $language: AnalyticsInput!
      ) {
        channel: analytics(input: $channel) {
          ...answer_of
        }
        inbox: analytics(input: $inbox) {
          ...answer_of
        }
        topic: analytics(input: $topic) {
          ...answer_of
        }
        language: analytics(input: $language) {
          ...answer_of
        }
      }
    `,
    { channel: by("channel"), inbox: by("inbox"), topic: by("topic"), language: by("language") },
    { fetchPolicy: "store-and-network", fetchKey: asked.fetchKey },
  );
  return useMemo(
    () => ({
      channel: readAnswer(found.channel),
      inbox: readAnswer(found.inbox),
      topic: readAnswer(found.topic),
      language: readAnswer(found.language),
    }),
    [found],
  );
}
