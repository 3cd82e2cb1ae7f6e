"""What conditions can be about: the table of facts, and what they are for one event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.assist.events import Sentiment, Urgency
from domain.assistant import HandoffReason
from domain.base import ActorKind, Event
from domain.conversation.aggregate import Conversation
from domain.conversation.desk_events import (
    ServiceLevelBreached,
    ServiceLevelMet,
    ServiceLevelWarned,
    SurveyAnswered,
    Target,
)
from domain.conversation.events import (
    AnswerCompleted,
    AnswerRated,
    ConversationState,
    HandoffRequested,
    Message,
    MessageSent,
)
from domain.conversation.triage import Priority

ATTRIBUTE = "conversation.attribute."
"""What the name of a custom attribute's fact begins with; its key follows."""

Value = str | int | float | bool | frozenset[str] | None
Facts = Mapping[str, Value]


class FactKind(StrEnum):
    """What a fact is, which says what can be asked of it."""

    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"
    CHOICE = "choice"
    ID = "id"
    IDS = "ids"
    ATTRIBUTE = "attribute"


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact: its kind, what can be chosen, and of an id the type that it is of."""

    kind: FactKind
    description: str
    choices: tuple[str, ...] = ()
    concept: str | None = None


def _choice(description: str, of: type[StrEnum]) -> Fact:
    return Fact(FactKind.CHOICE, description, tuple(of))


FACTS: Mapping[str, Fact] = {
    "conversation.state": _choice("Who has it.", ConversationState),
    "conversation.priority": _choice("How soon it needs somebody.", Priority),
    "conversation.subject": Fact(FactKind.TEXT, "What it is called."),
    "conversation.inbox": Fact(FactKind.ID, "Where it came in.", concept="Inbox"),
    "conversation.assignee": Fact(FactKind.ID, "The agent who has it.", concept="Agent"),
    "conversation.tags": Fact(FactKind.IDS, "Its tags.", concept="Tag"),
    "conversation.is_snoozed": Fact(FactKind.FLAG, "Whether it is out of sight."),
    "conversation.is_spam": Fact(FactKind.FLAG, "Whether it is spam."),
    "conversation.episode": Fact(FactKind.NUMBER, "Its spell, from 1."),
    "conversation.messages": Fact(FactKind.NUMBER, "How many messages it has."),
    "conversation.handoff_reason": _choice("Why a person is needed, while one is.", HandoffReason),
    "conversation.topic": Fact(FactKind.TEXT, "What it is about, as far as that is known."),
    "conversation.language": Fact(FactKind.TEXT, "Its language, by ISO 639-1, as far as that is known."),
    "conversation.sentiment": _choice("How the customer sounds.", Sentiment),
    "conversation.urgency": _choice("How soon somebody should look.", Urgency),
    "customer.name": Fact(FactKind.TEXT, "What the customer is called."),
    "customer.email": Fact(FactKind.TEXT, "The customer's address."),
    "customer.is_known": Fact(FactKind.FLAG, "Whether somebody vouches for the customer."),
    "message.text": Fact(FactKind.TEXT, "What was said, where the event is a message."),
    "message.author": Fact(FactKind.CHOICE, "Who said it.", ("customer", "agent", "assistant")),
    "level.target": _choice("Which target, where the event is about a service level.", Target),
    "rating.helpful": Fact(FactKind.FLAG, "Whether the customer found an answer helpful, where they said so."),
    "survey.score": Fact(FactKind.NUMBER, "What the customer gave, 1 to 5, where they did."),
    "organization.is_open": Fact(FactKind.FLAG, "Whether the event fell into business hours."),
}
"""What can be asked; what an event does not tell is nothing."""


def facts_of(event: Event, conversation: Conversation, known: Facts) -> Facts:
    """The facts of an event, in a conversation as it stood then; `known` is what is known beside it."""
    triage, handoff = conversation.triage, conversation.handoff
    facts: dict[str, Value] = {
        **known,
        "conversation.state": conversation.state,
        "conversation.priority": triage.priority,
        "conversation.subject": conversation.subject,
        "conversation.inbox": _id(conversation.inbox_id),
        "conversation.assignee": _id(conversation.assignee_id),
        "conversation.tags": frozenset(map(str, triage.tag_ids)),
        "conversation.is_snoozed": triage.is_snoozed,
        "conversation.is_spam": triage.is_spam,
        "conversation.episode": conversation.episode,
        "conversation.messages": conversation.message_count,
        "conversation.handoff_reason": handoff.reason if handoff else None,
        **_said(event),
    }
    for key, value in triage.attributes.items():
        facts[f"{ATTRIBUTE}{key}"] = ", ".join(value) if isinstance(value, tuple | list) else value
    return facts


def _said(event: Event) -> Facts:
    match event:
        case MessageSent(message) | AnswerCompleted(message) | HandoffRequested(message=message):
            return _message(message)
        case ServiceLevelWarned() | ServiceLevelBreached() | ServiceLevelMet():
            return {"level.target": event.target}
        case AnswerRated(helpful=helpful):
            return {"rating.helpful": helpful}
        case SurveyAnswered(score=score):
            return {"survey.score": score}
    return {}


def _message(message: Message) -> Facts:
    author = ActorKind.AGENT if message.author_kind is ActorKind.ADMIN else message.author_kind
    return {"message.text": message.text, "message.author": author}


def _id(identity: object) -> str | None:
    return None if identity is None else str(identity)
