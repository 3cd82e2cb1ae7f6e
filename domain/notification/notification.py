"""What people at work can be told of, and how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from domain.base import Actor, ActorKind, Event, Recorded
from domain.carriage.carriage import DeliveryFailed
from domain.conversation.desk_events import (
    ConversationAssigned,
    ConversationReturned,
    NoteAdded,
    OfferMade,
    ReturnCause,
    ServiceLevelBreached,
    ServiceLevelWarned,
    SurveyAnswered,
)
from domain.conversation.events import MessageSent
from domain.webhook.events import WebhookDisabled


class NotificationKind(StrEnum):
    """What a notification is about."""

    MENTIONED = "mentioned"
    OFFERED = "offered"
    ASSIGNED = "assigned"
    REPLIED = "replied"
    SERVICE_LEVEL_WARNED = "service_level_warned"
    SERVICE_LEVEL_BREACHED = "service_level_breached"
    RETURNED = "returned"
    SURVEY_ANSWERED = "survey_answered"
    DELIVERY_FAILED = "delivery_failed"
    JOB_FAILED = "job_failed"
    WEBHOOK_DISABLED = "webhook_disabled"


class Means(StrEnum):
    """How somebody is told."""

    IN_APP = "in_app"
    EMAIL = "email"
    PUSH = "push"
    SMS = "sms"


NOTIFYING = "notify_people"
"""The job that tells people, of whose own failure nobody is told: that would go on for ever."""
OUTSIDE = (Means.EMAIL, Means.PUSH, Means.SMS)
"""Those by which something goes out."""

_K, _M = NotificationKind, Means
DEFAULTS: Mapping[NotificationKind, frozenset[Means]] = MappingProxyType(
    {
        _K.MENTIONED: frozenset({_M.IN_APP, _M.EMAIL, _M.PUSH}),
        _K.OFFERED: frozenset({_M.IN_APP, _M.PUSH}),
        _K.ASSIGNED: frozenset({_M.IN_APP, _M.EMAIL, _M.PUSH}),
        _K.REPLIED: frozenset({_M.IN_APP, _M.EMAIL, _M.PUSH}),
        _K.SERVICE_LEVEL_WARNED: frozenset({_M.IN_APP, _M.PUSH}),
        _K.SERVICE_LEVEL_BREACHED: frozenset({_M.IN_APP, _M.EMAIL, _M.PUSH}),
        _K.RETURNED: frozenset({_M.IN_APP}),
        _K.SURVEY_ANSWERED: frozenset({_M.IN_APP}),
        _K.DELIVERY_FAILED: frozenset({_M.IN_APP}),
        _K.JOB_FAILED: frozenset({_M.IN_APP}),
        _K.WEBHOOK_DISABLED: frozenset({_M.IN_APP, _M.EMAIL}),
    }
)
"""How somebody is told who has decided nothing; a text message costs money, so that it is never sent unasked."""
URGENT = frozenset({_K.OFFERED, _K.SERVICE_LEVEL_BREACHED})
"""What quiet hours and digests do not hold back, for those who allow it: later it would be of no use."""


class Circle(StrEnum):
    """Whom something concerns who is not named in it."""

    ASSIGNEE = "assignee"
    """Who has the conversation, if anybody has."""
    RESPONSIBLE = "responsible"
    """The same; where nobody has it, the people of its inbox's teams, or else the admins."""
    ABLE = "able"
    """Everybody who may do something about it."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to tell: of which kind, about which conversation, whom; `by` is who did it and is never told."""

    kind: NotificationKind
    event_id: int
    at: datetime
    by: Actor
    conversation_id: UUID | None
    people: frozenset[UUID] = frozenset()
    circle: Circle | None = None


@dataclass(frozen=True, slots=True)
class Notification:
    """What one person was told, or is to be."""

    id: UUID
    agent_id: UUID
    kind: NotificationKind
    conversation_id: UUID | None
    by: str
    """The actor, as the journal names them."""
    created_at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class NotificationArrived(Event):
    """A person is told something in the app: in the stream of what this person is told."""

    notification_id: UUID
    kind_of: NotificationKind


@dataclass(frozen=True, slots=True)
class NotificationsRead(Event):
    """A person has seen what they were told; without ids, all of it."""

    notification_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class JobFailed(Event):
    """A job is a dead letter now: it failed past its retries, and waits for somebody to replay it."""

    job: str
    about: str
    """The stream of the event that called for it."""


@dataclass(frozen=True, slots=True)
class BundleDue(Event):
    """What waited for a person is to go out now, as one."""

    agent_id: UUID
    means: Means
    bundle: str


TOLD: tuple[type[Event], ...] = (
    NoteAdded,
    OfferMade,
    ConversationAssigned,
    ConversationReturned,
    MessageSent,
    ServiceLevelWarned,
    ServiceLevelBreached,
    SurveyAnswered,
    DeliveryFailed,
    JobFailed,
    WebhookDisabled,
)
"""The events that people are told of; a customer's alone of the messages."""


def notice_of(recorded: Recorded) -> Notice | None:
    """What an event has people told; None where nobody needs to know."""
    found = _about(recorded.event, recorded.actor)
    if found is None:
        return None
    kind, whom = found
    people, circle = (frozenset[UUID](), whom) if isinstance(whom, Circle) else (whom, None)
    conversation_id = _conversation_of(recorded)
    return Notice(kind, recorded.id, recorded.at, recorded.actor, conversation_id, people, circle)


def _conversation_of(recorded: Recorded) -> UUID | None:
    if isinstance(recorded.event, DeliveryFailed):
        about = recorded.event.about.get("conversation")
        return UUID(about) if about else None
    concept, _, identity = recorded.stream.partition(":")
    return UUID(identity) if concept == "conversation" else None


def _about(event: Event, actor: Actor) -> tuple[NotificationKind, frozenset[UUID] | Circle] | None:
    kind = NotificationKind
    found: tuple[NotificationKind, frozenset[UUID] | Circle] | None = None
    match event:
        case NoteAdded():
            found = kind.MENTIONED, frozenset(event.mentioned_ids)
        case OfferMade():
            found = kind.OFFERED, frozenset({event.agent_id})
        case ConversationAssigned():
            found = kind.ASSIGNED, frozenset({event.agent_id})
        case ConversationReturned() if event.cause is ReturnCause.VANISHED:
            found = kind.RETURNED, frozenset({event.agent_id})
        case MessageSent() if actor.kind is ActorKind.CUSTOMER:
            found = kind.REPLIED, Circle.ASSIGNEE
        case ServiceLevelWarned():
            found = kind.SERVICE_LEVEL_WARNED, Circle.RESPONSIBLE
        case ServiceLevelBreached():
            found = kind.SERVICE_LEVEL_BREACHED, Circle.RESPONSIBLE
        case SurveyAnswered():
            found = kind.SURVEY_ANSWERED, Circle.ASSIGNEE
        case DeliveryFailed() if "notification" not in event.about:  # whose failure would be told by the same way
            found = kind.DELIVERY_FAILED, Circle.ABLE
        case JobFailed() if event.job != NOTIFYING:
            found = kind.JOB_FAILED, Circle.ABLE
        case WebhookDisabled(why=str()):  # by Parley itself
            found = kind.WEBHOOK_DISABLED, Circle.ABLE
    return found
