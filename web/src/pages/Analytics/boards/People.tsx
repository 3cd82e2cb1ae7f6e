/** What each person and each team did: replies, how soon they came, what was settled, what customers said. */
import { useMemo } from "react";
import { graphql, useLazyLoadQuery } from "react-relay";
import { useTranslations } from "use-intl";
import type { PeopleAnalyticsQuery } from "~/__generated__/PeopleAnalyticsQuery.graphql";
import { type Asked, type Condition, inputOf } from "../asking/input";
import { Board, Nothing } from "../Board";
import { type Answer, merged, type Row, readAnswer } from "../figures/answer";
import { Breakdown } from "../figures/Breakdown";
import { Fresh } from "../figures/Fresh";
import type { MetricName } from "../figures/words";

/** Replies are messages that people wrote. */
const WRITTEN = ["messages"] as const;
const BY_PEOPLE: readonly Condition[] = [{ dimension: "ACTOR_KIND", values: ["person"] }];
const DONE = [
  "next_response_time_p50",
  "resolutions",
  "resolution_time_p50",
  "csat",
  "csat_responses",
] as const satisfies readonly MetricName[];
const SHOWN = [...WRITTEN, ...DONE] as const;

export default function People() {
  const t = useTranslations("analytics.people");
  return (
    <Board title={t("title")} about={t("about")}>
      {(asked) => <Figures asked={asked} />}
    </Board>
  );
}

function Figures({ asked }: { readonly asked: Asked }) {
  const t = useTranslations("analytics");
  const { persons, teams, freshness } = usePeople(asked);
  if (persons.length === 0 && teams.length === 0) return <Nothing freshness={freshness} />;
  const shared = { metrics: SHOWN, asked, conditionsOf };
  return (
    <>
      <Breakdown
        title={t("people.persons")}
        about={t("people.personsHint")}
        dimension="PERSON"
        name={t("ask.names.person")}
        rows={persons}
        {...shared}
      />
      <Breakdown title={t("people.teams")} dimension="TEAM" name={t("ask.names.team")} rows={teams} {...shared} />
      <Fresh of={freshness} />
    </>
  );
}

function conditionsOf(metric: MetricName): readonly Condition[] {
  return metric === "messages" ? BY_PEOPLE : [];
}

interface Found extends Pick<Answer, "freshness"> {
  readonly persons: readonly Row[];
  readonly teams: readonly Row[];
}

function usePeople(asked: Asked): Found {
  const found = useLazyLoadQuery<PeopleAnalyticsQuery>(
    graphql`
      query PeopleAnalyticsQuery(
        $writtenByPerson: AnalyticsInput!
        $doneByPerson: AnalyticsInput!
        $writtenByTeam: AnalyticsInput!
        $doneByTeam: AnalyticsInput!
      ) {
        writtenByPerson: analytics(input: $writtenByPerson) {
          ...answer_of
        }
        doneByPerson: analytics(input: $doneByPerson) {
          ...answer_of
        }
        writtenByTeam: analytics(input: $writtenByTeam) {
          ...answer_of
        }
        doneByTeam: analytics(input: $doneByTeam) {
          ...answer_of
        }
      }
    `,
    {
      writtenByPerson: inputOf(asked, { metrics: WRITTEN, dimensions: ["PERSON"], conditions: BY_PEOPLE, limit: 200 }),
      doneByPerson: inputOf(asked, { metrics: DONE, dimensions: ["PERSON"], limit: 200 }),
      writtenByTeam: inputOf(asked, { metrics: WRITTEN, dimensions: ["TEAM"], conditions: BY_PEOPLE, limit: 200 }),
      doneByTeam: inputOf(asked, { metrics: DONE, dimensions: ["TEAM"], limit: 200 }),
    },
    { fetchPolicy: "store-and-network", fetchKey: asked.fetchKey },
  );
  return useMemo(() => {
    const written = readAnswer(found.writtenByPerson);
    const persons = merged(written.rows, readAnswer(found.doneByPerson).rows).filter(({ parts }) => parts[0]?.value);
    const teams = merged(readAnswer(found.writtenByTeam).rows, readAnswer(found.doneByTeam).rows);
    return { persons: persons.map(told), teams: teams.map(told), freshness: written.freshness };
  }, [found]);
}

/** Who has no row among those who wrote has written nothing. */
function told(row: Row): Row {
  return { ...row, now: { messages: 0, ...row.now } };
}
