/** Privacy requests: what customers ask about their data, how far it is, and until when it must be answered. */
import { Plus, ShieldCheck } from "lucide-react";
import { useEffect, useState, useTransition } from "react";
import { fetchQuery, graphql, useLazyLoadQuery, usePaginationFragment, useRelayEnvironment } from "react-relay";
import { useTranslations } from "use-intl";
import type { Requests_requests$key } from "~/__generated__/Requests_requests.graphql";
import type { RequestsPaginationQuery } from "~/__generated__/RequestsPaginationQuery.graphql";
import type { PrivacyKind, PrivacyState, RequestsQuery } from "~/__generated__/RequestsQuery.graphql";
import { Button } from "~/components/Button";
import { Select } from "~/components/Choice";
import { EmptyState } from "~/components/Feedback";
import { Page, Section } from "~/components/Page";
import { More } from "../../desk/parts/More";
import AskDialog from "./AskDialog";
import { Line } from "./Line";

const STATES = ["OPEN", "RUNNING", "DONE", "FAILED", "CANCELLED"] as const satisfies readonly PrivacyState[];
const KINDS = ["EXPORT", "ERASURE"] as const satisfies readonly PrivacyKind[];
const EVERY = "every";
const LOOK_AGAIN = 3_000;

const REQUESTS = graphql`
  query RequestsQuery($filter: PrivacyRequestFilterInput) {
    ...Requests_requests @arguments(filter: $filter)
  }
`;

export default function Requests() {
  const t = useTranslations("privacy");
  const [state, setState] = useState<PrivacyState | typeof EVERY>(EVERY);
  const [kind, setKind] = useState<PrivacyKind | typeof EVERY>(EVERY);
  const [isAsking, setAsking] = useState(false);
  const [round, setRound] = useState(0);
  const [isPending, start] = useTransition();
  const variables = { filter: { states: state === EVERY ? null : [state], kind: kind === EVERY ? null : kind } };
  const query = useLazyLoadQuery<RequestsQuery>(REQUESTS, variables, {
    fetchPolicy: "store-and-network",
    fetchKey: round,
  });
  const close = (): void => {
    setAsking(false);
    start(() => setRound((before) => before + 1));
  };
  const create = (
    <Button look="primary" icon={Plus} onPress={() => setAsking(true)}>
      {t("create")}
    </Button>
  );
  return (
    <Page title={t("title")} about={t("about")} actions={create}>
      <Section>
        <div className="mb-2 flex flex-wrap gap-3">
          <Select
            label={t("kind")}
            className="w-44"
            value={kind}
            onChange={(id) => start(() => setKind(id))}
            choices={[{ id: EVERY, label: t("every") }, ...KINDS.map((id) => ({ id, label: t(`kinds.${id}`) }))]}
          />
          <Select
            label={t("state")}
            className="w-44"
            value={state}
            onChange={(id) => start(() => setState(id))}
            choices={[{ id: EVERY, label: t("everyState") }, ...STATES.map((id) => ({ id, label: t(`states.${id}`) }))]}
          />
        </div>
        <div className={isPending ? "opacity-60" : undefined}>
          <Lines requests={query} variables={variables} />
        </div>
      </Section>
      {isAsking && <AskDialog customer={null} kind="EXPORT" onClose={close} />}
    </Page>
  );
}

interface LinesProps {
  readonly requests: Requests_requests$key;
  readonly variables: RequestsQuery["variables"];
}

function Lines({ requests, variables }: LinesProps) {
  const t = useTranslations("privacy");
  const { data, hasNext, isLoadingNext, loadNext } = usePaginationFragment<
    RequestsPaginationQuery,
    Requests_requests$key
  >(
    graphql`
      fragment Requests_requests on Query
      @argumentDefinitions(
        filter: { type: "PrivacyRequestFilterInput" }
        first: { type: "Int", defaultValue: 30 }
        after: { type: "String" }
      )
      @refetchable(queryName: "RequestsPaginationQuery") {
        privacyRequests(filter: $filter, first: $first, after: $after) @connection(key: "Requests_privacyRequests") {
          edges {
            node {
              id
              state
              startsAt
              ...Line_request
            }
          }
        }
      }
    `,
    requests,
  );
  const { edges } = data.privacyRequests;
  const soon = Date.now() + 60_000;
  useLookAgain(
    edges.some(({ node }) => node.state === "RUNNING" || (node.state === "OPEN" && Date.parse(node.startsAt) < soon)),
    variables,
  );
  if (edges.length === 0) return <EmptyState icon={ShieldCheck} title={t("empty")} hint={t("emptyHint")} />;
  return (
    <>
      <ul aria-label={t("title")} className="divide-y divide-line">
        {edges.map(({ node }) => (
          <Line key={node.id} request={node} />
        ))}
      </ul>
      <More hasNext={hasNext} isLoading={isLoadingNext} onMore={() => loadNext(30)} />
    </>
  );
}

/** While something is under way: ask every few seconds how far it is. */
function useLookAgain(isUnderWay: boolean, variables: RequestsQuery["variables"]): void {
  const environment = useRelayEnvironment();
  const asked = JSON.stringify(variables);
  useEffect(() => {
    if (!isUnderWay) return;
    const timer = setInterval(
      () => fetchQuery<RequestsQuery>(environment, REQUESTS, JSON.parse(asked)).subscribe({}),
      LOOK_AGAIN,
    );
    return () => clearInterval(timer);
  }, [environment, isUnderWay, asked]);
}
