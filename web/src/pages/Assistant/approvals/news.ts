/** Hears of actions that are asked for, or came to something, at most once a second. */
import { useEffect } from "react";
import { graphql, useRelayEnvironment } from "react-relay";
import { requestSubscription } from "relay-runtime";
import type { newsActionsSubscription } from "~/__generated__/newsActionsSubscription.graphql";

const PAUSE = 1_000;

export function useActionNews(onNews: () => void): void {
  const environment = useRelayEnvironment();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const { dispose } = requestSubscription<newsActionsSubscription>(environment, {
      subscription: graphql`
        subscription newsActionsSubscription($after: String, $kinds: [InboxChangeKind!]) {
          inboxChanged(after: $after, kinds: $kinds) {
            __typename
            ... on ConversationEvent {
              cursor
            }
            ... on ResyncRequired {
              cursor
            }
            ... on MessageSent {
              message {
                id
                kind
              }
            }
            ... on AnswerCompleted {
              message {
                id
                kind
              }
            }
          }
        }
      `,
      variables: { kinds: ["MESSAGE_SENT", "ANSWER_COMPLETED"] },
      onNext: (news) => {
        const { message, __typename } = news?.inboxChanged ?? {};
        const isOurs = message?.kind === "ACTION_PROPOSAL" || message?.kind === "ACTION_RESULT";
        if (isOurs || __typename === "ResyncRequired")
          timer ??= setTimeout(() => {
            timer = undefined;
            onNews();
          }, PAUSE);
      },
    });
    return () => {
      clearTimeout(timer);
      dispose();
    };
  }, [environment, onNews]);
}
