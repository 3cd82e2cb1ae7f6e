"""What is known of a customer beside their name: their addresses, and what happened to them."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import strawberry

from domain.base import ActorKind
from domain.customer.contact import Contact, ContactKind
from domain.customer.ports import TimelineView
from schema.base import Node, edge

if TYPE_CHECKING:
    from schema.account import Agent
    from schema.collaboration.note import Note
    from schema.conversation import Conversation, Message

strawberry.enum(ContactKind, description="What kind of address it is.")


@strawberry.type(description="An address of a customer's: a company has each once.")
class CustomerContact:
    """By what they are known again."""

    kind: ContactKind = strawberry.field(description="E-mail, telephone, or what the company's own systems say.")
    value: str = strawberry.field(description="In lower case, or as +4930123456.")
    verified_at: datetime | None = strawberry.field(
        description="Since when it is known to be theirs; null where somebody only wrote from there."
    )
    bounced_at: datetime | None = strawberry.field(description="When something did not arrive there, if so.")

    @classmethod
    def of(cls, contact: Contact) -> "CustomerContact":
        """Built from its value."""
        return cls(
            kind=contact.kind,
            value=contact.value,
            verified_at=contact.verified_at,
            bounced_at=contact.bounced_at,
        )


@strawberry.type(description="Something that happened to a customer, or in one of their conversations.")
class TimelineEntry:
    """A line of a customer's story."""

    agent_key: strawberry.Private[UUID | None]
    conversation_key: strawberry.Private[UUID | None]
    message_key: strawberry.Private[UUID | None]
    note_key: strawberry.Private[UUID | None]
    event: str = strawberry.field(description="What, such as `MessageSent`, `NoteAdded` or `CustomerBlocked`.")
    at: datetime = strawberry.field(description="When.")
    by: ActorKind = strawberry.field(description="What kind of caller did it.")
    text: str | None = strawberry.field(description="What else was written with it, such as a reason.")
    agent: Annotated["Agent", strawberry.lazy("schema.account")] | None = edge(
        "agents", "agent_key", of=Node.named("Agent"), description="The agent who did it, if one did."
    )
    conversation: Annotated["Conversation", strawberry.lazy("schema.conversation")] | None = edge(
        "conversations", "conversation_key", of=Node.named("Conversation"), description="Where, if in one."
    )
    message: Annotated["Message", strawberry.lazy("schema.conversation")] | None = edge(
        "messages", "message_key", of=Node.named("Message"), description="The message that came with it, if one did."
    )
    note: Annotated["Note", strawberry.lazy("schema.collaboration.note")] | None = edge(
        "notes", "note_key", of=Node.named("Note"), description="The note that it is about, as it is now."
    )

    @classmethod
    def of(cls, view: TimelineView) -> "TimelineEntry":
        """Built from its view."""
        return cls(
            agent_key=view.agent_id,
            conversation_key=view.conversation_id,
            message_key=view.message_id,
            note_key=view.note_id,
            event=view.kind,
            at=view.at,
            by=view.actor_kind,
            text=view.text,
        )
