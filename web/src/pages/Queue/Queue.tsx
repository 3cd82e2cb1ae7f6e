/** Who waits for a person, in the order in which people are asked, and why nobody is asked yet. */
import { Hand, ListOrdered } from "lucide-react";
import { useCallback, useState } from "react";
import { graphql, useLazyLoadQuery, usePaginationFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { Queue_page$key } from "~/__generated__/Queue_page.graphql";
import type { QueuePageQuery } from "~/__generated__/QueuePageQuery.graphql";
import type { QueueQuery } from "~/__generated__/QueueQuery.graphql";
import { useCommands } from "~/app/commands";
import { Button } from "~/components/Button";
import { EmptyState } from "~/components/Feedback";
import { Page, Section } from "~/components/Page";
import { useQueueChanges } from "./changes";
import { Entry } from "./Entry";
import { useTake } from "./take";

const PAGE = 50;

export default function Queue() {
  const [asked, setAsked] = useState(0);
  const data = useLazyLoadQuery<QueueQuery>(
    graphql`
      query QueueQuery($first: Int!) {
        viewer {
          inboxCursor
        }
        ...Queue_page
      }
    `,
    { first: PAGE },
    { fetchPolicy: "store-and-network", fetchKey: asked },
  );
  useQueueChanges(useCallback(() => setAsked((times) => times + 1), []));
  return <Waiting page={data} />;
}

function Waiting({ page }: { readonly page: Queue_page$key }) {
  const t = useTranslations("queue");
  const act = useTranslations("app.act");
  const { data, hasNext, isLoadingNext, loadNext } = usePaginationFragment<QueuePageQuery, Queue_page$key>(
    graphql`
      fragment Queue_page on Query @refetchable(queryName: "QueuePageQuery") @argumentDefinitions(after: { type: "String" }) {
        queue(first: $first, after: $after) @connection(key: "Queue_queue") {
          edges {
            node {
              conversation {
                id
              }
              ...Entry_entry
            }
          }
        }
      }
    `,
    page,
  );
  const [take, isTaking] = useTake();
  const entries = data.queue.edges.flatMap(({ node }) =>
    node.conversation ? [{ node, id: node.conversation.id }] : [],
  );
  const [first] = entries;
  const takeNext = (): void => first && take(first.id);
  useCommands([{ id: "queue.next", title: t("takeNext"), group: t("title"), keys: "t", run: takeNext }]);
  const next = (
    <Button look="primary" icon={Hand} isBusy={isTaking} onPress={takeNext}>
      {t("takeNext")}
    </Button>
  );
  return (
    <Page title={t("title")} about={t("about")} width="wide" actions={entries.length > 0 && next}>
      <Section>
        {entries.length === 0 ? (
          <EmptyState icon={ListOrdered} title={t("empty")} hint={t("emptyHint")} />
        ) : (
          <ol aria-label={t("title")} className="divide-y divide-line">
            {entries.map(({ node, id }) => (
              <Entry key={id} entry={node} onTake={() => take(id)} isBusy={isTaking} />
            ))}
          </ol>
        )}
        {hasNext && (
          <Button className="mt-3" isBusy={isLoadingNext} onPress={() => loadNext(PAGE)}>
            {act("more")}
          </Button>
        )}
      </Section>
    </Page>
  );
}
