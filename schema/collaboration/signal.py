"""Who is there, who is typing: what is true for seconds."""

from datetime import datetime
from uuid import UUID

import strawberry

from domain.account.permission import Permission
from domain.collaboration import signal as domain
from schema.account import Agent
from schema.base import edge
from schema.needs import needing

strawberry.enum(domain.SignalKind, description="What somebody does in a conversation without saying anything.")


@strawberry.type(description="Somebody else who has the conversation before their eyes.")
class ConversationViewer:
    """There at this moment."""

    agent_id: strawberry.Private[UUID | None]
    is_typing: bool = strawberry.field(description="They are about to say something.")
    agent: Agent | None = edge("agents", "agent_id", of=Agent.of, description="Who; null for the customer.")

    @classmethod
    def of(cls, view: domain.Viewer) -> "ConversationViewer":
        """Built from its view."""
        return cls(agent_id=view.agent_id, is_typing=view.is_typing)


@needing(Permission.READ_CONVERSATIONS)
@strawberry.type(description="Something that somebody else does right now. It is kept nowhere, and may get lost.")
class ConversationSignal:
    """A signal."""

    agent_id: strawberry.Private[UUID | None]
    kind: domain.SignalKind = strawberry.field(description="What they do.")
    is_staff: bool = strawberry.field(description="Whether they work here; it is the customer otherwise.")
    until: datetime | None = strawberry.field(
        description="When it is over unless it comes again; null for what is over at once."
    )
    agent: Agent | None = edge(
        "agents", "agent_id", of=Agent.of, description="Who; null for the customer, and for customers."
    )

    @classmethod
    def of(cls, view: domain.Signal) -> "ConversationSignal":
        """Built from its view."""
        return cls(agent_id=view.agent_id, kind=view.kind, is_staff=view.is_staff, until=view.until)
