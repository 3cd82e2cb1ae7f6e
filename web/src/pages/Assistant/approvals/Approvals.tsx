/** What the assistant asks to be allowed, and what became of what it asked before. */
import { ShieldCheck } from "lucide-react";
import { Suspense, useCallback, useState } from "react";
import { graphql, useLazyLoadQuery, usePaginationFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { Approvals_actions$key } from "~/__generated__/Approvals_actions.graphql";
import type { ApprovalsNextQuery } from "~/__generated__/ApprovalsNextQuery.graphql";
import type { ApprovalsQuery } from "~/__generated__/ApprovalsQuery.graphql";
import { useSearchParams } from "~/app/navigation";
import { Button } from "~/components/Button";
import { EmptyState, Skeleton } from "~/components/Feedback";
import { Page } from "~/components/Page";
import { Tabs } from "~/components/Tabs";
import { ApprovalCard } from "./ApprovalCard";
import { useActionNews } from "./news";

const TABS = ["waiting", "decided"] as const;
const PAGE = 20;

export default function Approvals() {
  const t = useTranslations("assistant.approvals");
  const [search, setSearch] = useSearchParams();
  const shown = search.get("show") === "decided" ? "decided" : "waiting";
  return (
    <Page title={t("title")} about={t("about")}>
      <Tabs
        label={t("title")}
        selected={shown}
        onSelect={(show) => setSearch({ show })}
        tabs={TABS.map((id) => ({
          id,
          label: t(id),
          content: (
            <Suspense fallback={<Skeleton lines={5} />}>
              <Actions isWaiting={id === "waiting"} />
            </Suspense>
          ),
        }))}
      />
    </Page>
  );
}

function Actions({ isWaiting }: { readonly isWaiting: boolean }) {
  const t = useTranslations("assistant.approvals");
  const act = useTranslations("app.act");
  const [asked, setAsked] = useState(0);
  useActionNews(useCallback(() => setAsked((times) => times + 1), []));
  const query = useLazyLoadQuery<ApprovalsQuery>(
    graphql`
      query ApprovalsQuery($isWaiting: Boolean!, $first: Int!) {
        ...Approvals_actions @arguments(isWaiting: $isWaiting, first: $first)
      }
    `,
    { isWaiting, first: PAGE },
    { fetchPolicy: "store-and-network", fetchKey: asked },
  );
  const { data, hasNext, isLoadingNext, loadNext } = usePaginationFragment<ApprovalsNextQuery, Approvals_actions$key>(
    graphql`
      fragment Approvals_actions on Query
      @refetchable(queryName: "ApprovalsNextQuery")
      @argumentDefinitions(
        isWaiting: { type: "Boolean!" }
        first: { type: "Int", defaultValue: 20 }
        after: { type: "String" }
      ) {
        actions(waiting: $isWaiting, first: $first, after: $after) @connection(key: "Approvals_actions") {
          edges {
            node {
              id
              ...ApprovalCard_action
            }
          }
        }
      }
    `,
    query,
  );
  if (data.actions.edges.length === 0)
    return (
      <EmptyState
        icon={ShieldCheck}
        title={t(isWaiting ? "empty" : "noneDecided")}
        hint={isWaiting ? t("emptyHint") : undefined}
      />
    );
  return (
    <div className="flex flex-col gap-3">
      {data.actions.edges.map(({ node }) => (
        <ApprovalCard key={node.id} action={node} />
      ))}
      {hasNext && (
        <Button look="quiet" isBusy={isLoadingNext} onPress={() => loadNext(PAGE)}>
          {act("more")}
        </Button>
      )}
    </div>
  );
}
