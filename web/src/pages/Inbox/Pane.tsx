/** The list's column: which view it is, what narrows it, what can be done about the selected ones, and the rows. */
import { SearchX } from "lucide-react";
import { lazy, Suspense, useCallback, useState } from "react";
import { graphql, readInlineData, useLazyLoadQuery } from "react-relay";
import { useTranslations } from "use-intl";
import type { PaneQuery } from "~/__generated__/PaneQuery.graphql";
import type { view_view$key } from "~/__generated__/view_view.graphql";
import { useSearchParams } from "~/app/navigation";
import { EmptyState, Skeleton } from "~/components/Feedback";
import { Heading } from "./Heading";
import { type Filter, fromParams, type Order, tidy } from "./list/filter";
import { List } from "./list/List";
import { isSystemView, VIEWS } from "./views/system";
import type { Saved } from "./views/ViewDialog";
import { VIEW } from "./views/view";

const Bulk = lazy(() => import("./bulk/Bulk"));

interface PaneProps {
  readonly view: string;
  readonly open: string | undefined;
}

export function Pane({ view, open }: PaneProps) {
  const t = useTranslations("inbox.views");
  if (!isSystemView(view)) return <SavedPane view={view} open={open} />;
  return (
    <Shown view={view} open={open} title={t(view)} saved={null} filter={VIEWS[view].filter} order={VIEWS[view].order} />
  );
}

/** The list of a view that somebody saved. */
function SavedPane({ view, open }: PaneProps) {
  const t = useTranslations("inbox.empty");
  const { node } = useLazyLoadQuery<PaneQuery>(
    graphql`
      query PaneQuery($id: ID!) {
        node(id: $id) {
          ...view_view @alias(as: "view")
        }
      }
    `,
    { id: view },
    { fetchPolicy: "store-and-network" },
  );
  if (!node?.view) return <EmptyState icon={SearchX} title={t("gone")} hint={t("goneHint")} />;
  const saved = readInlineData<view_view$key>(VIEW, node.view);
  const { name, filter, order } = saved;
  return <Shown view={view} open={open} title={name} saved={saved} filter={tidy(filter)} order={order} />;
}

interface ShownProps extends PaneProps {
  readonly title: string;
  readonly saved: Saved | null;
  readonly filter: Filter;
  readonly order: Order;
}

/** What the view shows, or what the address asks for instead. */
function Shown({ view, open, title, saved, filter: own, order: usual }: ShownProps) {
  const [params] = useSearchParams();
  const added = fromParams(params);
  const filter = added.filter ?? own;
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
      {selected.size > 0 ? (
        <Suspense fallback={<div className="h-11 shrink-0 border-line border-b" />}>
          <Bulk selected={selected} onSelect={setSelected} />
        </Suspense>
      ) : (
        <Heading title={title} view={view} saved={saved} filter={filter} order={order} added={added.filter} />
      )}
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
