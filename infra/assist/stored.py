"""Summaries and classifications as rows, and conversations as those read them who help with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select

from domain.account.permission import Permission
from domain.assist.digest import Classification, Summary
from domain.assist.events import Sentiment, Urgency
from domain.assist.ports import Dialogue
from domain.assistant import Speaker, Turn
from domain.base import Actor, ActorKind, NotFoundError
from domain.conversation.events import ConversationState
from infra.accounts.repository import SqlStored
from infra.assist.rows import classifications, summaries
from infra.database import Database
from infra.repositories import Unit
from infra.rows import conversations, messages
from infra.storage.sight import reached

MOST_TURNS = 60
"""Messages, the newest ones, that are read for help."""
SPEAKERS = {ActorKind.CUSTOMER: Speaker.CUSTOMER, ActorKind.ASSISTANT: Speaker.ASSISTANT}


class SqlSummaries(SqlStored[Summary]):
    """Summaries."""

    def __init__(self, unit: Unit) -> None:
        super().__init__(unit, summaries, Summary)

    async def held(self, conversation_id: UUID) -> Summary | None:
        """The summary of a conversation, locked; None where there is none."""
        return next(iter(await self.find(summaries.c.id == conversation_id)), None)


class SqlClassifications(SqlStored[Classification]):
    """Classifications."""

    def __init__(self, unit: Unit) -> None:
        super().__init__(unit, classifications, Classification, sentiment=Sentiment, urgency=Urgency)

    async def held(self, conversation_id: UUID) -> Classification | None:
        """The classification of a conversation, locked; None where there is none."""
        return next(iter(await self.find(classifications.c.id == conversation_id)), None)


@dataclass(frozen=True)
class SqlDialogues:
    """As the port says; nothing is locked, so that nobody who answers waits."""

    database: Database

    async def of(self, actor: Actor, conversation_id: UUID) -> Dialogue:
        """The dialogue of a conversation that the actor sees; `NotFoundError` for any other."""
        c, m = conversations.c, messages.c
        visible = reached(actor, Permission.READ_CONVERSATIONS)
        async with self.database.tenant(actor.tenant, snapshot=True) as connection:
            found = await connection.execute(select(conversations).where(c.id == conversation_id, visible))
            row = found.one_or_none()
            if row is None:
                raise NotFoundError("conversation")
            newest = select(m.author_kind, m.text).where(m.conversation_id == conversation_id)
            said = (await connection.execute(newest.order_by(m.number.desc()).limit(MOST_TURNS))).all()
        return _dialogue(row, [_turn(each) for each in reversed(said)])


def _dialogue(row: Row[Any], turns: list[Turn]) -> Dialogue:
    return Dialogue(
        conversation_id=row.id,
        organization_id=row.organization_id,
        customer_id=row.customer_id,
        inbox_id=row.inbox_id,
        state=ConversationState(row.state),
        turns=turns,
        messages=row.message_count,
    )


def _turn(row: Row[Any]) -> Turn:
    return Turn(SPEAKERS.get(ActorKind(row.author_kind), Speaker.AGENT), row.text)
