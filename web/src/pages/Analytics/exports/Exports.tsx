/** Data as files: asking for one of the range and filters that the address has, and those that were asked for before. */
import { Plus } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { graphql, useLazyLoadQuery, usePaginationFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { Exports_list$key } from "~/__generated__/Exports_list.graphql";
import type { ExportsNextQuery } from "~/__generated__/ExportsNextQuery.graphql";
import type { ExportsQuery } from "~/__generated__/ExportsQuery.graphql";
import { present } from "~/changes";
import { Button } from "~/components/Button";
import { Page, Section } from "~/components/Page";
import { List } from "~/components/Table";
import { ExportLine } from "./ExportLine";

const ExportDialog = lazy(() => import("./ExportDialog"));
const PAGE = 20;

export default function Exports() {
  const t = useTranslations("analytics.exports");
  const act = useTranslations("app.act");
  const [isAsking, setIsAsking] = useState(false);
  const query = useLazyLoadQuery<ExportsQuery>(
    graphql`
      query ExportsQuery($first: Int!) {
        ...Exports_list @arguments(first: $first)
      }
    `,
    { first: PAGE },
    { fetchPolicy: "store-and-network" },
  );
  const { data, hasNext, isLoadingNext, loadNext } = usePaginationFragment<ExportsNextQuery, Exports_list$key>(
    graphql`
      fragment Exports_list on Query
      @refetchable(queryName: "ExportsNextQuery")
      @argumentDefinitions(first: { type: "Int", defaultValue: 20 }, after: { type: "String" }) {
        exports(first: $first, after: $after) @connection(key: "Exports_exports") {
          __id
          edges {
            node {
              id
              ...ExportLine_export
            }
          }
        }
      }
    `,
    query,
  );
  const exports = present(data.exports.edges.map(({ node }) => node));
  const ask = (
    <Button look="primary" icon={Plus} onPress={() => setIsAsking(true)}>
      {t("create")}
    </Button>
  );
  return (
    <Page title={t("title")} about={t("about")} actions={ask}>
      <Section>
        {exports.length === 0 ? (
          <p className="text-ink-muted">{t("none")}</p>
        ) : (
          <List label={t("title")}>
            {exports.map((one) => (
              <ExportLine key={one.id} one={one} />
            ))}
          </List>
        )}
        {hasNext && (
          <Button look="quiet" isBusy={isLoadingNext} onPress={() => loadNext(PAGE)}>
            {act("more")}
          </Button>
        )}
      </Section>
      {isAsking && (
        <Suspense>
          <ExportDialog connection={data.exports.__id} onClose={() => setIsAsking(false)} />
        </Suspense>
      )}
    </Page>
  );
}
