/** What goes out or went out, by state and way; what failed can be sent again. */
import { RotateCcw, Send } from "lucide-react";
import { useState, useTransition } from "react";
import { graphql, useFragment, useLazyLoadQuery, usePaginationFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { Deliveries_deliveries$key } from "~/__generated__/Deliveries_deliveries.graphql";
import type { Deliveries_delivery$key, DeliveryState } from "~/__generated__/Deliveries_delivery.graphql";
import type { DeliveriesPaginationQuery } from "~/__generated__/DeliveriesPaginationQuery.graphql";
import type { DeliveriesQuery, DeliveryMedium } from "~/__generated__/DeliveriesQuery.graphql";
import type { DeliveriesReplayAllMutation } from "~/__generated__/DeliveriesReplayAllMutation.graphql";
import type { DeliveriesReplayMutation } from "~/__generated__/DeliveriesReplayMutation.graphql";
import { useChange } from "~/changes";
import { Ago, Badge, type Tone, When } from "~/components/Badge";
import { Button, IconButton } from "~/components/Button";
import { Select } from "~/components/Choice";
import { EmptyState } from "~/components/Feedback";
import { Page, Section } from "~/components/Page";
import { tell, useTellProblem } from "~/components/Toast";
import { ConversationLink } from "../parts/ConversationLink";
import { More } from "../parts/More";

const TONES: Record<DeliveryState, Tone> = { QUEUED: "accent", SENT: "success", FAILED: "danger" };
const STATES = ["FAILED", "QUEUED", "SENT"] as const satisfies readonly DeliveryState[];
const MEDIA = ["EMAIL", "SMS", "PUSH", "WEBHOOK"] as const satisfies readonly DeliveryMedium[];
const EVERY = "every";

export default function Deliveries() {
  const t = useTranslations("connections.deliveries");
  const [state, setState] = useState<DeliveryState | typeof EVERY>(EVERY);
  const [medium, setMedium] = useState<DeliveryMedium | typeof EVERY>(EVERY);
  const [isPending, start] = useTransition();
  const filter = { state: state === EVERY ? null : state, media: medium === EVERY ? null : [medium] };
  const query = useLazyLoadQuery<DeliveriesQuery>(
    graphql`
      query DeliveriesQuery($filter: DeliveryFilterInput) {
        ...Deliveries_deliveries @arguments(filter: $filter)
      }
    `,
    { filter },
    { fetchPolicy: "store-and-network" },
  );
  const tellProblem = useTellProblem();
  const [replayAll, isBusy] = useReplayAll();
  const again = (): void =>
    void replayAll({ input: { filter: { ...filter, state: "FAILED" } } }).then(
      ({ count = 0 }) => tell(t("replayedAll", { count })),
      tellProblem,
    );
  const actions = (
    <Button icon={RotateCcw} isBusy={isBusy} onPress={again}>
      {t("replayAll")}
    </Button>
  );
  return (
    <Page title={t("title")} about={t("about")} actions={actions}>
      <Section>
        <div className="mb-2 flex flex-wrap gap-3">
          <Select
            label={t("state")}
            className="w-44"
            value={state}
            onChange={(id) => start(() => setState(id))}
            choices={[{ id: EVERY, label: t("everyState") }, ...STATES.map((id) => ({ id, label: t(`states.${id}`) }))]}
          />
          <Select
            label={t("medium")}
            className="w-44"
            value={medium}
            onChange={(id) => start(() => setMedium(id))}
            choices={[{ id: EVERY, label: t("everyMedium") }, ...MEDIA.map((id) => ({ id, label: t(`media.${id}`) }))]}
          />
        </div>
        <div className={isPending ? "opacity-60" : undefined}>
          <Lines deliveries={query} />
        </div>
      </Section>
    </Page>
  );
}

function Lines({ deliveries }: { readonly deliveries: Deliveries_deliveries$key }) {
  const t = useTranslations("connections.deliveries");
  const { data, hasNext, isLoadingNext, loadNext } = usePaginationFragment<
    DeliveriesPaginationQuery,
    Deliveries_deliveries$key
  >(
    graphql`
      fragment Deliveries_deliveries on Query
      @argumentDefinitions(
        filter: { type: "DeliveryFilterInput" }
        first: { type: "Int", defaultValue: 30 }
        after: { type: "String" }
      )
      @refetchable(queryName: "DeliveriesPaginationQuery") {
        deliveries(filter: $filter, first: $first, after: $after) @connection(key: "Deliveries_deliveries") {
          edges {
            node {
              id
              ...Deliveries_delivery
            }
          }
        }
      }
    `,
    deliveries,
  );
  const { edges } = data.deliveries;
  if (edges.length === 0) return <EmptyState icon={Send} title={t("empty")} hint={t("emptyHint")} />;
  return (
    <>
      <ul aria-label={t("title")} className="divide-y divide-line">
        {edges.map(({ node }) => (
          <Line key={node.id} delivery={node} />
        ))}
      </ul>
      <More hasNext={hasNext} isLoading={isLoadingNext} onMore={() => loadNext(30)} />
    </>
  );
}

function Line({ delivery: key }: { readonly delivery: Deliveries_delivery$key }) {
  const t = useTranslations("connections.deliveries");
  const tellProblem = useTellProblem();
  const delivery = useFragment(
    graphql`
      fragment Deliveries_delivery on Delivery {
        id
        medium
        recipient
        state
        attemptCount
        error
        nextTryAt
        createdAt
        conversation {
          ...ConversationLink_conversation
        }
      }
    `,
    key,
  );
  const [replay, isBusy] = useChange<DeliveriesReplayMutation>(graphql`
    mutation DeliveriesReplayMutation($input: ReplayDeliveryInput!) {
      replayDelivery(input: $input) {
        ... on ReplayDeliverySuccess {
          delivery {
            ...Deliveries_delivery
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const again = (): void => void replay({ input: { deliveryId: delivery.id } }).catch(tellProblem);
  return (
    <li className="flex items-start gap-2 py-2.5">
      <div className="flex min-w-0 flex-1 flex-col gap-1">
        <div className="flex flex-wrap items-center gap-2">
          <Badge tone={TONES[delivery.state]}>{t(`states.${delivery.state}`)}</Badge>
          <span className="min-w-0 truncate font-medium">{delivery.recipient}</span>
          <span className="text-ink-faint text-xs">
            {t(`media.${delivery.medium}`)} · {t("tries", { tries: delivery.attemptCount })} ·{" "}
            <Ago at={delivery.createdAt} />
          </span>
        </div>
        {delivery.conversation && (
          <span className="flex text-xs">
            <ConversationLink conversation={delivery.conversation} />
          </span>
        )}
        {delivery.error && <p className="text-danger text-xs [overflow-wrap:anywhere]">{delivery.error}</p>}
        {delivery.nextTryAt && (
          <p className="text-ink-muted text-xs">
            {t("nextTry")} <When at={delivery.nextTryAt} withTime />
          </p>
        )}
      </div>
      {delivery.state === "FAILED" && (
        <IconButton icon={RotateCcw} label={t("replay")} isBusy={isBusy} onPress={again} />
      )}
    </li>
  );
}

function useReplayAll() {
  return useChange<DeliveriesReplayAllMutation>(graphql`
    mutation DeliveriesReplayAllMutation($input: ReplayDeliveriesInput!) {
      replayDeliveries(input: $input) {
        ... on ReplayDeliveriesSuccess {
          count
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
}
