"""Tags, attributes, views and macros as rows, and what the rows know beside."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Row, Select, Table, delete, select

from domain.automation.rule import recipe_of
from domain.macro.macro import Macro, MacroActions
from domain.triage.attribute import AttributeDefinition, AttributeDefinitionView, AttributeKind, AttributeOwner
from domain.triage.filter import ConversationFilter
from domain.triage.ports import Names
from domain.triage.tag import Tag, TagUse, TagUseKind
from domain.triage.view import View
from infra.accounts.repository import SqlNamed, SqlStored
from infra.accounts.rows import inboxes
from infra.automation.rows import rules
from infra.automation.stored import named_by
from infra.level.rows import service_level_policies
from infra.repositories import Unit
from infra.rows import agents, conversations, customers
from infra.storage.codec import dump
from infra.storage.known import known, require_known
from infra.triage.rows import attribute_definitions, labels, macros, tags, views

_filters = TypeAdapter(ConversationFilter)
_actions = TypeAdapter(MacroActions)


def encoded(wanted: ConversationFilter) -> Mapping[str, Any]:
    """A filter as JSON, without the parts that ask for nothing."""
    empty = dump(ConversationFilter())
    return {name: value for name, value in dump(wanted).items() if value != empty[name]}


def filter_of(stored: Mapping[str, Any]) -> ConversationFilter:
    """The filter that was encoded."""
    return _filters.validate_python(stored)


class Actions:
    """Actions of macros as JSON."""

    def encode(self, actions: MacroActions) -> Mapping[str, Any]:
        """The actions, without those that do nothing."""
        empty = dump(MacroActions())
        return {name: value for name, value in dump(actions).items() if value != empty[name]}

    def decode(self, stored: Mapping[str, Any]) -> MacroActions:
        """The actions that were encoded."""
        return _actions.validate_python(stored)


NAMING: Sequence[tuple[TagUseKind, Table, Callable[[Row[Any]], Collection[UUID]]]] = (
    (TagUseKind.SERVICE_LEVEL_POLICY, service_level_policies, lambda row: row.tag_ids),
    (TagUseKind.RULE, rules, lambda row: named_by(recipe_of(row))["Tag"]),
    (TagUseKind.VIEW, views, lambda row: filter_of(row.filter).tag_ids),
    (TagUseKind.MACRO, macros, lambda row: Actions().decode(row.actions).add_tag_ids),
)
"""What can go by tags, and by which a row does."""


class SqlTags(SqlNamed[Tag]):
    """Tags; one that goes takes its labels with it."""

    def __init__(self, unit: Unit) -> None:
        super().__init__(unit, tags, Tag)

    async def count(self) -> int:
        """How many there are."""
        return await self._count()

    async def known(self, ids: Collection[UUID]) -> set[UUID]:
        """Which of these are tags of the organization."""
        return await known(self._unit, tags, ids)

    async def uses(self, tag_id: UUID) -> Sequence[TagUse]:
        """What goes by a tag, by kind and name."""
        return [
            TagUse(kind, row.name)
            for kind, table, named in NAMING
            for row in await self._unit.connection.execute(_shared(table, self._unit.actor.tenant))
            if tag_id in named(row)
        ]

    async def _write(self, aggregate: Tag) -> None:
        if aggregate.deleted:
            mine = (labels.c.organization_id == aggregate.organization_id) & (labels.c.label == aggregate.id)
            await self._unit.connection.execute(delete(labels).where(mine))
        await super()._write(aggregate)


class SqlAttributes(SqlStored[AttributeDefinition]):
    """Definitions of custom attributes."""

    def __init__(self, unit: Unit) -> None:
        kinds = {"applies_to": AttributeOwner, "kind": AttributeKind, "choices": tuple}
        super().__init__(unit, attribute_definitions, AttributeDefinition, **kinds)

    async def of(self, owner: AttributeOwner) -> Sequence[AttributeDefinitionView]:
        """All that apply to something, by key; nothing is locked."""
        c = attribute_definitions.c
        mine = select(attribute_definitions).where(c.organization_id == self._unit.actor.tenant, c.applies_to == owner)
        return [definition_of(row) for row in await self._unit.connection.execute(mine.order_by(c.key))]


def definition_of(row: Row[Any]) -> AttributeDefinitionView:
    """A definition from its row."""
    return AttributeDefinitionView(
        row.id, AttributeOwner(row.applies_to), row.key, row.label, AttributeKind(row.kind), tuple(row.choices)
    )


class SqlViews(SqlStored[View]):
    """Views."""

    def __init__(self, unit: Unit) -> None:
        super().__init__(unit, views, View)

    async def count(self, agent_id: UUID | None) -> int:
        """How many an agent has, or everybody shares."""
        return await self._count(views.c.agent_id == agent_id)

    async def require_known(self, wanted: ConversationFilter) -> None:
        """`NotFoundError` for a filter that names what the organization does not have."""
        named: Sequence[tuple[Table, Collection[UUID]]] = (
            (tags, wanted.tag_ids),
            (inboxes, wanted.inbox_ids),
            (agents, [wanted.assignee_id] if wanted.assignee_id else []),
            (customers, [wanted.customer_id] if wanted.customer_id else []),
        )
        for table, ids in named:
            await require_known(self._unit, table, ids)


class SqlMacros(SqlStored[Macro]):
    """Macros."""

    def __init__(self, unit: Unit) -> None:
        super().__init__(unit, macros, Macro)

    async def count(self, agent_id: UUID | None) -> int:
        """How many an agent has, or everybody shares."""
        return await self._count(macros.c.agent_id == agent_id)


class SqlFacts:
    """What the rows know that no aggregate does."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    async def merged_into(self, conversation_id: UUID) -> Sequence[UUID]:
        """The conversations that were merged into one, by id."""
        c = conversations.c
        mine = select(c.id).where(c.organization_id == self._unit.actor.tenant, c.merged_into == conversation_id)
        return (await self._unit.connection.execute(mine.order_by(c.id))).scalars().all()

    async def names(self, customer_id: UUID, agent_id: UUID | None) -> Names:
        """What a customer and an agent are called."""
        tenant, connection = self._unit.actor.tenant, self._unit.connection
        k, a = customers.c, agents.c
        customer = await connection.scalar(select(k.name).where(k.id == customer_id, k.organization_id == tenant))
        agent = await connection.scalar(select(a.name).where(a.id == agent_id, a.organization_id == tenant))
        return Names(customer or "", agent)


def _shared(table: Table, tenant: UUID | None) -> Select[Any]:
    """An organization's rows, but for those that one agent keeps for themselves."""
    c = table.c
    own = select(table).where(c.organization_id == tenant).order_by(c.name, c.id)
    return own.where(c.agent_id.is_(None)) if "agent_id" in c else own
