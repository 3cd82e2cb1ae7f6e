/** A list that follows what happens: conversations that belong to it come, others leave, all in their order. */
import { useEffect, useRef, useState } from "react";
import { graphql, readInlineData, useRelayEnvironment } from "react-relay";
import {
  ConnectionHandler,
  type Environment,
  type RecordProxy,
  type RecordSourceProxy,
  requestSubscription,
} from "relay-runtime";
import type { live_conversation$data, live_conversation$key } from "~/__generated__/live_conversation.graphql";
import type { liveSubscription } from "~/__generated__/liveSubscription.graphql";
import { belongs, isBefore, rankOf, type Standing, type Wanted } from "./filter";

/** Changes that come together are drawn together. */
const PAUSE = 250;

const FACTS = graphql`
  fragment live_conversation on Conversation @inline {
    id
    state
    unreadCount
    startedAt
    lastActivityAt
    waitingSince
    customer {
      id
    }
    assignee {
      id
    }
    inbox {
      id
      channel
    }
    triage {
      priority
      isSnoozed
      isSpam
      tags {
        id
      }
      attributes {
        key
        value
      }
    }
  }
`;

const CHANGES = graphql`
  subscription liveSubscription($after: String) {
    inboxChanged(after: $after) {
      __typename
      ... on ConversationEvent {
        cursor
        conversation {
          id
          ...Row_conversation
          ...live_conversation
        }
      }
      ... on ResyncRequired {
        cursor
      }
    }
  }
`;

interface Live {
  /** The connection in the store. */
  readonly list: string;
  /** From where on nothing is known. */
  readonly cursor: string | null | undefined;
  readonly wanted: Wanted;
  /** New ones wait while somebody reads further down. */
  readonly isHeld: boolean;
  /** Ask anew: too much was missed. */
  readonly onGap: () => void;
}

/** Keep a list up to date; how many new ones are held back, and how to let them in. */
export function useLive({ list, cursor, wanted, isHeld, onGap }: Live): [held: number, letIn: () => void] {
  const environment = useRelayEnvironment();
  const [held, setHeld] = useState<readonly live_conversation$data[]>([]);
  const latest = useRef({ wanted, isHeld, onGap });
  latest.current = { wanted, isHeld, onGap };
  useEffect(() => {
    if (!cursor) return;
    const waiting = new Map<string, live_conversation$data>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const draw = (): void => {
      timer = undefined;
      const changed = [...waiting.values()];
      waiting.clear();
      const left = arrange(environment, list, changed, latest.current.wanted, latest.current.isHeld);
      const ids = new Set(changed.map((facts) => facts.id));
      setHeld((before) => {
        const others = before.filter((facts) => !ids.has(facts.id));
        return left.length + others.length === before.length && left.length === 0 ? before : [...left, ...others];
      });
    };
    const { dispose } = requestSubscription<liveSubscription>(environment, {
      subscription: CHANGES,
      variables: { after: cursor },
      onNext: (event) => {
        const changed = event?.inboxChanged;
        if (changed?.__typename === "ResyncRequired") return latest.current.onGap();
        if (!changed?.conversation) return;
        const facts = readInlineData<live_conversation$key>(FACTS, changed.conversation);
        waiting.set(facts.id, facts);
        timer ??= setTimeout(draw, PAUSE);
      },
    });
    return () => {
      clearTimeout(timer);
      dispose();
    };
  }, [environment, list, cursor]);
  const letIn = (): void => {
    arrange(environment, list, held, wanted, false);
    setHeld([]);
  };
  useEffect(() => {
    if (!isHeld && held.length > 0) letIn();
  });
  return [held.length, letIn];
}

/** Put changed conversations where they belong; those that are new, while `isHeld`, are given back instead. */
function arrange(
  environment: Environment,
  list: string,
  changed: readonly live_conversation$data[],
  wanted: Wanted,
  isHeld: boolean,
): live_conversation$data[] {
  const left: live_conversation$data[] = [];
  environment.commitUpdate((store) => {
    const connection = store.get(list);
    if (!connection) return;
    for (const facts of changed) {
      const isThere = idsOf(connection).includes(facts.id);
      if (!belongs(facts, wanted, Date.now())) ConnectionHandler.deleteNode(connection, facts.id);
      else if (isHeld && isThere) continue;
      else if (isHeld) left.push(facts);
      else place(store, connection, facts, wanted);
    }
  });
  return left;
}

/** Insert a conversation before the first that comes after it; at the end only where the list has been read to its end. */
function place(store: RecordSourceProxy, connection: RecordProxy, facts: live_conversation$data, wanted: Wanted): void {
  const node = store.get(facts.id);
  if (!node) return;
  const edges = (connection.getLinkedRecords("edges") ?? []).filter(
    (edge) => edge?.getLinkedRecord("node")?.getDataID() !== facts.id,
  );
  const rank = rankOf(facts, wanted.order);
  const at = edges.findIndex((edge) => {
    const other = edge?.getLinkedRecord("node");
    return other && isBefore(rank, rankOf(factsOf(other), wanted.order));
  });
  const hasMore = connection.getLinkedRecord("pageInfo")?.getValue("hasNextPage") === true;
  if (at < 0 && hasMore) return void connection.setLinkedRecords(edges, "edges");
  const edge = ConnectionHandler.createEdge(store, connection, node, "ConversationListEdge");
  connection.setLinkedRecords(edges.toSpliced(at < 0 ? edges.length : at, 0, edge), "edges");
}

function idsOf(connection: RecordProxy): (string | undefined)[] {
  return (connection.getLinkedRecords("edges") ?? []).map((edge) => edge?.getLinkedRecord("node")?.getDataID());
}

/** Of a conversation in the store, what its rank depends on. */
function factsOf(node: RecordProxy): Standing {
  const text = (name: string): string => `${node.getValue(name) ?? ""}`;
  const priority = `${node.getLinkedRecord("triage")?.getValue("priority") ?? "NORMAL"}`;
  return {
    lastActivityAt: text("lastActivityAt"),
    waitingSince: text("waitingSince") || null,
    triage: { priority },
  };
}
