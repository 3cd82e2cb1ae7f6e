"""Actions: calls that an agent is asked about before they are made."""

from datetime import datetime
from uuid import UUID

import strawberry

from domain.account.permission import Permission
from domain.tool.call import CallView
from schema.account import Agent
from schema.base import Node, edge
from schema.conversation import Conversation
from schema.needs import needing
from schema.tool import ToolCall


@needing(Permission.READ_ASSISTANT)
@strawberry.type(description="Something that the assistant may do once an agent has agreed.")
class Action(Node):
    """An action, and what was decided."""

    conversation_id: strawberry.Private[UUID | None]
    decider_id: strawberry.Private[UUID | None]
    title: str = strawberry.field(description="What the tool is called by people.")
    proposed_at: datetime = strawberry.field(description="When the assistant asked for it.")
    expires_at: datetime | None = strawberry.field(description="Until when it waits; null once it does not.")
    decided_at: datetime | None = strawberry.field(description="When an agent decided; null while none has.")
    reason: str | None = strawberry.field(description="Why it was rejected, if somebody said so.")
    call: ToolCall | None = edge("tool_calls", "key", of=ToolCall.of, description="The call, and what came of it.")
    conversation: Conversation | None = edge(
        "conversations", "conversation_id", of=Conversation.of, description="Where the customer asked for it."
    )
    decided_by: Agent | None = edge("agents", "decider_id", of=Agent.of, description="Who decided.")

    @classmethod
    def of(cls, view: CallView) -> "Action":
        """Built from its view."""
        return cls(
            key=view.id,
            conversation_id=view.conversation_id,
            decider_id=view.decided_by,
            title=view.title,
            proposed_at=view.proposed_at or view.created_at,
            expires_at=view.due_at,
            decided_at=view.decided_at,
            reason=view.reason,
        )
