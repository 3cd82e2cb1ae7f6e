"""What the caller is told, and how they want to be."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from domain.base import ActorKind, Recorded
from domain.notification import notification as domain
from domain.notification import ports, preference
from domain.notification.notification import Means, NotificationKind
from domain.notification.preference import Digest
from schema.account import Agent
from schema.base import Node, edge, encode_cursor, global_id
from schema.change import ResyncRequired
from schema.conversation import Conversation
from schema.needs import SIGNED_IN, needing

strawberry.enum(NotificationKind, description="What a notification is about.")
strawberry.enum(Means, name="NotificationMeans", description="How somebody is told.")
strawberry.enum(Digest, name="NotificationDigest", description="How often one mail tells of all that is not urgent.")


@needing(SIGNED_IN)
@strawberry.type(description="Something that you were told in the app. For people at work.")
class Notification(Node):
    """One thing."""

    conversation_key: strawberry.Private[UUID | None]
    agent_key: strawberry.Private[UUID | None]
    kind: NotificationKind = strawberry.field(description="What happened.")
    created_at: datetime = strawberry.field(description="When you were told.")
    read_at: datetime | None = strawberry.field(description="When you saw it; null as long as you did not.")
    conversation: Conversation | None = edge(
        "conversations",
        "conversation_key",
        of=Conversation.of,
        description="What it is about; null where it is about none, or about one that you may not see any more.",
    )
    agent: Agent | None = edge("agents", "agent_key", of=Agent.of, description="The colleague who did it, if one did.")

    @classmethod
    def of(cls, view: domain.Notification) -> "Notification":
        """Built from its view."""
        return cls(
            key=view.id,
            conversation_key=view.conversation_id,
            agent_key=_colleague(view.by),
            kind=view.kind,
            created_at=view.created_at,
            read_at=view.read_at,
        )


def _colleague(by: str) -> UUID | None:
    kind, _, identity = by.partition(":")
    return UUID(identity) if kind in (ActorKind.AGENT, ActorKind.ADMIN) else None


@strawberry.type(description="By what you are told of one kind of thing.")
class NotificationChoice:
    """A line of the preferences."""

    kind: NotificationKind = strawberry.field(description="Of what.")
    means: list[Means] = strawberry.field(description="By what; nothing if it is empty.")
    is_urgent: bool = strawberry.field(description="Whether digests, and quiet hours if you like, let it pass.")


@strawberry.type(description="When you are not to be disturbed, by the clocks of your zone.")
class QuietHours:
    """A span of the day."""

    begins: str = strawberry.field(description="As `22:00`.")
    ends: str = strawberry.field(description="As `07:30`; earlier than the beginning is the next day.")
    urgent_passes: bool = strawberry.field(description="Whether what is urgent disturbs you all the same.")


@needing(SIGNED_IN)
@strawberry.type(description="How you want to be told.")
class NotificationPreferences:
    """What was decided, or holds for who decided nothing."""

    kinds: list[NotificationChoice] = strawberry.field(description="Every kind, with how you are told.")
    zone: str = strawberry.field(description="The time zone that your hours are in, such as `Europe/Lisbon`.")
    quiet_hours: QuietHours | None = strawberry.field(description="When you are not to be disturbed, if ever.")
    digest: Digest | None = strawberry.field(description="How often one mail comes instead of many; null is never.")
    number: str | None = strawberry.field(description="Where text messages go, such as +351912345678.")
    language: str | None = strawberry.field(description="Two letters such as `pt`; null is your company's.")

    @classmethod
    def of(cls, decided: preference.Preferences) -> "NotificationPreferences":
        """Built from what was decided."""
        return cls(
            kinds=[_choice(decided, kind) for kind in NotificationKind],
            zone=decided.zone,
            quiet_hours=QuietHours(
                begins=decided.quiet.begins, ends=decided.quiet.ends, urgent_passes=decided.quiet.urgent_passes
            )
            if decided.quiet
            else None,
            digest=decided.digest,
            number=decided.number,
            language=decided.language,
        )


def _choice(decided: preference.Preferences, kind: NotificationKind) -> NotificationChoice:
    means = [each for each in Means if each in decided.means_for(kind)]
    return NotificationChoice(kind=kind, means=means, is_urgent=kind in domain.URGENT)


@strawberry.type(description="A browser that is told by push.")
class PushSubscription:
    """Without its keys."""

    id: strawberry.ID = strawberry.field(description="For `removePushSubscription`.")
    device: str = strawberry.field(description="As it was called when it was registered.")
    created_at: datetime = strawberry.field(description="When that was.")

    @classmethod
    def of(cls, view: ports.PushSubscription) -> "PushSubscription":
        """Built from its view."""
        return cls(id=global_id("PushSubscription", view.id), device=view.device, created_at=view.created_at)


@strawberry.interface(description="Something that happens to what you are told.")
class NotificationEvent:
    """What all of them share."""

    cursor: str = strawberry.field(description="Where `notificationsChanged` goes on after this.")
    at: datetime = strawberry.field(description="When it happened.")


@strawberry.type(description="You are told something new.")
class NotificationArrived(NotificationEvent):
    """One more."""

    notification_key: strawberry.Private[UUID]
    notification: Notification | None = edge(
        "notifications", "notification_key", of=Notification.of, description="What; null once it is forgotten."
    )


@strawberry.type(description="You saw what you were told, perhaps on another device.")
class NotificationsRead(NotificationEvent):
    """Fewer unread ones."""

    notification_ids: list[strawberry.ID] = strawberry.field(description="Which; all of them if it is empty.")


NotificationsChange = Annotated[
    NotificationArrived | NotificationsRead | ResyncRequired,
    strawberry.union("NotificationsChange", description="What `notificationsChanged` tells."),
]


def told(item: Recorded) -> Any:
    """The type of a recorded event; None for kinds that this code does not know."""
    shared: dict[str, Any] = {"cursor": encode_cursor([str(item.version)]), "at": item.at}
    match item.event:
        case domain.NotificationArrived(notification_id):
            return NotificationArrived(notification_key=notification_id, **shared)
        case domain.NotificationsRead(ids):
            return NotificationsRead(notification_ids=[global_id("Notification", each) for each in ids], **shared)
    return None
