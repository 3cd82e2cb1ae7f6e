/** A conversation as it is read: messages in order, and the answer that is being written below them. */
import type { widgetConversationQuery } from "~/__generated__/widgetConversationQuery.graphql";

type Found = NonNullable<widgetConversationQuery["response"]["conversation"]>;
export type Message = Found["messages"]["nodes"][number];
export type Conversation = Omit<Found, "messages" | "cursor">;

/** The answer that is being written: one attempt at it, and what it has so far. */
export interface Live {
  readonly messageId: string;
  readonly attempt: number;
  readonly text: string;
}

export interface Frame {
  readonly messageId: string;
  readonly attempt: number;
  readonly offset: number;
  readonly text: string;
}

export interface Transcript {
  readonly messages: readonly Message[];
  readonly live?: Live;
}

export const EMPTY: Transcript = { messages: [] };

/** With messages that are new, or not as they were; one that was being written is finished with them. */
export function withMessages(transcript: Transcript, added: readonly (Message | null | undefined)[]): Transcript {
  const byId = new Map(transcript.messages.map((message) => [message.id, message]));
  for (const message of added) if (message) byId.set(message.id, message);
  const messages = [...byId.values()].sort((one, other) => one.number - other.number);
  const { live } = transcript;
  return live && byId.has(live.messageId) ? { messages } : { messages, live };
}

/** An attempt begins; one that goes on after a reconnect keeps its text until the server says it again. */
export function withAttempt(transcript: Transcript, messageId: string, attempt: number): Transcript {
  const { live } = transcript;
  if (knows(transcript, messageId) || (live?.messageId === messageId && live.attempt >= attempt)) return transcript;
  return { ...transcript, live: { messageId, attempt, text: "" } };
}

/** With a piece of the answer: it stands at its offset, so that one that comes twice is there once. */
export function withFrame(transcript: Transcript, frame: Frame): Transcript {
  const { messageId, attempt } = frame;
  const begun = withAttempt(transcript, messageId, attempt);
  const { live } = begun;
  if (live?.messageId !== messageId || live.attempt !== attempt) return begun;
  const before = beginning(live.text, frame.offset);
  return before === undefined ? begun : { ...begun, live: { ...live, text: before + frame.text } };
}

/** The first so many characters, as Unicode counts them and JavaScript does not; undefined where there are fewer. */
function beginning(text: string, characters: number): string | undefined {
  let end = 0;
  for (let left = characters; left > 0; left--) {
    const point = text.codePointAt(end);
    if (point === undefined) return undefined;
    end += point > 0xffff ? 2 : 1;
  }
  return text.slice(0, end);
}

/** Nothing is being written any more. */
export function settled(transcript: Transcript): Transcript {
  return { messages: transcript.messages };
}

function knows(transcript: Transcript, messageId: string): boolean {
  return transcript.messages.some((message) => message.id === messageId);
}
