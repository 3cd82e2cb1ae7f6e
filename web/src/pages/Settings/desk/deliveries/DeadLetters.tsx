/** Jobs that failed for good: which, why, and another go. */
import { CheckCircle2, RotateCcw } from "lucide-react";
import { graphql, useLazyLoadQuery, usePaginationFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { DeadLetters_letters$data, DeadLetters_letters$key } from "~/__generated__/DeadLetters_letters.graphql";
import type { DeadLettersPaginationQuery } from "~/__generated__/DeadLettersPaginationQuery.graphql";
import type { DeadLettersQuery } from "~/__generated__/DeadLettersQuery.graphql";
import type { DeadLettersReplayMutation } from "~/__generated__/DeadLettersReplayMutation.graphql";
import { useChange } from "~/changes";
import { Ago } from "~/components/Badge";
import { IconButton } from "~/components/Button";
import { EmptyState } from "~/components/Feedback";
import { Page, Section } from "~/components/Page";
import { List, ListItem } from "~/components/Table";
import { tell, useTellProblem } from "~/components/Toast";
import { More } from "../parts/More";

type Letter = DeadLetters_letters$data["deadLetters"]["edges"][number]["node"];

export default function DeadLetters() {
  const t = useTranslations("connections.jobs");
  const query = useLazyLoadQuery<DeadLettersQuery>(
    graphql`
      query DeadLettersQuery {
        ...DeadLetters_letters
      }
    `,
    {},
    { fetchPolicy: "store-and-network" },
  );
  return (
    <Page title={t("title")} about={t("about")}>
      <Section>
        <Letters letters={query} />
      </Section>
    </Page>
  );
}

function Letters({ letters }: { readonly letters: DeadLetters_letters$key }) {
  const t = useTranslations("connections.jobs");
  const { data, hasNext, isLoadingNext, loadNext } = usePaginationFragment<
    DeadLettersPaginationQuery,
    DeadLetters_letters$key
  >(
    graphql`
      fragment DeadLetters_letters on Query
      @argumentDefinitions(first: { type: "Int", defaultValue: 30 }, after: { type: "String" })
      @refetchable(queryName: "DeadLettersPaginationQuery") {
        deadLetters(first: $first, after: $after) @connection(key: "DeadLetters_deadLetters") {
          __id
          edges {
            node {
              id
              job
              stream
              event
              attempts
              error
              failedAt
            }
          }
        }
      }
    `,
    letters,
  );
  const { edges, __id } = data.deadLetters;
  if (edges.length === 0) return <EmptyState icon={CheckCircle2} title={t("empty")} hint={t("emptyHint")} />;
  return (
    <>
      <List label={t("title")}>
        {edges.map(({ node }) => (
          <Line key={node.id} letter={node} connection={__id} />
        ))}
      </List>
      <More hasNext={hasNext} isLoading={isLoadingNext} onMore={() => loadNext(30)} />
    </>
  );
}

function Line({ letter, connection }: { readonly letter: Letter; readonly connection: string }) {
  const t = useTranslations("connections.jobs");
  const tellProblem = useTellProblem();
  const [replay, isBusy] = useChange<DeadLettersReplayMutation>(graphql`
    mutation DeadLettersReplayMutation($input: ReplayDeadLetterInput!, $connections: [ID!]!) {
      replayDeadLetter(input: $input) {
        ... on ReplayDeadLetterSuccess {
          id @deleteEdge(connections: $connections)
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const again = (): void =>
    void replay({ input: { id: letter.id }, connections: [connection] }).then(() => tell(t("replayed")), tellProblem);
  const detail = (
    <>
      <span className="block text-danger [overflow-wrap:anywhere]">{letter.error}</span>
      <span className="text-ink-faint">
        {letter.event} · {letter.stream} · {t("attempts", { attempts: letter.attempts })} · <Ago at={letter.failedAt} />
      </span>
    </>
  );
  const actions = <IconButton icon={RotateCcw} label={t("replay")} isBusy={isBusy} onPress={again} />;
  return <ListItem title={letter.job} detail={detail} actions={actions} />;
}
