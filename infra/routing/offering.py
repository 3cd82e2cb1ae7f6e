"""What a conversation's row shows of who is asked to take it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import func

from domain.base import Event
from domain.conversation.aggregate import Conversation
from domain.conversation.desk_events import ConversationAssigned, ConversationReturned
from domain.conversation.events import ConversationResolved, ConversationState, ConversationTakenOver, HandoffRequested
from infra.rows import conversations


def offering_columns(conversation: Conversation, changes: Iterable[Event], at: datetime) -> dict[str, Any]:
    """The columns after some changes; what was returned waits since it first needed a person."""
    offering, kinds = conversation.offering, {type(event) for event in changes}
    row: dict[str, Any] = {
        "offered_to": offering.agent_id,
        "offered_until": offering.until,
        "passed": {str(agent): until.isoformat() for agent, until in offering.passed.items()},
    }
    if kinds & {ConversationTakenOver, ConversationAssigned}:
        row["taken_at"] = at
    if HandoffRequested in kinds:
        row["needed_since"] = at
    elif ConversationResolved in kinds:
        row["needed_since"] = None
    if ConversationReturned in kinds and conversation.state is ConversationState.WAITING:
        row["waiting_since"] = func.coalesce(conversations.c.needed_since, at)
    return row
