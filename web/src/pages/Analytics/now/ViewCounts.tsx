/** How many conversations one's views have, as it changes; each leads to its conversations. */
import { graphql, useLazyLoadQuery, useSubscription } from "react-relay";
import type { RecordSourceSelectorProxy } from "relay-runtime";
import { useFormatter, useTranslations } from "use-intl";
import type { ViewCountsQuery } from "~/__generated__/ViewCountsQuery.graphql";
import type { ViewCountsSubscription } from "~/__generated__/ViewCountsSubscription.graphql";
import { Link } from "~/app/navigation";
import { Section } from "~/components/Page";
import { List, ListItem } from "~/components/Table";

const live = graphql`
  subscription ViewCountsSubscription {
    viewCountsChanged {
      count
      isCapped
      view {
        id
      }
    }
  }
`;

/** What each event counts is what its view has now. */
const config = {
  subscription: live,
  variables: {},
  updater: (store: RecordSourceSelectorProxy<ViewCountsSubscription["response"]>) => {
    for (const count of store.getPluralRootField("viewCountsChanged") ?? [])
      count?.getLinkedRecord("view")?.setLinkedRecord(count, "conversationCount");
  },
};

export function ViewCounts() {
  const t = useTranslations("analytics");
  const format = useFormatter();
  const { views } = useLazyLoadQuery<ViewCountsQuery>(
    graphql`
      query ViewCountsQuery {
        views {
          id
          name
          conversationCount {
            count
            isCapped
          }
        }
      }
    `,
    {},
    { fetchPolicy: "store-and-network" },
  );
  useSubscription<ViewCountsSubscription>(config);
  return (
    <Section title={t("views")} about={t("viewsHint")}>
      {views.length === 0 ? (
        <p className="text-ink-muted">{t("noViews")}</p>
      ) : (
        <List label={t("views")}>
          {views.map(({ id, name, conversationCount }) => (
            <ListItem
              key={id}
              title={
                <Link to={`/inbox/${encodeURIComponent(id)}`} className="hover:underline">
                  {name}
                </Link>
              }
              actions={
                <span className="font-semibold tabular-nums">
                  {conversationCount && format.number(conversationCount.count)}
                  {conversationCount?.isCapped && "+"}
                </span>
              }
            />
          ))}
        </List>
      )}
    </Section>
  );
}
