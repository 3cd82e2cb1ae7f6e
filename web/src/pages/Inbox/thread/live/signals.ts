/** Who else is there: others' signs of life while they hold, and one's own. */
import { useEffect, useMemo, useRef, useState } from "react";
import { graphql, useSubscription } from "react-relay";
import type { signalsReadMutation } from "~/__generated__/signalsReadMutation.graphql";
import type { signalsStopMutation } from "~/__generated__/signalsStopMutation.graphql";
import type { signalsSubscription, signalsSubscription$data } from "~/__generated__/signalsSubscription.graphql";
import type { signalsTypingMutation } from "~/__generated__/signalsTypingMutation.graphql";
import type { signalsViewingMutation } from "~/__generated__/signalsViewingMutation.graphql";
import { useChange } from "~/changes";

type Signal = signalsSubscription$data["conversationSignals"];

/** Somebody who is there; the customer has no name here. */
export interface Person {
  readonly key: string;
  readonly name: string | null;
  /** Until when, in milliseconds; 0 when it holds no longer. */
  readonly viewingUntil: number;
  readonly typingUntil: number;
  /** When they last said that they had read everything; 0 while they have not. */
  readonly readAt: number;
}

const CUSTOMER = "customer";

/** Who is there once a signal came. */
export function heard(people: readonly Person[], signal: Signal): readonly Person[] {
  const key = signal.agent?.id ?? CUSTOMER;
  const before = people.find((person) => person.key === key);
  const until = signal.until ? Date.parse(signal.until) : 0;
  const next: Person = {
    key,
    name: signal.agent?.name ?? null,
    viewingUntil: before?.viewingUntil ?? 0,
    typingUntil: before?.typingUntil ?? 0,
    readAt: signal.kind === "READ" ? Date.now() : (before?.readAt ?? 0),
    ...(signal.kind === "VIEWING" && { viewingUntil: until }),
    ...(signal.kind === "TYPING" && { typingUntil: until, viewingUntil: Math.max(until, before?.viewingUntil ?? 0) }),
  };
  const others = people.filter((person) => person.key !== key);
  return signal.kind === "LEFT" ? others : [...others, next];
}

/** Who of them still is. */
export function present(people: readonly Person[], now: number): readonly Person[] {
  return people.filter((person) => person.viewingUntil > now || person.typingUntil > now);
}

/** Everybody else who was there; tells again when what one of them does lapses. */
export function useSignals(id: string, me: string | undefined): readonly Person[] {
  const [people, setPeople] = useState<readonly Person[]>([]);
  useSubscription<signalsSubscription>(
    useMemo(
      () => ({
        subscription: graphql`
          subscription signalsSubscription($id: ID!) {
            conversationSignals(id: $id) {
              kind
              isStaff
              until
              agent {
                id
                name
              }
            }
          }
        `,
        variables: { id },
        onNext: (data) => {
          const signal = data?.conversationSignals;
          if (signal && signal.agent?.id !== me) setPeople((before) => heard(before, signal));
        },
        onError: () => {},
      }),
      [id, me],
    ),
  );
  useEffect(() => {
    const now = Date.now();
    const ends = people.flatMap((one) => [one.viewingUntil, one.typingUntil]).filter((end) => end > now);
    if (ends.length === 0) return;
    const timer = setTimeout(() => setPeople((before) => [...before]), Math.min(...ends) - now + 50);
    return () => clearTimeout(timer);
  }, [people]);
  return people;
}

/** Said again before it lapses: it lasts 30 seconds. */
const VIEWING_EVERY = 20_000;

/** Tell the others that one looks on, and that one has read what came, for as long as the page is before somebody's eyes. */
export function usePresence(id: string, unread: number): void {
  const [view] = useChange<signalsViewingMutation>(graphql`
    mutation signalsViewingMutation($input: SetViewingInput!) {
      setViewing(input: $input) {
        ... on SetViewingSuccess {
          lastsSeconds
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const [stop] = useChange<signalsStopMutation>(graphql`
    mutation signalsStopMutation($input: StopViewingInput!) {
      stopViewing(input: $input) {
        __typename
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const isSeen = useSeen();
  useRead(id, isSeen ? unread : 0);
  useEffect(() => {
    if (!isSeen) return;
    const input = { conversationId: id };
    const tell = (): void => void view({ input }).catch(() => {});
    tell();
    const timer = setInterval(tell, VIEWING_EVERY);
    return () => {
      clearInterval(timer);
      stop({ input }).catch(() => {});
    };
  }, [id, isSeen, view, stop]);
}

function useRead(id: string, unread: number): void {
  const [read] = useChange<signalsReadMutation>(graphql`
    mutation signalsReadMutation($input: MarkConversationReadInput!) {
      markConversationRead(input: $input) {
        ... on MarkConversationReadSuccess {
          conversation {
            id
            unreadCount
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  useEffect(() => {
    if (unread > 0) read({ input: { conversationId: id } }).catch(() => {});
  }, [id, unread, read]);
}

function isLookedAt(): boolean {
  return document.visibilityState === "visible" && document.hasFocus();
}

/** Whether somebody has the page before their eyes. */
function useSeen(): boolean {
  const [isSeen, setSeen] = useState(isLookedAt);
  useEffect(() => {
    const changed = (): void => setSeen(isLookedAt());
    const events = ["focus", "blur"] as const;
    for (const event of events) addEventListener(event, changed);
    document.addEventListener("visibilitychange", changed);
    return () => {
      for (const event of events) removeEventListener(event, changed);
      document.removeEventListener("visibilitychange", changed);
    };
  }, []);
  return isSeen;
}

/** Said again before it lapses: it lasts 10 seconds. */
const TYPING_EVERY = 6_000;

/** Tell the others that one is typing; call it at each keystroke. */
export function useTyping(id: string): () => void {
  const toldAt = useRef(0);
  const [type] = useChange<signalsTypingMutation>(graphql`
    mutation signalsTypingMutation($input: SetTypingInput!) {
      setTyping(input: $input) {
        ... on SetTypingSuccess {
          lastsSeconds
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  return () => {
    if (Date.now() - toldAt.current < TYPING_EVERY) return;
    toldAt.current = Date.now();
    type({ input: { conversationId: id } }).catch(() => {});
  };
}
