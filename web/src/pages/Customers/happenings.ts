/** The events of a timeline: which sort they are of, and a name for one that this console does not know yet. */

export type Sort = "message" | "note" | "handing" | "done" | "sorting" | "person" | "survey" | "other";

const SORTS = {
  MessageSent: "message",
  AnswerStarted: "message",
  AnswerCompleted: "message",
  AnswerStopped: "message",
  AnswerRated: "survey",
  MessageUndelivered: "message",
  AutomaticReplyReceived: "message",
  EmailLeft: "person",
  NoteAdded: "note",
  NoteDeleted: "note",
  ConversationStarted: "message",
  HandoffRequested: "handing",
  ConversationTakenOver: "handing",
  ConversationReturned: "handing",
  ConversationAssigned: "handing",
  OfferMade: "handing",
  OfferEnded: "handing",
  ConversationResolved: "done",
  ConversationReopened: "done",
  PriorityChanged: "sorting",
  TagsChanged: "sorting",
  AttributesChanged: "sorting",
  SubjectChanged: "sorting",
  ConversationSnoozed: "sorting",
  ConversationWoken: "sorting",
  SpamMarked: "sorting",
  ConversationMerged: "sorting",
  ConversationLinked: "sorting",
  RuleApplied: "sorting",
  ServiceLevelWarned: "sorting",
  ServiceLevelBreached: "sorting",
  ServiceLevelMet: "sorting",
  SurveyAsked: "survey",
  SurveyAnswered: "survey",
  CustomerIdentified: "person",
  CustomerChanged: "person",
  CustomerAttributesChanged: "person",
  CustomerMerged: "person",
  CustomerBlocked: "person",
  CustomerUnblocked: "person",
  CustomerErased: "person",
  ConversationErased: "other",
  ConversationSummarized: "other",
  ConversationClassified: "other",
} as const satisfies Readonly<Record<string, Sort>>;

export type Happening = keyof typeof SORTS;

export function isKnown(event: string): event is Happening {
  return Object.hasOwn(SORTS, event);
}

export function sortOf(event: string): Sort {
  return isKnown(event) ? SORTS[event] : "other";
}

/** "ToolCalled" as people write it: "Tool called". */
export function spelled(event: string): string {
  const words = event.replace(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
