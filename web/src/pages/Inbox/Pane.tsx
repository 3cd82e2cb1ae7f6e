/** The list's column: which view it is, what narrows it, what can be done about the selected ones, and the rows. */
import { SearchX } from "lucide-react";
import { Suspense, useCallback, useState } from "react";
import { graphql, useLazyLoadQuery } from "react-relay";
import { useTranslations } from "use-intl";
import type { PaneQuery } from "~/__generated__/PaneQuery.graphql";
import { useSearchParams } from "~/app/navigation";
import { EmptyState, Skeleton } from "~/components/Feedback";
import { Heading } from "./Heading";
import { type Filter, fromParams, type Order, tidy } from "./list/filter";
import { List } from "./list/List";
import { isSystemView, VIEWS } from "./views/system";

interface PaneProps {
  readonly view: string;
  readonly open: string | undefined;
}

export function Pane({ view, open }: PaneProps) {
  const t = useTranslations("inbox.views");
  if (!isSystemView(view)) return <SavedPane view={view} open={open} />;
  return <Shown view={view} open={open} title={t(view)} filter={VIEWS[view].filter} order={VIEWS[view].order} />;
}

/** The list of a view that somebody saved. */
function SavedPane({ view, open }: PaneProps) {
  const t = useTranslations("inbox.empty");
  const { node } = useLazyLoadQuery<PaneQuery>(
    graphql`
      query PaneQuery($id: ID!) {
        node(id: $id) {
          ... on View {
            id
            name
            order
            filter {
              states
              inboxIds
              channels
              assigneeId
              isMine
              isAssigned
              priorities
              anyTagIds
              allTagIds
              attributes {
                key
                value
              }
              isSnoozed
              isSpam
              customerId
              isUnread
              waitingSeconds
              startedAfter
              startedBefore
              activeAfter
              activeBefore
            }
          }
        }
      }
    `,
    { id: view },
    { fetchPolicy: "store-and-network" },
  );
  if (!node?.filter || !node.order) return <EmptyState icon={SearchX} title={t("gone")} hint={t("goneHint")} />;
  const { name = "", filter, order } = node;
  return <Shown view={view} open={open} title={name} filter={tidy(filter)} order={order} />;
}

interface ShownProps extends PaneProps {
  readonly title: string;
  readonly filter: Filter;
  readonly order: Order;
}

/** What the view shows, narrowed by what the address adds. */
function Shown({ view, open, title, filter: own, order: usual }: ShownProps) {
  const [params] = useSearchParams();
  const added = fromParams(params);
  const filter = tidy({ ...own, ...added.filter });
  const order = added.order ?? usual;
  const query = params.size > 0 ? `?${params}` : "";
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const select = useCallback((id: string, isSelected: boolean) => {
    setSelected((before) => {
      const after = new Set(before);
      if (isSelected) after.add(id);
      else after.delete(id);
      return after;
    });
  }, []);
  return (
    <>
      <title>{`${title} · Parley`}</title>
      <Heading title={title} view={view} filter={filter} order={order} added={added.filter} />
      <Suspense key={`${view}${query}`} fallback={<Skeleton className="p-6" lines={8} />}>
        <List
          view={view}
          query={query}
          filter={filter}
          order={order}
          open={open}
          selected={selected}
          onSelect={select}
        />
      </Suspense>
    </>
  );
}
