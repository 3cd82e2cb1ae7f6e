/** What a search found, the best first, and since when it is all that there is. */
import { SearchX } from "lucide-react";
import { graphql, useLazyLoadQuery, usePaginationFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { Found_hits$key } from "~/__generated__/Found_hits.graphql";
import type { FoundPageQuery } from "~/__generated__/FoundPageQuery.graphql";
import type { FoundQuery, FoundQuery$variables } from "~/__generated__/FoundQuery.graphql";
import { When } from "~/components/Badge";
import { Button } from "~/components/Button";
import { EmptyState, Notice } from "~/components/Feedback";
import type { Asked } from "./asked";
import { Hit } from "./Hit";

interface FoundProps {
  readonly variables: FoundQuery$variables;
  readonly onChange: (part: Partial<Asked>) => void;
}

export function Found({ variables, onChange }: FoundProps) {
  const data = useLazyLoadQuery<FoundQuery>(
    graphql`
      query FoundQuery($words: String!, $types: [SearchType!], $filter: SearchFilterInput) {
        ...Found_hits @arguments(words: $words, types: $types, filter: $filter)
      }
    `,
    variables,
    { fetchPolicy: "store-and-network" },
  );
  return <Hits hits={data} onChange={onChange} />;
}

interface HitsProps {
  readonly hits: Found_hits$key;
  readonly onChange: (part: Partial<Asked>) => void;
}

function Hits({ hits, onChange }: HitsProps) {
  const t = useTranslations("search");
  const act = useTranslations("app.act");
  const { data, hasNext, loadNext, isLoadingNext } = usePaginationFragment<FoundPageQuery, Found_hits$key>(
    graphql`
      fragment Found_hits on Query
      @refetchable(queryName: "FoundPageQuery")
      @argumentDefinitions(
        words: { type: "String!" }
        types: { type: "[SearchType!]" }
        filter: { type: "SearchFilterInput" }
        count: { type: "Int", defaultValue: 25 }
        after: { type: "String" }
      ) {
        search(query: $words, types: $types, filter: $filter, first: $count, after: $after)
          @connection(key: "Found_search") {
          completeSince
          edges {
            cursor
            node {
              ...Hit_hit
            }
          }
        }
      }
    `,
    hits,
  );
  const { edges, completeSince } = data.search;
  const further = completeSince && (
    <Notice>
      <p>
        {t("completeSince")} <When at={completeSince} withTime />. {t("completeHint")}
      </p>
      <Button className="mt-2" onPress={() => onChange({ before: completeSince })}>
        {t("further")}
      </Button>
    </Notice>
  );
  return (
    <div className="flex flex-col gap-3">
      <p role="status" className="text-ink-muted text-xs">
        {edges.length > 0 && t(hasNext ? "countMore" : "count", { count: edges.length })}
      </p>
      {edges.length === 0 ? (
        <EmptyState icon={SearchX} title={t("none")} hint={t("noneHint")} />
      ) : (
        <ol aria-label={t("hits")} className="divide-y divide-line rounded-xl border border-line bg-surface">
          {edges.map(({ cursor, node }) => (
            <Hit key={cursor} hit={node} />
          ))}
        </ol>
      )}
      {hasNext && (
        <Button className="self-center" isBusy={isLoadingNext} onPress={() => loadNext(25)}>
          {act("more")}
        </Button>
      )}
      {further}
    </div>
  );
}
