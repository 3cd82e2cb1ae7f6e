/** Saying something: it stands there at once, goes out under its key, and comes back as what the server made of it. */
import { useCallback, useEffect, useState, useSyncExternalStore } from "react";
import { graphql } from "react-relay";
import { useTranslations } from "use-intl";
import type { useSendingNoteMutation } from "~/__generated__/useSendingNoteMutation.graphql";
import type { useSendingReplyMutation } from "~/__generated__/useSendingReplyMutation.graphql";
import { Refusal, useChange } from "~/changes";
import { transport } from "~/environment";
import { NetworkError } from "~/graphql";
import { append } from "../live/follow";
import { type Named, type Outgoing, outboxOf } from "./outbox";

/** What others said before one's words arrived: these wait until one has read it. */
export interface MovedOn {
  readonly item: Outgoing;
  /** Where the conversation stands now. */
  readonly cursor: string;
  readonly count: number;
  readonly lastReply: { readonly text: string; readonly name: string } | null;
}

export interface Sending {
  readonly unsent: readonly Outgoing[];
  readonly movedOn: MovedOn | null;
  say(
    words: Pick<Outgoing, "kind" | "text" | "seenCursor"> & { files: readonly Named[]; mentions: readonly Named[] },
  ): void;
  retry(item: Outgoing): void;
  /** Take back what was not sent. */
  drop(item: Outgoing): void;
  /** Send what others spoke before, now that one knows. */
  sendAnyway(): void;
  /** Take it back instead. */
  takeBack(): Outgoing | null;
}

export function useSending(id: string): Sending {
  const t = useTranslations("composer.unsent");
  const box = outboxOf(id);
  const unsent = useSyncExternalStore(box.watch, box.now);
  const [movedOn, setMovedOn] = useState<MovedOn | null>(null);
  const send = useSend(id);
  const deliver = useCallback(
    (item: Outgoing): void => {
      void box.send(item, send, (error) => {
        const moved = movedOnOf(error, item);
        if (moved) setMovedOn(moved);
        if (moved) return null;
        return error instanceof NetworkError && error.code === "UNREACHABLE" ? t("unreachable") : wordsOf(error);
      });
    },
    [box, send, t],
  );
  useEffect(() => {
    const resume = (): void => {
      for (const item of box.now()) if (item.state === "sending" || item.problem === t("unreachable")) deliver(item);
    };
    resume();
    return transport.watch((connection) => connection === "connected" && resume());
  }, [box, deliver, t]);
  const renewed = (item: Outgoing, change: Partial<Outgoing>): Outgoing => ({
    ...item,
    ...change,
    key: crypto.randomUUID(),
  });
  return {
    unsent,
    movedOn,
    say: (words) =>
      deliver({ ...words, key: crypto.randomUUID(), sendAnyway: false, saidAt: Date.now(), state: "sending" }),
    retry: deliver,
    drop: (item) => box.remove(item.key),
    sendAnyway: () => {
      if (movedOn) deliver(renewed(movedOn.item, { sendAnyway: true, seenCursor: movedOn.cursor }));
      setMovedOn(null);
    },
    takeBack: () => {
      setMovedOn(null);
      return movedOn?.item ?? null;
    },
  };
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
  const [reply] = useChange<useSendingReplyMutation>(graphql`
    mutation useSendingReplyMutation($input: SendMessageInput!) {
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
  const [note] = useChange<useSendingNoteMutation>(graphql`
    mutation useSendingNoteMutation($input: AddNoteInput!) {
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
