/** What customers do beside saying something; each raises `RefusedError` or `NetworkError`. */

import type { widgetEmailMutation } from "~/__generated__/widgetEmailMutation.graphql";
import emailMutation from "~/__generated__/widgetEmailMutation.graphql";
import type { widgetFileQuery } from "~/__generated__/widgetFileQuery.graphql";
import fileQuery from "~/__generated__/widgetFileQuery.graphql";
import type { widgetHandoffMutation } from "~/__generated__/widgetHandoffMutation.graphql";
import handoffMutation from "~/__generated__/widgetHandoffMutation.graphql";
import type { widgetPassageQuery } from "~/__generated__/widgetPassageQuery.graphql";
import passageQuery from "~/__generated__/widgetPassageQuery.graphql";
import type { widgetRateMutation } from "~/__generated__/widgetRateMutation.graphql";
import rateMutation from "~/__generated__/widgetRateMutation.graphql";
import type { widgetStopMutation } from "~/__generated__/widgetStopMutation.graphql";
import stopMutation from "~/__generated__/widgetStopMutation.graphql";
import type { widgetSurveyMutation } from "~/__generated__/widgetSurveyMutation.graphql";
import surveyMutation from "~/__generated__/widgetSurveyMutation.graphql";
import type { widgetTypingMutation } from "~/__generated__/widgetTypingMutation.graphql";
import typingMutation from "~/__generated__/widgetTypingMutation.graphql";
import type { widgetVerifyMutation } from "~/__generated__/widgetVerifyMutation.graphql";
import verifyMutation from "~/__generated__/widgetVerifyMutation.graphql";
import type { Chat } from "./chat";
import { unique } from "./storage";

/** Of one conversation that is shown. */
export class Acts {
  private typedAt = 0;

  constructor(private readonly chat: Chat) {}

  async requestPerson(): Promise<void> {
    const { conversation } = await this.chat.api.change<widgetHandoffMutation>(handoffMutation, this.here());
    this.chat.learn({ conversation });
  }

  async stop(): Promise<void> {
    const { conversation } = await this.chat.api.change<widgetStopMutation>(stopMutation, this.here());
    this.chat.learn({ conversation });
  }

  async rate(messageId: string, helpful: boolean): Promise<void> {
    const input = { messageId, helpful, idempotencyKey: unique() };
    const { ratedMessage } = await this.chat.api.change<widgetRateMutation>(rateMutation, input);
    this.chat.learn({ message: ratedMessage });
  }

  async leaveEmail(email: string): Promise<void> {
    await this.chat.api.change<widgetEmailMutation>(emailMutation, { ...this.here(), email });
    this.chat.leftEmail(email);
  }

  async verify(code: string): Promise<void> {
    await this.chat.api.change<widgetVerifyMutation>(verifyMutation, { ...this.here(), code });
  }

  async answerSurvey(surveyId: string, score: number, comment: string): Promise<void> {
    const input = { surveyId, score, comment: comment.trim() || null, idempotencyKey: unique() };
    const { survey } = await this.chat.api.change<widgetSurveyMutation>(surveyMutation, input);
    const { conversation } = this.chat.state.now;
    if (conversation && survey) this.chat.learn({ conversation: { ...conversation, survey } });
  }

  /** That the customer is typing: people at work see it. Said again every few seconds; when it fails, nobody misses it. */
  typing(): void {
    const { conversation } = this.chat.state.now;
    const isPeoples = conversation?.state === "WITH_PERSON" || conversation?.state === "WAITING";
    if (!isPeoples || Date.now() - this.typedAt < 4_000) return;
    this.typedAt = Date.now();
    void this.chat.api
      .ask<widgetTypingMutation>(typingMutation, { input: { conversationId: conversation.id } })
      .catch(() => {});
  }

  async passage(id: string): Promise<Passage | undefined> {
    const { node } = await this.chat.api.ask<widgetPassageQuery>(passageQuery, { id });
    return node?.text === undefined ? undefined : { title: node.title ?? "", headings: [], ...node, text: node.text };
  }

  /** An address that is good for a few minutes. */
  async fileAddress(id: string): Promise<string | undefined> {
    const { node } = await this.chat.api.ask<widgetFileQuery>(fileQuery, { id });
    return node?.url ?? undefined;
  }

  private here(): { conversationId: string; idempotencyKey: string } {
    return { conversationId: this.chat.state.now.id ?? "", idempotencyKey: unique() };
  }
}

export interface Passage {
  readonly title: string;
  readonly headings: readonly string[];
  readonly text: string;
  readonly link?: string | null;
}
