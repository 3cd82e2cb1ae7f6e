/** What customers said when they were asked how it went: the latest answers, each with its conversation; new ones come by themselves. */
import { MessageSquareHeart } from "lucide-react";
import { useEffect, useState } from "react";
import { graphql, useLazyLoadQuery, usePaginationFragment, useRelayEnvironment } from "react-relay";
import { requestSubscription } from "relay-runtime";
import { useFormatter, useTranslations } from "use-intl";
import type { Ratings_surveys$key } from "~/__generated__/Ratings_surveys.graphql";
import type { RatingsNextQuery } from "~/__generated__/RatingsNextQuery.graphql";
import type { RatingsQuery } from "~/__generated__/RatingsQuery.graphql";
import type { RatingsSubscription } from "~/__generated__/RatingsSubscription.graphql";
import { Link } from "~/app/navigation";
import { Ago, Badge, type Tone } from "~/components/Badge";
import { Button } from "~/components/Button";
import { EmptyState } from "~/components/Feedback";
import { Section } from "~/components/Page";
import { List, ListItem } from "~/components/Table";
import { spread } from "./spread";

const PAGE = 50;

export function Ratings() {
  const t = useTranslations("analytics");
  const act = useTranslations("app.act");
  const query = useLazyLoadQuery<RatingsQuery>(
    graphql`
      query RatingsQuery($first: Int!) {
        ...Ratings_surveys @arguments(first: $first)
      }
    `,
    { first: PAGE },
    { fetchPolicy: "store-and-network", fetchKey: useAnswers() },
  );
  const { data, hasNext, isLoadingNext, loadNext } = usePaginationFragment<RatingsNextQuery, Ratings_surveys$key>(
    graphql`
      fragment Ratings_surveys on Query
      @refetchable(queryName: "RatingsNextQuery")
      @argumentDefinitions(first: { type: "Int", defaultValue: 50 }, after: { type: "String" }) {
        surveys(filter: { answered: true }, first: $first, after: $after) @connection(key: "Ratings_surveys") {
          edges {
            node {
              id
              score
              comment
              answeredAt
              conversation {
                id
                subject
                customer {
                  id
                  name
                }
              }
            }
          }
        }
      }
    `,
    query,
  );
  const surveys = data.surveys.edges.map(({ node }) => node);
  const scores = surveys.flatMap(({ score }) => (typeof score === "number" ? [score] : []));
  return (
    <Section title={t("ratings")} about={t("ratingsHint")}>
      {surveys.length === 0 ? (
        <EmptyState icon={MessageSquareHeart} title={t("noRatings")} hint={t("noRatingsHint")} />
      ) : (
        <>
          <Spread scores={scores} isAll={!hasNext} />
          <List label={t("ratings")}>
            {surveys.map(({ id, score, comment, answeredAt, conversation }) => (
              <ListItem
                key={id}
                mark={<Score of={score} />}
                title={
                  conversation ? (
                    <Link to={`/inbox/resolved/${encodeURIComponent(conversation.id)}`} className="hover:underline">
                      {conversation.subject || t("conversation")}
                    </Link>
                  ) : (
                    t("conversation")
                  )
                }
                detail={
                  <span className="[overflow-wrap:anywhere]">
                    {conversation?.customer?.name}
                    {comment && ` · “${comment}”`}
                  </span>
                }
                actions={answeredAt && <Ago at={answeredAt} className="text-ink-muted text-xs" />}
              />
            ))}
          </List>
        </>
      )}
      {hasNext && (
        <Button look="quiet" isBusy={isLoadingNext} onPress={() => loadNext(PAGE)}>
          {act("more")}
        </Button>
      )}
    </Section>
  );
}

const TONES: readonly Tone[] = ["neutral", "danger", "danger", "warning", "success", "success"];

function Score({ of }: { readonly of: number | null | undefined }) {
  const t = useTranslations("analytics");
  if (typeof of !== "number") return null;
  return <Badge tone={TONES[of] ?? "neutral"}>{t("score", { score: of })}</Badge>;
}

interface SpreadProps {
  readonly scores: readonly number[];
  /** Whether these are all that there are. */
  readonly isAll: boolean;
}

/** How often each score was given, among the answers that are shown below. */
function Spread({ scores, isAll }: SpreadProps) {
  const t = useTranslations("analytics");
  const format = useFormatter();
  const { satisfied, counts } = spread(scores);
  return (
    <div className="mb-4 flex flex-col gap-3">
      <p>
        <span className="font-semibold text-2xl tabular-nums">{format.number(satisfied, { style: "percent" })}</span>{" "}
        <span className="text-ink-muted">
          {t(isAll ? "satisfiedOfAll" : "satisfiedOfLatest", { count: scores.length })}
        </span>
      </p>
      <dl className="flex max-w-md flex-col gap-1 text-sm">
        {counts.map(({ score, count }) => (
          <div key={score} className="flex items-center gap-3">
            <dt className="w-8 text-ink-muted tabular-nums">{t("score", { score })}</dt>
            <dd className="flex flex-1 items-center gap-3">
              <span aria-hidden className="h-2 flex-1 overflow-hidden rounded-full bg-pressed">
                <span className="block h-full bg-accent" style={{ width: `${(100 * count) / scores.length}%` }} />
              </span>
              <span className="w-8 text-end tabular-nums">{format.number(count)}</span>
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

/** Counts up whenever a customer answers. */
function useAnswers(): number {
  const environment = useRelayEnvironment();
  const [answers, setAnswers] = useState(0);
  useEffect(() => {
    const { dispose } = requestSubscription<RatingsSubscription>(environment, {
      subscription: graphql`
        subscription RatingsSubscription($after: String, $kinds: [InboxChangeKind!]) {
          inboxChanged(after: $after, kinds: $kinds) {
            __typename
            ... on ConversationEvent {
              cursor
            }
            ... on ResyncRequired {
              cursor
            }
          }
        }
      `,
      variables: { kinds: ["SURVEY_ANSWERED"] },
      onNext: () => setAnswers((count) => count + 1),
    });
    return dispose;
  }, [environment]);
  return answers;
}
