/** How much is in each view, as it changes. */
import { useMemo, useState } from "react";
import { graphql, useSubscription } from "react-relay";
import type { GraphQLSubscriptionConfig } from "relay-runtime";
import type { countsSubscription } from "~/__generated__/countsSubscription.graphql";
import type { countsSystemSubscription } from "~/__generated__/countsSystemSubscription.graphql";
import { type SystemView, VIEWS } from "./system";

export interface Count {
  readonly count: number;
  readonly isCapped: boolean;
}

/** What is done with, or out of sight for good, is not counted: its number tells nobody what to do. */
const COUNTED = (Object.keys(VIEWS) as SystemView[]).filter((view) => view !== "resolved" && view !== "spam");

/** The numbers of the views that everybody has; none before the first have come. */
export function useSystemCounts(): ReadonlyMap<SystemView, Count> {
  const [counts, setCounts] = useState<ReadonlyMap<SystemView, Count>>(new Map());
  const config = useMemo<GraphQLSubscriptionConfig<countsSystemSubscription>>(
    () => ({
      subscription: graphql`
        subscription countsSystemSubscription($filters: [ConversationFilterInput!]!) {
          conversationCountsChanged(filters: $filters) {
            count
            isCapped
          }
        }
      `,
      variables: { filters: COUNTED.map((view) => VIEWS[view].filter) },
      onNext: (event) => {
        const now = event?.conversationCountsChanged ?? [];
        setCounts(new Map(COUNTED.flatMap((view, at) => (now[at] ? [[view, now[at]] as const] : []))));
      },
    }),
    [],
  );
  useSubscription(config);
  return counts;
}

/** Keep the numbers of saved views up to date. */
export function useCounts(): void {
  const config = useMemo<GraphQLSubscriptionConfig<countsSubscription>>(
    () => ({
      subscription: graphql`
        subscription countsSubscription {
          viewCountsChanged {
            count
            isCapped
            view {
              id
            }
          }
        }
      `,
      variables: {},
      updater: (store) => {
        for (const count of store.getPluralRootField("viewCountsChanged") ?? [])
          count?.getLinkedRecord("view")?.setLinkedRecord(count, "conversationCount");
      },
    }),
    [],
  );
  useSubscription(config);
}
