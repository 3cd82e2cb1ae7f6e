/** Hears of what changes the queue, at most once a second. */
import { useEffect } from "react";
import { graphql, useRelayEnvironment } from "react-relay";
import { requestSubscription } from "relay-runtime";
import type { changesSubscription, InboxChangeKind } from "~/__generated__/changesSubscription.graphql";

const KINDS: readonly InboxChangeKind[] = [
  "HANDOFF_REQUESTED",
  "CONVERSATION_TAKEN_OVER",
  "CONVERSATION_ASSIGNED",
  "CONVERSATION_RETURNED",
  "CONVERSATION_RESOLVED",
  "CONVERSATION_REOPENED",
  "CONVERSATION_SNOOZED",
  "CONVERSATION_WOKEN",
  "CONVERSATION_MERGED",
  "SPAM_MARKED",
  "PRIORITY_CHANGED",
  "OFFER_MADE",
  "OFFER_ENDED",
];
const PAUSE = 1_000;

export function useQueueChanges(onChange: () => void): void {
  const environment = useRelayEnvironment();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const { dispose } = requestSubscription<changesSubscription>(environment, {
      subscription: graphql`
        subscription changesSubscription($after: String, $kinds: [InboxChangeKind!]) {
          inboxChanged(after: $after, kinds: $kinds) {
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
      variables: { kinds: KINDS },
      onNext: () => {
        timer ??= setTimeout(() => {
          timer = undefined;
          onChange();
        }, PAUSE);
      },
    });
    return () => {
      clearTimeout(timer);
      dispose();
    };
  }, [environment, onChange]);
}
