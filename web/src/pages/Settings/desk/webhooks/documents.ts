/** Ready documents for webhooks: what each tells of, as a subscription that can be changed. */

export const READY = ["messages", "handoffs", "levels", "surveys"] as const;
export type Ready = (typeof READY)[number];

const START = "__typename\n    ... on ConversationEvent { cursor at conversation { id subject state } }";

/** What the subscription of each asks for: the kinds of changes, and what of them. */
const PARTS: Record<Ready, readonly [kinds: readonly string[], selections: readonly string[]]> = {
  messages: [["CONVERSATION_STARTED", "MESSAGE_SENT"], ["... on MessageSent { message { id number text createdAt } }"]],
  handoffs: [["HANDOFF_REQUESTED", "CONVERSATION_TAKEN_OVER", "CONVERSATION_ASSIGNED", "CONVERSATION_RESOLVED"], []],
  levels: [["SERVICE_LEVEL_WARNED", "SERVICE_LEVEL_BREACHED", "SERVICE_LEVEL_MET"], []],
  surveys: [["SURVEY_ASKED", "SURVEY_ANSWERED"], []],
};

/** The text of one of them. */
export function documentOf(ready: Ready): string {
  const [kinds, selections] = PARTS[ready];
  const below = [START, ...selections].join("\n    ");
  return `subscription {\n  inboxChanged(kinds: [${kinds.join(", ")}]) {\n    ${below}\n  }\n}\n`;
}
