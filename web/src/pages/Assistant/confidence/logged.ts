/** Questions that were answered or handed over before, with how sure the assistant was of the best article then. */

export interface Message {
  readonly id: string;
  readonly kind: string;
  readonly text: string;
  readonly author?: { readonly __typename: string } | null;
  readonly provenance?: {
    readonly confidence: number;
    readonly passages: readonly unknown[];
    readonly curatedAnswer?: { readonly id: string } | null;
  } | null;
}

export interface Conversation {
  readonly id: string;
  readonly messages: { readonly nodes: readonly Message[] };
}

export interface Logged {
  /** Of the reply. */
  readonly id: string;
  readonly conversationId: string;
  readonly question: string;
  readonly confidence: number;
  /** What came of it then. */
  readonly kind: Kind;
}

const KINDS = ["ANSWER", "PARTIAL_ANSWER", "CLARIFICATION", "HANDOFF", "REFUSAL"] as const;
export type Kind = (typeof KINDS)[number];

/**
 * What a threshold decides about: not what a curated answer said, nor wishes for a person and small talk, which nothing is
 * looked up for. The surest first.
 */
export function logged(conversations: readonly Conversation[]): Logged[] {
  return conversations
    .flatMap(({ id, messages }) =>
      messages.nodes.flatMap((message, at) => entryOf(id, messages.nodes.slice(0, at), message)),
    )
    .toSorted((one, other) => other.confidence - one.confidence);
}

function entryOf(conversationId: string, before: readonly Message[], message: Message): Logged[] {
  const { provenance } = message;
  const kind = KINDS.find((one) => one === message.kind);
  const question = before.findLast((one) => one.author?.__typename === "Customer")?.text;
  if (!kind || !provenance || provenance.curatedAnswer || provenance.passages.length === 0 || !question) return [];
  return [{ id: message.id, conversationId, question, confidence: provenance.confidence, kind }];
}
