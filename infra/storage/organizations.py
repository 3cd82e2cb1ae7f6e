"""What organizations have decided, kept for a few seconds; and how far their agents have read."""

from __future__ import annotations

from dataclasses import replace
from time import monotonic
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, literal, select
from sqlalchemy.dialects.postgresql import insert

from domain.account.inbox import assistant_enabled
from domain.account.organization import default_inbox_of
from domain.account.permission import Permission
from domain.account.settings import assistant_of
from domain.base import STAFF, Actor, NotFoundError
from domain.ports import AssistantSettings, IdempotencyKey, Receipt
from infra.accounts.rows import inboxes
from infra.database import Database
from infra.rows import conversations, organizations, read_marks
from infra.storage.sight import reached
from infra.unit_of_work import SqlUnits

KEPT_FOR = 5.0


class SqlOrganizations:
    """Settings from the organization's row."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._kept: dict[tuple[UUID, UUID], tuple[float, AssistantSettings]] = {}

    async def assistant_settings(self, organization_id: UUID, inbox_id: UUID | None = None) -> AssistantSettings:
        """The organization's decisions about its assistant, as they hold in an inbox; at most five seconds old."""
        key = (organization_id, inbox_id or default_inbox_of(organization_id))
        until, settings = self._kept.get(key, (0.0, AssistantSettings()))
        if monotonic() < until:
            return settings
        async with self._database.tenant(organization_id) as connection:
            row = (await connection.execute(_settings(*key))).one()
        chosen = assistant_of(row.settings)
        settings = replace(chosen, enabled=chosen.enabled and assistant_enabled(row.inbox or {}))
        self._kept[key] = (monotonic() + KEPT_FOR, settings)
        return settings


def _settings(organization_id: UUID, inbox_id: UUID) -> Select[Any]:
    o, i = organizations.c, inboxes.c
    joined = organizations.outerjoin(inboxes, and_(i.organization_id == o.id, i.id == inbox_id))
    return select(o.settings, i.settings.label("inbox")).select_from(joined).where(o.id == organization_id)


class SqlReadMarks:
    """One row an agent and conversation."""

    def __init__(self, units: SqlUnits) -> None:
        self._units = units

    async def mark(self, actor: Actor, conversation_id: UUID, *, key: IdempotencyKey | None = None) -> Receipt:
        """The agent has read all that the customer wrote."""
        actor.require_kind(*STAFF)
        c, mark = conversations.c, read_marks.c
        seen = select(c.id, literal(actor.identity), c.organization_id, c.customer_message_count).where(
            c.id == conversation_id, reached(actor, Permission.READ_CONVERSATIONS)
        )
        columns = [mark.conversation_id, mark.agent_id, mark.organization_id, mark.customer_messages]
        marked = insert(read_marks).from_select(columns, seen)
        newest = {"customer_messages": marked.excluded.customer_messages}
        marked = marked.on_conflict_do_update(index_elements=[mark.conversation_id, mark.agent_id], set_=newest)
        async with self._units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            if (await unit.connection.execute(marked.returning(mark.agent_id))).one_or_none() is None:
                raise NotFoundError("conversation")
            return await unit.commit(Receipt(conversation_id))
