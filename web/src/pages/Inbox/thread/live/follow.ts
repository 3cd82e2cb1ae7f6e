/** Everything that happens in a conversation while it is open, put where it is shown: the store, the answer, the lines. */
import { useEffect, useMemo, useRef, useState } from "react";
import { graphql, requestSubscription, useRelayEnvironment } from "react-relay";
import { ConnectionHandler, type RecordProxy, type RecordSourceSelectorProxy } from "relay-runtime";
import type { followHistorySubscription } from "~/__generated__/followHistorySubscription.graphql";
import type { followSubscription, followSubscription$data } from "~/__generated__/followSubscription.graphql";
import { Answering } from "./answer";
import { type Happening, happeningOf, withHappening } from "./happening";

const LIVE = graphql`
  subscription followSubscription($id: ID!, $after: String) {
    conversationChanged(id: $id, after: $after) {
      __typename
      ... on AnswerFrame {
        messageId
        attempt
        offset
        text
      }
      ... on ResyncRequired {
        cursor
      }
      ... on ConversationEvent {
        ...happening_event @alias(as: "happening")
        cursor
        conversation {
          id
          unreadCount
          messageCount
          triage {
            isSnoozed
            snoozedUntil
            isSpam
            priority
            tags {
              id
              name
              color
            }
          }
          ...ThreadHeader_conversation
        }
      }
      ... on MessageSent {
        message {
          id
          number
          ...MessageItem_message
        }
      }
      ... on AnswerStarted {
        messageId
        attempt
      }
      ... on AnswerCompleted {
        message {
          id
          number
          ...MessageItem_message
        }
      }
      ... on AnswerStopped {
        partialMessage {
          id
          number
          ...MessageItem_message
        }
      }
      ... on AnswerRated {
        ratedMessage {
          id
          ...MessageItem_message
        }
      }
      ... on HandoffRequested {
        message {
          id
          number
          ...MessageItem_message
        }
      }
      ... on NoteAdded {
        note {
          id
          ...NoteItem_note
        }
      }
      ... on NoteDeleted {
        note {
          id
          ...NoteItem_note
        }
      }
    }
  }
`;

const HISTORY = graphql`
  subscription followHistorySubscription($id: ID!, $after: String) {
    conversationChanged(id: $id, after: $after) {
      ... on ConversationEvent {
        cursor
        ...happening_event @alias(as: "happening")
      }
    }
  }
`;

/** The cursor before a conversation's first event. */
const BEGINNING = "WyIwIl0";

type Change = followSubscription$data["conversationChanged"];

export interface Live {
  readonly answering: Answering;
  readonly happenings: readonly Happening[];
  /** The newest state of the conversation that is on the screen. */
  seenCursor(): string;
}

interface Hooks {
  /** The cursor could not be used: everything is to be loaded again. */
  readonly onResync: () => void;
}

/** Follow a conversation from what a query saw. */
export function useLive(id: string, cursor: string, { onResync }: Hooks): Live {
  const environment = useRelayEnvironment();
  const [begin] = useState(cursor);
  const [answering] = useState(() => new Answering());
  const seen = useRef(cursor);
  const [happenings, setHappenings] = useState<readonly Happening[]>([]);
  const resync = useRef(onResync);
  useEffect(() => {
    resync.current = onResync;
  });
  useEffect(() => {
    const add = (next: Happening | null): void => {
      if (next) setHappenings((before) => withHappening(before, next));
    };
    const live = requestSubscription<followSubscription>(environment, {
      subscription: LIVE,
      variables: { id, after: begin },
      updater: (store) => keep(store, id),
      onNext: (data) => {
        const change = data?.conversationChanged;
        if (!change) return;
        draw(answering, change);
        if (change.cursor) seen.current = change.cursor;
        if (change.__typename === "ResyncRequired" || change.__typename === "ConversationErased") resync.current();
        else if (change.happening) add(happeningOf(change.happening));
      },
    });
    const history = requestSubscription<followHistorySubscription>(environment, {
      subscription: HISTORY,
      variables: { id, after: BEGINNING },
      onNext: (data) => {
        const event = data?.conversationChanged;
        if (!event?.cursor) return;
        if (event.happening) add(happeningOf(event.happening));
        // The rest comes by the other one.
        if (event.cursor === begin) queueMicrotask(() => history.dispose());
      },
    });
    return () => {
      live.dispose();
      history.dispose();
    };
  }, [environment, id, begin, answering]);
  return useMemo(() => ({ answering, happenings, seenCursor: () => seen.current }), [answering, happenings]);
}

/** What the answer looks like after a change: being written, or written. */
function draw(answering: Answering, change: Change): void {
  const { messageId, attempt = 1, offset = 0, text = "" } = change;
  if (change.__typename === "AnswerFrame" && messageId) answering.add({ messageId, attempt, offset, text });
  else if (change.__typename === "AnswerStarted") answering.begin(messageId ?? "", attempt);
  else if (ENDINGS.includes(change.__typename)) answering.end();
}

/** What ends an answer, with or without words. */
const ENDINGS: readonly string[] = [
  "AnswerCompleted",
  "AnswerStopped",
  "HandoffRequested",
  "ConversationTakenOver",
  "ResyncRequired",
];

/** Put what came where lists are shown from. */
function keep(store: RecordSourceSelectorProxy, id: string): void {
  const change = store.getRootField("conversationChanged");
  const conversation = store.get(id);
  if (!change || !conversation) return;
  const message = change.getLinkedRecord("message") ?? change.getLinkedRecord("partialMessage");
  if (message) append(store, conversation, "ThreadTimeline_messages", message, "MessageListEdge");
  const note = change.getLinkedRecord("note");
  if (note) append(store, conversation, "ThreadTimeline_notes", note, "NoteListEdge");
}

/** Add to the end of a list what is not in it. */
export function append(
  store: RecordSourceSelectorProxy,
  conversation: RecordProxy,
  key: string,
  node: RecordProxy,
  edgeType: string,
): void {
  const list = ConnectionHandler.getConnection(conversation, key);
  if (!list) return;
  const ids = list.getLinkedRecords("edges")?.map((edge) => edge.getLinkedRecord("node")?.getDataID());
  if (ids?.includes(node.getDataID())) return;
  ConnectionHandler.insertEdgeAfter(list, ConnectionHandler.createEdge(store, list, node, edgeType));
}
