"""What organizations have decided, kept for a few seconds; and how far their agents have read."""

from __future__ import annotations

from time import monotonic
from uuid import UUID

from sqlalchemy import literal, select
from sqlalchemy.dialects.postgresql import insert

from domain.account.permission import Permission
from domain.base import STAFF, Actor, NotFoundError
from domain.ports import AssistantSettings, IdempotencyKey, Receipt
from infra.database import Database
from infra.rows import conversations, organizations, read_marks
from infra.sight import reached
from infra.unit_of_work import SqlUnits

KEPT_FOR = 5.0


class SqlOrganizations:
    """Settings from the organization's row."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._kept: dict[UUID, tuple[float, AssistantSettings]] = {}

    async def assistant_settings(self, organization_id: UUID) -> AssistantSettings:
        """The organization's decisions about its assistant, at most five seconds old."""
        until, settings = self._kept.get(organization_id, (0.0, AssistantSettings()))
        if monotonic() < until:
            return settings
        async with self._database.tenant(organization_id) as connection:
            found = select(organizations.c.settings).where(organizations.c.id == organization_id)
            stored = (await connection.execute(found)).scalar_one()
        chosen = stored.get("assistant", {})
        settings = AssistantSettings(enabled=chosen.get("enabled", True), threshold=chosen.get("threshold"))
        self._kept[organization_id] = (monotonic() + KEPT_FOR, settings)
        return settings


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
