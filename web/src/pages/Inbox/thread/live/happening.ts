/** What happened in a conversation beside what was said: the quiet lines between messages. */
import { graphql, readInlineData } from "react-relay";
import type { happening_event$data, happening_event$key } from "~/__generated__/happening_event.graphql";

export type Happening = happening_event$data;

const EVENT = graphql`
  fragment happening_event on ConversationEvent @inline {
    __typename
    cursor
    at
    ... on HandoffRequested {
      reason
    }
    ... on ConversationTakenOver {
      agent {
        name
      }
    }
    ... on MessageUndelivered {
      address
      failure
      explanation
    }
    ... on AutomaticReplyReceived {
      sender
    }
    ... on OfferEnded {
      end
      agent {
        name
      }
    }
    ... on ConversationReturned {
      cause
      agent {
        name
      }
    }
    ... on ConversationAssigned {
      justification
      agent {
        name
      }
    }
    ... on SurveyAnswered {
      score
      comment
    }
    ... on ServiceLevelWarned {
      target
      dueAt
    }
    ... on ServiceLevelBreached {
      target
    }
    ... on RuleApplied {
      run {
        outcome
        rule {
          name
        }
      }
    }
    ... on EmailLeft {
      email
    }
    ... on PriorityChanged {
      priority
    }
    ... on TagsChanged {
      tags {
        name
      }
    }
    ... on SubjectChanged {
      subject
    }
    ... on ConversationSnoozed {
      snoozedUntil
    }
    ... on SpamMarked {
      isSpam
    }
    ... on ConversationMerged {
      into {
        id
        subject
      }
    }
    ... on ConversationLinked {
      isLinked
      other {
        id
        subject
      }
    }
    ... on AnswerStopped {
      partialMessage {
        id
      }
    }
  }
`;

/** What is told elsewhere: as a message, a note, a mark. */
const ELSEWHERE: readonly string[] = [
  "AnswerCompleted",
  "AnswerRated",
  "AnswerStarted",
  "ConversationStarted",
  "MessageSent",
  "NoteAdded",
  "NoteDeleted",
  "OfferMade",
  "ServiceLevelMet",
  "SurveyAsked",
];

/** The line of an event, or null where it is told elsewhere. */
export function happeningOf(event: happening_event$key): Happening | null {
  const happening = readInlineData(EVENT, event);
  if (ELSEWHERE.includes(happening.__typename)) return null;
  if (happening.__typename === "AnswerStopped" && happening.partialMessage) return null;
  // An offer is withdrawn whenever somebody goes: it is worth a line when somebody did not want it.
  return happening.end === "WITHDRAWN" ? null : happening;
}

/** All that happened, each once and in order, however often and by whichever way it was told. */
export function withHappening(before: readonly Happening[], next: Happening): readonly Happening[] {
  if (before.some((one) => one.cursor === next.cursor)) return before;
  const at = before.findLastIndex((one) => one.at <= next.at) + 1;
  return before.toSpliced(at, 0, next);
}
