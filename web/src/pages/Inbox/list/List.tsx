/** The conversations of a view: as many as there are, of which those in sight are drawn. */
import { ArrowUp, ListFilter } from "lucide-react";
import { useCallback, useEffect, useRef, useState } from "react";
import { graphql, useLazyLoadQuery, usePaginationFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { List_page$key } from "~/__generated__/List_page.graphql";
import type { ListPageQuery } from "~/__generated__/ListPageQuery.graphql";
import type { ListQuery } from "~/__generated__/ListQuery.graphql";
import { useNavigate } from "~/app/navigation";
import { Button } from "~/components/Button";
import { EmptyState } from "~/components/Feedback";
import { placeOf } from "../place";
import { isSystemView, VIEWS } from "../views/system";
import type { Filter, Order } from "./filter";
import { useCurrent, useListCommands } from "./keys";
import { useLive } from "./live";
import { ROW_HEIGHT, Row } from "./Row";
import { useWindow } from "./window";

/** So many at first, and so many more while so few are left: each page costs as much again as all before it. */
const FIRST = 50;
const MORE = 100;
const AHEAD = 25;

interface ListProps {
  readonly view: string;
  /** The part of the address that says the filters, with its question mark. */
  readonly query: string;
  readonly filter: Filter;
  readonly order: Order;
  readonly open: string | undefined;
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (id: string, isSelected: boolean) => void;
}

export function List(props: ListProps) {
  const [asked, setAsked] = useState(0);
  const data = useLazyLoadQuery<ListQuery>(
    graphql`
      query ListQuery($filter: ConversationFilterInput!, $order: ConversationOrder!, $first: Int!) {
        viewer {
          inboxCursor
          agent {
            id
          }
        }
        ...List_page
      }
    `,
    { filter: props.filter, order: props.order, first: FIRST },
    { fetchPolicy: "store-and-network", fetchKey: asked },
  );
  const { agent, inboxCursor } = data.viewer;
  const onGap = useCallback(() => setAsked((times) => times + 1), []);
  return <Rows {...props} page={data} me={agent?.id} cursor={inboxCursor} onGap={onGap} />;
}

interface RowsProps extends ListProps {
  readonly page: List_page$key;
  readonly me: string | undefined;
  readonly cursor: string | null | undefined;
  readonly onGap: () => void;
}

function Rows({ page, me, cursor, onGap, ...props }: RowsProps) {
  const { view, query, filter, order, open, selected, onSelect } = props;
  const t = useTranslations("inbox");
  const { data, hasNext, isLoadingNext, loadNext } = usePaginationFragment<ListPageQuery, List_page$key>(
    graphql`
      fragment List_page on Query
      @refetchable(queryName: "ListPageQuery")
      @argumentDefinitions(after: { type: "String" }) {
        conversations(filter: $filter, order: $order, first: $first, after: $after)
          @connection(key: "List_conversations") {
          __id
          edges {
            node {
              id
              ...Row_conversation
            }
          }
        }
      }
    `,
    page,
  );
  const { edges, __id: list } = data.conversations;
  const scroller = useRef<HTMLDivElement>(null);
  const [range, isAtTop] = useWindow(scroller, ROW_HEIGHT, edges.length);
  const [held, admit] = useLive({ list, cursor, wanted: { filter, order, me }, isHeld: !isAtTop, onGap });
  const letIn = (): void => {
    scroller.current?.scrollTo({ top: 0 });
    admit();
  };
  const ids = edges.map((edge) => edge.node.id);
  const { current, move, keyDown } = useCurrent(ids, open, scroller);
  const navigate = useNavigate();
  useListCommands({ current, move, selected, onSelect, onOpen: (id) => navigate(placeOf(view, id) + query) });
  useEffect(() => {
    if (hasNext && !isLoadingNext && range.end > edges.length - AHEAD) loadNext(MORE);
  }, [hasNext, isLoadingNext, loadNext, range.end, edges.length]);
  const shown = edges.slice(range.first, range.end).map((edge, at) => ({ edge, at: range.first + at }));
  const away = ids.indexOf(current ?? "");
  const kept = edges[away];
  if (kept && (away < range.first || away >= range.end)) shown.push({ edge: kept, at: away });
  if (edges.length === 0 && !hasNext) return <Empty view={view} />;
  return (
    <div className="relative min-h-0 flex-1">
      <HeldBack count={held} onPress={letIn} />
      <div ref={scroller} className="h-full overflow-y-auto overscroll-contain [contain:strict]">
        <ul
          aria-label={t("list")}
          onKeyDown={keyDown}
          className="relative"
          style={{ height: edges.length * ROW_HEIGHT }}
        >
          {shown.map(({ edge, at }) => (
            <Row
              key={edge.node.id}
              conversation={edge.node}
              view={view}
              query={query}
              at={at}
              count={hasNext ? -1 : edges.length}
              isOpen={edge.node.id === open}
              isCurrent={edge.node.id === current}
              isSelected={selected.has(edge.node.id)}
              onSelect={onSelect}
            />
          ))}
        </ul>
      </div>
    </div>
  );
}

/** New conversations that wait while somebody reads further down. */
function HeldBack({ count, onPress }: { readonly count: number; readonly onPress: () => void }) {
  const t = useTranslations("inbox");
  return (
    <div role="status" className="pointer-events-none absolute inset-x-0 top-2 z-10 flex justify-center">
      {count > 0 && (
        <Button icon={ArrowUp} onPress={onPress} className="pointer-events-auto rounded-full shadow-popup">
          {t("held", { count })}
        </Button>
      )}
    </div>
  );
}

function Empty({ view }: { readonly view: string }) {
  const t = useTranslations("inbox.empty");
  const place = isSystemView(view) ? view : "other";
  return (
    <EmptyState icon={isSystemView(view) ? VIEWS[view].icon : ListFilter} title={t(place)} hint={t(`${place}Hint`)} />
  );
}
