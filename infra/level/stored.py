"""Policies as rows, and how conversations stand to them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, or_, select, union
from sqlalchemy.dialects.postgresql import insert

from domain.account.settings import BusinessHours, Settings
from domain.base import stream_of
from domain.conversation.events import ConversationState
from domain.level.clock import Happening
from domain.level.level import Level, Verdict
from domain.level.policy import ServiceLevelPolicy, ServiceLevelPolicyView, Terms
from infra.accounts.repository import SqlNamed
from infra.accounts.rows import inboxes
from infra.level.rows import service_level_policies, service_levels
from infra.repositories import Unit
from infra.rows import conversations, events, organizations
from infra.storage.codec import load_event
from infra.storage.known import require_known
from infra.triage.rows import tags

OWED = (ConversationState.WAITING, ConversationState.WITH_PERSON)


class SqlPolicies(SqlNamed[ServiceLevelPolicy]):
    """Policies."""

    def __init__(self, unit: Unit) -> None:
        super().__init__(unit, service_level_policies, ServiceLevelPolicy, inbox_ids=tuple, tag_ids=tuple)

    async def require_known(self, terms: Terms) -> None:
        """`NotFoundError` where the organization has not all the inboxes and tags that terms name."""
        await require_known(self._unit, inboxes, terms.inbox_ids)
        await require_known(self._unit, tags, terms.tag_ids)


class SqlLevels:
    """How conversations stand, in one unit of work."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    async def policies(self) -> Sequence[ServiceLevelPolicyView]:
        """Every policy, in the order in which they count."""
        mine = service_level_policies.c.organization_id == self._unit.actor.tenant
        return [policy_view(row) for row in await self._unit.connection.execute(in_order().where(mine))]

    async def hours(self) -> BusinessHours | None:
        """When people are there."""
        return (await self._settings()).business_hours

    async def languages(self) -> Sequence[str]:
        """The languages of the organization, the first its own."""
        return (await self._settings()).languages

    async def _settings(self) -> Settings:
        o = organizations.c
        stored = await self._unit.connection.scalar(select(o.settings).where(o.id == self._unit.actor.tenant))
        return Settings.of(stored or {})

    async def is_known(self, conversation_id: UUID) -> bool:
        """Whether anything is kept of a conversation."""
        return await self._unit.connection.scalar(self._held(conversation_id)) is not None

    async def history(self, conversation_id: UUID) -> Sequence[Happening]:
        """All that happened in a conversation, in order."""
        c = events.c
        stream = stream_of("conversation", conversation_id)
        wanted = select(c.kind, c.payload, c.at).where(c.stream == stream).order_by(c.version)
        rows = await self._unit.connection.execute(wanted)
        return [(load_event(row.kind, row.payload), row.at) for row in rows]

    async def keep(self, conversation_id: UUID, policy_id: UUID | None, verdict: Verdict) -> None:
        """Remember how a conversation stands; nothing of one that never had a level."""
        if not verdict.levels and not await self.is_known(conversation_id):
            return
        row = {
            "policy_id": policy_id,
            "clocks": [_stored(level) for level in verdict.levels],
            "due_at": verdict.due_at,
            "is_open": any(level.is_open for level in verdict.levels),
        }
        whole = row | {"id": conversation_id, "organization_id": self._unit.actor.tenant}
        kept = insert(service_levels).values(whole)
        kept = kept.on_conflict_do_update(index_elements=[service_levels.c.id], set_=row)
        await self._unit.connection.execute(kept)

    async def owed(self, after: UUID | None, *, most: int) -> Sequence[UUID]:
        """Conversations that people have, or that have an open level, by id after one."""
        c, s, tenant = conversations.c, service_levels.c, self._unit.actor.tenant
        with_people = select(c.id).where(c.organization_id == tenant, c.state.in_(OWED), _after(c.id, after))
        held = select(s.id).where(s.organization_id == tenant, s.is_open, _after(s.id, after))
        both = union(with_people.order_by(c.id).limit(most).subquery().select(), held).subquery()
        wanted = select(both.c.id).order_by(both.c.id).limit(most)
        return list((await self._unit.connection.execute(wanted)).scalars())

    def _held(self, conversation_id: UUID) -> Select[Any]:
        s = service_levels.c
        return select(s.id).where(s.id == conversation_id, s.organization_id == self._unit.actor.tenant)


def in_order() -> Select[Any]:
    """Policies, in the order in which they count."""
    c = service_level_policies.c
    return select(service_level_policies).order_by(c.place, c.created_at, c.id)


def policy_view(row: Row[Any]) -> ServiceLevelPolicyView:
    """A policy's row as people see it."""
    terms = Terms(
        name=row.name,
        targets=row.targets,
        place=row.place,
        inbox_ids=tuple(row.inbox_ids),
        tag_ids=tuple(row.tag_ids),
        pauses=row.pauses,
        warn_at=row.warn_at,
        enabled=row.enabled,
    )
    return ServiceLevelPolicyView(row.id, terms, row.created_at)


def _stored(level: Level) -> dict[str, Any]:
    due = level.due_at.isoformat() if level.due_at else None
    return {"target": str(level.target), "state": str(level.state), "due_at": due}


def _after(column: ColumnElement[UUID], after: UUID | None) -> ColumnElement[bool]:
    return column > after if after else or_(column.is_not(None))
