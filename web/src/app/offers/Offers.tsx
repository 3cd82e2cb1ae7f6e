/** What the person is asked to take, on whatever page they are; whoever watches this is there to be asked. */
import { lazy, useEffect, useMemo } from "react";
import { fetchQuery, graphql, useLazyLoadQuery, useRelayEnvironment, useSubscription } from "react-relay";
import type { GraphQLSubscriptionConfig } from "relay-runtime";
import { useNow, useTranslations } from "use-intl";
import type { OffersQuery } from "~/__generated__/OffersQuery.graphql";
import type { OffersSubscription } from "~/__generated__/OffersSubscription.graphql";
import { Words } from "~/preferences";

const OfferCard = lazy(() => import("./OfferCard"));

const OFFERS = graphql`
  query OffersQuery {
    viewer {
      agent {
        id
        availability {
          status
          capacity
          load
        }
      }
    }
    myOffers {
      until
      conversation {
        id
      }
      ...OfferCard_offer
    }
  }
`;

export function Offers() {
  const { myOffers } = useLazyLoadQuery<OffersQuery>(OFFERS, {}, { fetchPolicy: "store-and-network" });
  useOffersAnew();
  const now = useNow({ updateInterval: myOffers.length > 0 ? 1_000 : 60_000 });
  const open = myOffers.filter(({ until }) => Date.parse(until) > now.getTime());
  useTitleMark(open.length > 0 ? `(${open.length}) ` : "");
  if (open.length === 0) return null;
  return (
    <Words areas={["queue"]}>
      <Cards>
        {open.map((offer) => (
          <OfferCard key={offer.conversation?.id} offer={offer} />
        ))}
      </Cards>
    </Words>
  );
}

function Cards({ children }: { readonly children: React.ReactNode }) {
  const t = useTranslations("queue.offer");
  return (
    <section
      aria-label={t("region")}
      aria-live="assertive"
      className="fixed end-4 bottom-4 z-20 flex max-h-[calc(100dvh-2rem)] w-88 max-w-[calc(100vw-2rem)] flex-col gap-2 overflow-y-auto"
    >
      {children}
    </section>
  );
}

/** Ask again whenever something about offers happens. */
function useOffersAnew(): void {
  const environment = useRelayEnvironment();
  const config = useMemo<GraphQLSubscriptionConfig<OffersSubscription>>(
    () => ({
      subscription: graphql`
        subscription OffersSubscription($after: String) {
          offersChanged(after: $after) {
            __typename
            ... on ConversationEvent {
              cursor
            }
            ... on ResyncRequired {
              cursor
            }
          }
        }
      `,
      variables: {},
      onNext: () => {
        fetchQuery<OffersQuery>(environment, OFFERS, {}).subscribe({});
      },
    }),
    [environment],
  );
  useSubscription(config);
}

/** Put a mark before whatever the page is called, so that one sees it from another tab. */
function useTitleMark(mark: string): void {
  useEffect(() => {
    if (!mark) return;
    const put = (): void => {
      if (!document.title.startsWith(mark)) document.title = mark + document.title;
    };
    put();
    const watcher = new MutationObserver(put);
    watcher.observe(document.head, { subtree: true, childList: true, characterData: true });
    return () => {
      watcher.disconnect();
      if (document.title.startsWith(mark)) document.title = document.title.slice(mark.length);
    };
  }, [mark]);
}
