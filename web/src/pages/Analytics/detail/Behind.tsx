/** The conversations behind a number, each with what it adds to it; they open in the inbox. */
import { graphql, usePaginationFragment } from "react-relay";
import { useFormatter, useTranslations } from "use-intl";
import type { Behind_rows$data, Behind_rows$key } from "~/__generated__/Behind_rows.graphql";
import type { BehindNextQuery } from "~/__generated__/BehindNextQuery.graphql";
import { Link } from "~/app/navigation";
import { When } from "~/components/Badge";
import { Button } from "~/components/Button";
import { List, ListItem } from "~/components/Table";
import { unitOf, useSay } from "../figures/words";

const PAGE = 20;

interface BehindProps {
  readonly metric: string;
  readonly query: Behind_rows$key;
}

export function Behind({ metric, query }: BehindProps) {
  const t = useTranslations("analytics.detail");
  const act = useTranslations("app.act");
  const { data, hasNext, isLoadingNext, loadNext } = usePaginationFragment<BehindNextQuery, Behind_rows$key>(
    graphql`
      fragment Behind_rows on Query
      @refetchable(queryName: "BehindNextQuery")
      @argumentDefinitions(
        cell: { type: "AnalyticsCellInput!" }
        first: { type: "Int", defaultValue: 20 }
        after: { type: "String" }
      ) {
        drilldown(input: $cell, first: $first, after: $after) @connection(key: "Behind_drilldown") {
          edges {
            cursor
            node {
              at
              numerator
              denominator
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
  const { edges } = data.drilldown;
  return (
    <section className="flex flex-col gap-1">
      <h3 className="font-medium">{t("behind")}</h3>
      <p className="text-ink-muted text-sm">{edges.length > 0 ? t("behindHint") : t("nobody")}</p>
      {edges.length > 0 && (
        <List label={t("behind")}>
          {edges.map(({ cursor, node }) => (
            <Contribution key={cursor} metric={metric} {...node} />
          ))}
        </List>
      )}
      {hasNext && (
        <Button look="quiet" isBusy={isLoadingNext} onPress={() => loadNext(PAGE)} className="self-start">
          {act("more")}
        </Button>
      )}
    </section>
  );
}

type Row = Behind_rows$data["drilldown"]["edges"][number]["node"] & { readonly metric: string };

function Contribution({ metric, at, numerator, denominator, conversation }: Row) {
  const t = useTranslations("analytics");
  const added = useAdded();
  return (
    <ListItem
      title={
        conversation ? (
          <Link to={`/inbox/open/${encodeURIComponent(conversation.id)}`} className="hover:underline">
            {conversation.subject || t("conversation")}
          </Link>
        ) : (
          <span className="text-ink-muted">{t("detail.hidden")}</span>
        )
      }
      detail={
        <>
          {conversation?.customer?.name && `${conversation.customer.name} · `}
          <When at={at} withTime />
        </>
      }
      actions={<span className="text-sm tabular-nums">{added(metric, numerator, denominator)}</span>}
    />
  );
}

/** What a conversation adds: so much, or so much of so much where the number is a share or a mean. */
function useAdded(): (metric: string, numerator: number, denominator: number | null | undefined) => string {
  const t = useTranslations("analytics.detail");
  const format = useFormatter();
  const say = useSay();
  return (metric, numerator, denominator) => {
    if (typeof denominator !== "number") return say(metric, numerator);
    const isCounted = unitOf(metric) === "share" || unitOf(metric) === "score";
    const part = isCounted ? format.number(numerator) : say(metric, numerator);
    return t("of", { part, whole: format.number(denominator) });
  };
}
