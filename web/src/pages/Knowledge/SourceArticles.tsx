/** One source in the tree: its name, and its articles while it is unfolded. */
import { ChevronRight, Lock } from "lucide-react";
import { Suspense, useState } from "react";
import { graphql, useFragment, useLazyLoadQuery, usePaginationFragment } from "react-relay";
import { useFormatter, useTranslations } from "use-intl";
import type { SourceArticles_articles$key } from "~/__generated__/SourceArticles_articles.graphql";
import type { SourceArticles_source$key } from "~/__generated__/SourceArticles_source.graphql";
import type { SourceArticlesNextQuery } from "~/__generated__/SourceArticlesNextQuery.graphql";
import type { SourceArticlesQuery } from "~/__generated__/SourceArticlesQuery.graphql";
import { Link } from "~/app/navigation";
import { Badge } from "~/components/Badge";
import { Button } from "~/components/Button";
import { Skeleton } from "~/components/Feedback";
import { cx } from "~/components/style";

interface Props {
  readonly source: SourceArticles_source$key;
  /** The id of the article that is open. */
  readonly open: string | undefined;
}

export function SourceArticles({ source: key, open }: Props) {
  const format = useFormatter();
  const source = useFragment(
    graphql`
      fragment SourceArticles_source on Source {
        id
        name
        articleCount
      }
    `,
    key,
  );
  const [isOpen, setOpen] = useState(source.articleCount <= 200);
  return (
    <section className="mb-1">
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className="flex min-h-8 w-full items-center gap-1.5 rounded-md px-2 text-start font-medium text-ink-muted text-xs hover:bg-hover"
      >
        <ChevronRight size={14} aria-hidden className={cx("shrink-0 rtl:-scale-x-100", isOpen && "rotate-90")} />
        <span className="min-w-0 flex-1 truncate">{source.name}</span>
        <span className="tabular-nums">{format.number(source.articleCount)}</span>
      </button>
      {isOpen && (
        <Suspense fallback={<Skeleton className="px-4 py-2" lines={4} />}>
          <Articles sourceId={source.id} open={open} />
        </Suspense>
      )}
    </section>
  );
}

function Articles({ sourceId, open }: { readonly sourceId: string; readonly open: string | undefined }) {
  const act = useTranslations("app.act");
  const query = useLazyLoadQuery<SourceArticlesQuery>(
    graphql`
      query SourceArticlesQuery($sourceId: ID!) {
        ...SourceArticles_articles @arguments(sourceId: $sourceId)
      }
    `,
    { sourceId },
    { fetchPolicy: "store-and-network" },
  );
  const { data, hasNext, isLoadingNext, loadNext } = usePaginationFragment<
    SourceArticlesNextQuery,
    SourceArticles_articles$key
  >(
    graphql`
      fragment SourceArticles_articles on Query
      @refetchable(queryName: "SourceArticlesNextQuery")
      @argumentDefinitions(sourceId: { type: "ID" }, first: { type: "Int", defaultValue: 50 }, after: { type: "String" }) {
        articles(sourceId: $sourceId, first: $first, after: $after) @connection(key: "SourceArticles_articles") {
          edges {
            node {
              id
              title
              state
              audience
            }
          }
        }
      }
    `,
    query,
  );
  return (
    <ul>
      {data.articles.edges.map(({ node }) => (
        <li key={node.id}>
          <Entry article={node} isOpen={node.id === open} />
        </li>
      ))}
      {hasNext && (
        <li className="px-2 py-1">
          <Button look="quiet" isBusy={isLoadingNext} onPress={() => loadNext(50)}>
            {act("more")}
          </Button>
        </li>
      )}
    </ul>
  );
}

interface EntryProps {
  readonly article: {
    readonly id: string;
    readonly title: string;
    readonly state: "DRAFT" | "PUBLISHED" | "UNPUBLISHED";
    readonly audience: "EVERYONE" | "INTERNAL";
  };
  readonly isOpen: boolean;
}

function Entry({ article, isOpen }: EntryProps) {
  const t = useTranslations("knowledge");
  return (
    <Link
      to={`/knowledge/${article.id}`}
      aria-current={isOpen ? "page" : undefined}
      className={cx(
        "flex min-h-8 items-center gap-1.5 rounded-md py-1 ps-7 pe-2 text-sm",
        isOpen ? "bg-pressed font-medium" : "hover:bg-hover",
        article.state !== "PUBLISHED" && "text-ink-muted",
      )}
    >
      <span className="min-w-0 flex-1 truncate">{article.title}</span>
      {article.audience === "INTERNAL" && <Lock size={12} aria-label={t("audience.INTERNAL")} className="shrink-0" />}
      {article.state !== "PUBLISHED" && <Badge>{t(`state.${article.state}`)}</Badge>}
    </Link>
  );
}
