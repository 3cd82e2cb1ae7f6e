/** Where somebody is signed in, and where they were. */
import { MonitorSmartphone } from "lucide-react";
import { Suspense } from "react";
import { graphql, useLazyLoadQuery, usePaginationFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { SessionsDialog_list$key } from "~/__generated__/SessionsDialog_list.graphql";
import type { SessionsDialogPageQuery } from "~/__generated__/SessionsDialogPageQuery.graphql";
import type { SessionsDialogQuery } from "~/__generated__/SessionsDialogQuery.graphql";
import { Button } from "~/components/Button";
import { Dialog } from "~/components/Dialog";
import { Boundary, EmptyState, Skeleton } from "~/components/Feedback";
import { List } from "~/components/Table";
import { SessionRow } from "~/pages/Account/sessions/SessionRow";
import { Words } from "~/preferences";

interface SessionsDialogProps {
  readonly id: string;
  readonly name: string;
  readonly onClose: () => void;
}

export default function SessionsDialog({ id, name, onClose }: SessionsDialogProps) {
  const t = useTranslations("people.members");
  return (
    <Dialog title={`${t("sessions")}: ${name}`} isOpen onClose={onClose} size="wide">
      <Boundary>
        <Suspense fallback={<Skeleton lines={4} />}>
          <Words areas={["account"]}>
            <Sessions id={id} />
          </Words>
        </Suspense>
      </Boundary>
    </Dialog>
  );
}

function Sessions({ id }: { readonly id: string }) {
  const t = useTranslations("people.members");
  const act = useTranslations("app.act");
  const query = useLazyLoadQuery<SessionsDialogQuery>(
    graphql`
      query SessionsDialogQuery($id: ID!) {
        ...SessionsDialog_list @arguments(id: $id)
      }
    `,
    { id },
    { fetchPolicy: "network-only" },
  );
  const { data, hasNext, isLoadingNext, loadNext } = usePaginationFragment<
    SessionsDialogPageQuery,
    SessionsDialog_list$key
  >(
    graphql`
      fragment SessionsDialog_list on Query
      @refetchable(queryName: "SessionsDialogPageQuery")
      @argumentDefinitions(
        id: { type: "ID!" }
        count: { type: "Int", defaultValue: 20 }
        cursor: { type: "String" }
      ) {
        sessions(agentId: $id, first: $count, after: $cursor) @connection(key: "SessionsDialog_sessions") {
          edges {
            node {
              id
              ...SessionRow_session
            }
          }
        }
      }
    `,
    query,
  );
  if (data.sessions.edges.length === 0) return <EmptyState icon={MonitorSmartphone} title={t("noSessions")} />;
  return (
    <>
      <List label={t("sessions")}>
        {data.sessions.edges.map(({ node }) => (
          <SessionRow key={node.id} session={node} />
        ))}
      </List>
      {hasNext && (
        <Button look="quiet" isBusy={isLoadingNext} onPress={() => loadNext(20)}>
          {act("more")}
        </Button>
      )}
    </>
  );
}
