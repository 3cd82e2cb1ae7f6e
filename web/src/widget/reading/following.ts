/** One conversation as it goes on: what was said, then what is being said, from the cursor of what was read. */

import type { widgetChangedSubscription } from "~/__generated__/widgetChangedSubscription.graphql";
import changed from "~/__generated__/widgetChangedSubscription.graphql";
import type { widgetConversationQuery } from "~/__generated__/widgetConversationQuery.graphql";
import conversationQuery from "~/__generated__/widgetConversationQuery.graphql";
import { NetworkError } from "~/graphql";
import type { Api, Payload } from "../state/api";
import {
  type Conversation,
  type Message,
  settled,
  type Transcript,
  withAttempt,
  withFrame,
  withMessages,
} from "./transcript";

export type Change = Payload<widgetChangedSubscription>;
type Event = Change;

/** What is known after reading, or after something happened; `earlier` is where older messages are. */
export interface Reading {
  readonly conversation?: Conversation;
  readonly transcript: Transcript;
  readonly earlier?: string;
}

const REST = 3_000;

export class Following {
  private end: () => void = () => {};
  private isOver = false;

  constructor(
    private readonly api: Api,
    private readonly id: string,
    private readonly read: (change: (before: Reading) => Reading) => void,
    private readonly heard: (message: Message) => void,
    private readonly lost: () => void,
  ) {}

  /** Read it, then follow it until `stop`. Tries again for as long as the server cannot be asked. */
  async run(): Promise<void> {
    this.end();
    try {
      const { conversation } = await this.page();
      if (this.isOver) return;
      if (!conversation) return this.lost();
      const variables = { id: this.id, after: conversation.cursor };
      this.end = this.api.follow<widgetChangedSubscription>(
        changed,
        variables,
        (event) => this.apply(event),
        () => this.again(),
      );
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
      this.again();
    }
  }

  /** Read what stands before what is there. */
  async back(before: string): Promise<void> {
    await this.page(before);
  }

  stop(): void {
    this.isOver = true;
    this.end();
  }

  private again(): void {
    if (!this.isOver) setTimeout(() => !this.isOver && void this.run(), REST);
  }

  private async page(before?: string): Promise<widgetConversationQuery["response"]> {
    const answer = await this.api.ask<widgetConversationQuery>(conversationQuery, { id: this.id, before });
    if (!answer.conversation || this.isOver) return answer;
    const { messages, cursor: _, ...conversation } = answer.conversation;
    const earlier = messages.pageInfo.hasPreviousPage ? (messages.pageInfo.startCursor ?? undefined) : undefined;
    this.read((now) => {
      const transcript = withMessages(
        conversation.isAnswering ? now.transcript : settled(now.transcript),
        messages.nodes,
      );
      return {
        conversation,
        transcript,
        earlier: before || now.transcript.messages.length === 0 ? earlier : now.earlier,
      };
    });
    return answer;
  }

  private apply(event: Event): void {
    if (event.__typename === "ResyncRequired") return void this.run();
    const message = event.message ?? event.partialMessage;
    this.read((now) => ({
      ...now,
      conversation: event.conversation ?? now.conversation,
      transcript: after(now.transcript, event),
    }));
    if (message) this.heard(message);
  }
}

/** The transcript after an event. */
export function after(transcript: Transcript, event: Event): Transcript {
  const { messageId = "", attempt = 0, offset = 0, text = "" } = event;
  switch (event.__typename) {
    case "AnswerFrame":
      return withFrame(transcript, { messageId, attempt, offset, text });
    case "AnswerStarted":
      return withAttempt(transcript, messageId, attempt);
    case "MessageSent":
    case "AnswerRated":
      return withMessages(transcript, [event.message, event.ratedMessage]);
    case "AnswerCompleted":
    case "AnswerStopped":
    case "HandoffRequested":
      return withMessages(settled(transcript), [event.message, event.partialMessage]);
    case "ConversationTakenOver":
      return settled(transcript);
    default:
      return transcript;
  }
}
