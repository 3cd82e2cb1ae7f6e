/** What the assistant can look up and do, and under which conditions. */
import { Plus, Wrench } from "lucide-react";
import { useState } from "react";
import { graphql, useLazyLoadQuery, usePaginationFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { ToolRow_tool$data } from "~/__generated__/ToolRow_tool.graphql";
import type { Tools_tools$key } from "~/__generated__/Tools_tools.graphql";
import type { ToolsNextQuery } from "~/__generated__/ToolsNextQuery.graphql";
import type { ToolsQuery } from "~/__generated__/ToolsQuery.graphql";
import { useMay } from "~/app/viewer";
import { Button } from "~/components/Button";
import { EmptyState } from "~/components/Feedback";
import { Page, Section } from "~/components/Page";
import { List } from "~/components/Table";
import { SigningKey } from "./SigningKey";
import { ToolDialog } from "./ToolDialog";
import { ToolRow } from "./ToolRow";
import { ToolTest } from "./ToolTest";

type Tool = ToolRow_tool$data;
type Doing = { readonly deed: "create" } | { readonly deed: "change" | "test"; readonly tool: Tool };

const PAGE = 50;

export default function Tools() {
  const t = useTranslations("assistant.tools");
  const act = useTranslations("app.act");
  const mayManage = useMay("MANAGE_ASSISTANT");
  const [doing, setDoing] = useState<Doing | null>(null);
  const [signingKey, setSigningKey] = useState<string | null>(null);
  const query = useLazyLoadQuery<ToolsQuery>(
    graphql`
      query ToolsQuery($first: Int!) {
        ...Tools_tools @arguments(first: $first)
      }
    `,
    { first: PAGE },
    { fetchPolicy: "store-and-network" },
  );
  const { data, hasNext, isLoadingNext, loadNext } = usePaginationFragment<ToolsNextQuery, Tools_tools$key>(
    graphql`
      fragment Tools_tools on Query
      @refetchable(queryName: "ToolsNextQuery")
      @argumentDefinitions(first: { type: "Int", defaultValue: 50 }, after: { type: "String" }) {
        tools(first: $first, after: $after) @connection(key: "Tools_tools") {
          __id
          edges {
            node {
              id
              ...ToolRow_tool
            }
          }
        }
      }
    `,
    query,
  );
  const { edges, __id: connection } = data.tools;
  const close = (): void => setDoing(null);
  const create = (
    <Button look="primary" icon={Plus} onPress={() => setDoing({ deed: "create" })}>
      {t("create")}
    </Button>
  );
  return (
    <Page title={t("title")} about={t("about")} actions={mayManage && create}>
      {signingKey && <SigningKey value={signingKey} onClose={() => setSigningKey(null)} />}
      <Section>
        {edges.length === 0 ? (
          <EmptyState icon={Wrench} title={t("empty")} hint={t("emptyHint")} />
        ) : (
          <List label={t("title")}>
            {edges.map(({ node }) => (
              <ToolRow
                key={node.id}
                tool={node}
                connection={connection}
                onChange={(tool) => setDoing({ deed: "change", tool })}
                onTest={(tool) => setDoing({ deed: "test", tool })}
              />
            ))}
          </List>
        )}
        {hasNext && (
          <Button look="quiet" isBusy={isLoadingNext} onPress={() => loadNext(PAGE)}>
            {act("more")}
          </Button>
        )}
      </Section>
      {doing?.deed === "test" && <ToolTest tool={doing.tool} onClose={close} />}
      {(doing?.deed === "create" || doing?.deed === "change") && (
        <ToolDialog
          tool={doing.deed === "change" ? doing.tool : null}
          connection={connection}
          onKey={setSigningKey}
          onClose={close}
        />
      )}
    </Page>
  );
}
