/** Sends what is in the outbox, one after the other, for as long as it takes. */

import type { widgetSendMutation } from "~/__generated__/widgetSendMutation.graphql";
import send from "~/__generated__/widgetSendMutation.graphql";
import type { widgetStartMutation } from "~/__generated__/widgetStartMutation.graphql";
import start from "~/__generated__/widgetStartMutation.graphql";
import { NetworkError } from "~/graphql";
import type { Conversation, Message } from "../reading/transcript";
import { type Api, RefusedError } from "./api";
import type { Outbox, Unsent } from "./outbox";
import { EntryError, type Visit } from "./visit";

/** What the server made of something that was said. */
export interface Sent {
  readonly said: Unsent;
  readonly conversation: Conversation;
  readonly message: Message;
}

const LONGEST_WAIT = 15_000;

export class Sender {
  private running = false;

  constructor(
    private readonly api: Api,
    private readonly visit: Visit,
    private readonly outbox: Outbox,
    private readonly inbox: string,
    private readonly sent: (sent: Sent) => void,
    private readonly changed: () => void,
  ) {}

  /** Send everything; harmless while it is being sent already. */
  async run(): Promise<void> {
    if (this.running) return;
    this.running = true;
    try {
      for (let said = this.outbox.next, tried = 0; said; said = this.outbox.next) {
        const isDone = await this.attempt(said);
        tried = isDone ? 0 : tried + 1;
        if (!isDone) await rest(tried);
      }
    } finally {
      this.running = false;
    }
  }

  /** Whether there is nothing left to do about it. */
  private async attempt(said: Unsent): Promise<boolean> {
    try {
      if (!this.visit.isBegun) await this.visit.begin();
      const sent = await this.deliver(said);
      this.outbox.begun(said.thread, sent.conversation.id);
      this.outbox.remove(said.key);
      this.sent(sent);
      return true;
    } catch (error) {
      const isRefused = error instanceof RefusedError || error instanceof EntryError;
      const isFaulty = error instanceof NetworkError && !["UNREACHABLE", "RATE_LIMITED"].includes(error.code);
      if (!isRefused && !isFaulty) return false;
      this.outbox.refuse(said.key, (error as Error).message);
      this.changed();
      return true;
    }
  }

  private async deliver(said: Unsent): Promise<Sent> {
    const fileIds = said.files.map((file) => file.id);
    const shared = { text: said.text, fileIds: fileIds.length > 0 ? fileIds : null, idempotencyKey: said.key };
    const payload = said.conversation
      ? await this.api.change<widgetSendMutation>(send, { ...shared, conversationId: said.conversation })
      : await this.api.change<widgetStartMutation>(start, { ...shared, inboxId: this.inbox });
    const { conversation, sentMessage } = payload;
    if (!conversation || !sentMessage) throw new NetworkError("The server gave no answer.", "UNKNOWN");
    return { said, conversation, message: sentMessage };
  }
}

/** Wait before another try: longer each time, and no longer once the browser is online again. */
function rest(tried: number): Promise<void> {
  return new Promise((resume) => {
    const done = (): void => {
      clearTimeout(timer);
      removeEventListener("online", done);
      resume();
    };
    const timer = setTimeout(done, Math.min(LONGEST_WAIT, 500 * 2 ** tried) * (0.5 + Math.random() / 2));
    addEventListener("online", done);
  });
}
