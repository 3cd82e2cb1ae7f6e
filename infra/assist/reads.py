"""What one actor may see of summaries and classifications."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Table, select

from domain.assist.digest import ClassificationView, SummaryView
from domain.assist.events import Sentiment, Urgency
from domain.base import STAFF, ActorKind
from infra.assist.rows import classifications, summaries
from infra.reads import SqlReads
from infra.rows import conversations


class SqlAssistReads(SqlReads):
    """The reads of one operation about help for agents."""

    async def summaries(self, ids: Sequence[UUID]) -> Sequence[SummaryView | None]:
        """Summaries by the ids of their conversations; none for customers."""
        found = {row.id: _summary(row) for row in await self._beside(summaries, ids)}
        return [found.get(identity) for identity in ids]

    async def classifications(self, ids: Sequence[UUID]) -> Sequence[ClassificationView | None]:
        """Classifications by the ids of their conversations; none for customers."""
        found = {row.id: _classification(row) for row in await self._beside(classifications, ids)}
        return [found.get(identity) for identity in ids]

    async def _beside(self, table: Table, ids: Sequence[UUID]) -> Sequence[Row[Any]]:
        """The rows beside conversations that the actor sees, for colleagues."""
        if self._actor.kind not in (*STAFF, ActorKind.API_KEY):
            return ()
        c = conversations.c
        joined = table.join(conversations, c.id == table.c.id)
        wanted = select(table, c.message_count).select_from(joined).where(table.c.id.in_(ids), self._visible())
        return await self._rows(wanted)


def _summary(row: Row[Any]) -> SummaryView:
    return SummaryView(row.id, row.text, row.messages >= row.message_count, row.made_by, row.made_at)


def _classification(row: Row[Any]) -> ClassificationView:
    return ClassificationView(
        conversation_id=row.id,
        topic=row.topic,
        language=row.language,
        sentiment=Sentiment(row.sentiment),
        urgency=Urgency(row.urgency),
        confidence=row.confidence,
        made_by=row.made_by,
        made_at=row.made_at,
    )
