/** How what was said gets to the server: under its key, again once the network is back, and kept until it has arrived. */
import { useCallback, useEffect } from "react";
import { graphql } from "react-relay";
import { useTranslations } from "use-intl";
import type { useDeliveryNoteMutation } from "~/__generated__/useDeliveryNoteMutation.graphql";
import type { useDeliveryReplyMutation } from "~/__generated__/useDeliveryReplyMutation.graphql";
import { useViewer } from "~/app/viewer";
import { Refusal, useChange } from "~/changes";
import { transport } from "~/environment";
import { NetworkError } from "~/graphql";
import { append } from "../../live/follow";
import { type Named, type Outgoing, outboxOf } from "./outbox";

/** What others said before one's words arrived: these wait until one has read it. */
export interface MovedOn {
  readonly item: Outgoing;
  /** Where the conversation stands now. */
  readonly cursor: string;
  readonly count: number;
  readonly lastReply: { readonly text: string; readonly name: string } | null;
}

/**
 * Send what was said in a conversation. What waits there of one's own goes out at once, and whenever the network is back.
 * Where others were quicker, `onMovedOn` says which words stand with it then, or null where it asks what to do.
 */
export function useDelivery(
  id: string,
  onMovedOn: (movedOn: MovedOn, error: Error) => string | null,
): (item: Outgoing) => void {
  const t = useTranslations("composer.unsent");
  const me = useViewer().agent?.id;
  const box = outboxOf(id);
  const send = useSend(id);
  const deliver = useCallback(
    (item: Outgoing): void => {
      void box.send(item, send, (error) => {
        const moved = movedOnOf(error, item);
        if (moved) return onMovedOn(moved, error as Error);
        return error instanceof NetworkError && error.code === "UNREACHABLE" ? t("unreachable") : wordsOf(error);
      });
    },
    [box, send, onMovedOn, t],
  );
  useEffect(() => {
    const resume = (): void => {
      for (const item of box.now())
        if (item.by === me && (item.state === "sending" || item.problem === t("unreachable"))) deliver(item);
    };
    resume();
    return transport.watch((connection) => connection === "connected" && resume());
  }, [box, deliver, me, t]);
  return deliver;
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : "";
}

function movedOnOf(error: unknown, item: Outgoing): MovedOn | null {
  if (!(error instanceof Refusal) || error.code !== "CONVERSATION_MOVED_ON") return null;
  const { cursor, replyCount, lastReply } = error.payload as {
    cursor?: string;
    replyCount?: number;
    lastReply?: { text: string; author?: { name?: string } | null } | null;
  };
  return {
    item,
    cursor: cursor ?? item.seenCursor,
    count: replyCount ?? 1,
    lastReply: lastReply ? { text: lastReply.text, name: lastReply.author?.name ?? "" } : null,
  };
}

function useSend(id: string): (item: Outgoing) => Promise<unknown> {
  const [reply] = useChange<useDeliveryReplyMutation>(graphql`
    mutation useDeliveryReplyMutation($input: SendMessageInput!) {
      sendMessage(input: $input) {
        ... on SendMessageSuccess {
          conversation {
            messageCount
            ...ThreadHeader_conversation
          }
          sentMessage {
            id
            number
            createdAt
            author {
              __typename
              ... on Agent {
                id
                name
              }
            }
            ...MessageItem_message
          }
        }
        ... on ConversationMovedOnError {
          cursor
          replyCount
          lastReply {
            id
            text
            author {
              __typename
              ... on Agent {
                name
              }
              ... on Assistant {
                name
              }
            }
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const [note] = useChange<useDeliveryNoteMutation>(graphql`
    mutation useDeliveryNoteMutation($input: AddNoteInput!) {
      addNote(input: $input) {
        ... on AddNoteSuccess {
          note {
            id
            createdAt
            ...NoteItem_note
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  return useCallback(
    (item) => {
      const common = { conversationId: id, text: item.text, idempotencyKey: item.key, fileIds: idsOf(item.files) };
      if (item.kind === "note")
        return note(
          { input: { ...common, mentionedIds: idsOf(item.mentions) } },
          {
            updater: (store) => {
              const made = store.getRootField("addNote")?.getLinkedRecord("note");
              const conversation = store.get(id);
              if (made && conversation) append(store, conversation, "ThreadTimeline_notes", made, "NoteListEdge");
            },
          },
        );
      return reply(
        { input: { ...common, seenCursor: item.seenCursor, sendAnyway: item.sendAnyway } },
        {
          updater: (store) => {
            const sent = store.getRootField("sendMessage")?.getLinkedRecord("sentMessage");
            const conversation = store.get(id);
            if (sent && conversation) append(store, conversation, "ThreadTimeline_messages", sent, "MessageListEdge");
          },
        },
      );
    },
    [id, note, reply],
  );
}

function idsOf(named: readonly Named[]): string[] | null {
  return named.length > 0 ? named.map((one) => one.id) : null;
}
