/** The panel follows its conversation: whenever that has changed, what no event tells is asked anew. */
import { useEffect, useRef } from "react";
import { graphql, useFragment } from "react-relay";
import type { following_conversation$key } from "~/__generated__/following_conversation.graphql";

/** Changes that come together are asked about once. */
const PAUSE = 800;
/** A place in the queue changes by what happens to others. */
const WAITING_PAUSE = 30_000;

/** Call `ask` after each change of the conversation, and now and then while it waits and somebody looks. */
export function useFollowing(key: following_conversation$key | null | undefined, ask: () => void): void {
  const conversation = useFragment(
    graphql`
      fragment following_conversation on Conversation {
        id
        state
        messageCount
        lastActivityAt
        isAnswering
        assignee {
          id
        }
        triage {
          isSnoozed
          isSpam
        }
      }
    `,
    key,
  );
  const standing = conversation && !conversation.isAnswering ? standingOf(conversation) : undefined;
  const isWaiting = conversation?.state === "WAITING";
  const known = useRef(standing);
  const latest = useRef(ask);
  latest.current = ask;
  useEffect(() => {
    if (!standing || standing === known.current) return;
    const timer = setTimeout(() => {
      known.current = standing;
      latest.current();
    }, PAUSE);
    return () => clearTimeout(timer);
  }, [standing]);
  useEffect(() => {
    if (!isWaiting) return;
    const look = (): void => {
      if (document.visibilityState === "visible") latest.current();
    };
    const timer = setInterval(look, WAITING_PAUSE);
    return () => clearInterval(timer);
  }, [isWaiting]);
}

interface Standing {
  readonly id: string;
  readonly state: string;
  readonly messageCount: number;
  readonly lastActivityAt: string;
  readonly assignee: { readonly id: string } | null | undefined;
  readonly triage: { readonly isSnoozed: boolean; readonly isSpam: boolean } | null | undefined;
}

function standingOf({ id, state, messageCount, lastActivityAt, assignee, triage }: Standing): string {
  return [id, state, messageCount, lastActivityAt, assignee?.id, triage?.isSnoozed, triage?.isSpam].join();
}
