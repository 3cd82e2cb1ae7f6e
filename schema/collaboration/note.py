"""Notes that people at work write for each other."""

from datetime import datetime
from uuid import UUID

import strawberry

from domain.account.permission import Permission
from domain.collaboration import note as domain
from schema.account import Agent
from schema.base import Node, edge, edges
from schema.collaboration.file import File
from schema.needs import needing


@needing(Permission.READ_CONVERSATIONS)
@strawberry.type(description="What somebody wrote about a conversation for colleagues. Customers see none.")
class Note(Node):
    """A note never changes; its author may take it back."""

    agent_id: strawberry.Private[UUID | None]
    mentioned_ids: strawberry.Private[tuple[UUID, ...]]
    file_ids: strawberry.Private[tuple[UUID, ...]]
    text: str = strawberry.field(description="What they wrote; empty where they took it back.")
    created_at: datetime = strawberry.field(description="When it was written.")
    deleted_at: datetime | None = strawberry.field(description="When its author took it back, if they did.")
    author: Agent | None = edge("agents", "agent_id", of=Agent.of, description="Who wrote it; null where a rule did.")
    mentioned: list[Agent] = edges("agent_lists", "mentioned_ids", of=Agent.of, description="Who is to read it.")
    attachments: list[File] = edges("file_lists", "file_ids", of=File.of, description="What goes with it.")

    @classmethod
    def of(cls, view: domain.Note) -> "Note":
        """Built from its view."""
        assert view.created_at is not None  # noqa: S101  whatever was read was written
        return cls(
            key=view.id,
            agent_id=view.agent_id,
            mentioned_ids=view.mentioned_ids,
            file_ids=view.file_ids,
            text=view.text,
            created_at=view.created_at,
            deleted_at=view.deleted_at,
        )
