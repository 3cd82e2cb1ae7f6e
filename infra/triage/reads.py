"""What one actor may see of the inbox: conversations by filters, and the tags, attributes, views and macros of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, Table, literal, or_, select, true, union_all

from domain.account.permission import Permission
from domain.base import STAFF, ActorKind, ForbiddenError
from domain.macro.macro import MacroView
from domain.ports import ConversationView, Page, PageRequest
from domain.triage.attribute import AttributeDefinitionView, AttributeOwner
from domain.triage.filter import ConversationFilter, ConversationOrder, checked_filter
from domain.triage.label import TagColor, TagView
from domain.triage.ports import Count
from domain.triage.view import ViewView
from infra.reads import SqlReads
from infra.rows import conversations
from infra.storage.paging import keyset, paged
from infra.triage.finding import counted, page_of, place_of
from infra.triage.rows import attribute_definitions, macros, tags, views
from infra.triage.stored import Actions, definition_of, filter_of

MOST_COUNTED = 999
MOST_MERGED = 100


class SqlTriageReads(SqlReads):
    """The reads of one operation about the inbox."""

    async def conversation_page(
        self, page: PageRequest, wanted: ConversationFilter, order: ConversationOrder
    ) -> Page[ConversationView]:
        """The conversations that a filter lets through, in an order; customers ask for what they know of theirs."""
        if not self._works_here and not (wanted.is_for_customers and order is ConversationOrder.ACTIVITY):
            raise ForbiddenError("Only people at work find conversations by this.")
        found = page_of(self._actor, checked_filter(wanted, "filter"), order, page)
        places = [column for column in found.c if column.name.startswith("place_")]
        ordered = [column.asc() if order is ConversationOrder.WAITING else column.desc() for column in places]
        rows = await self._rows(self._conversations().join(found, found.c.id == conversations.c.id).order_by(*ordered))
        return paged(rows, page, self._conversation, lambda row: place_of(row, order))

    async def earlier_pages(self, keys: Sequence[tuple[UUID, PageRequest]]) -> Sequence[Page[ConversationView]]:
        """For each conversation a page of those that its customer began before, the latest first."""
        page, ids = keys[0][1], [key for key, _ in keys]
        one = self._conversations().subquery("one")
        later = conversations.alias("later")
        mine = select(one).where(one.c.customer_id == later.c.customer_id, one.c.started_at < later.c.started_at)
        order = ((one.c.started_at, datetime.fromisoformat), (one.c.id, UUID))
        each = keyset(mine, page, *order, descending=True).lateral("earlier")
        joined = select(each, later.c.id.label("of")).select_from(later.join(each, true()))
        wanted = joined.where(later.c.id.in_(ids), later.c.organization_id == self._actor.tenant)
        found: dict[UUID, list[Row[Any]]] = defaultdict(list)
        for row in await self._rows(wanted.order_by(each.c.started_at.desc(), each.c.id.desc())):
            found[row.of].append(row)
        return [
            paged(found[key], page, self._conversation, lambda row: (row.started_at.isoformat(), str(row.id)))
            for key in ids
        ]

    async def linked_conversations(self, keys: Sequence[tuple[UUID, ...]]) -> Sequence[Sequence[ConversationView]]:
        """For each list of ids the conversations of it that the actor sees."""
        ids = list({each for key in keys for each in key})
        seen = {view.id: view for view in await self.conversations(ids) if view} if ids else {}
        return [[seen[each] for each in key if each in seen] for key in keys]

    async def merged_conversations(self, ids: Sequence[UUID]) -> Sequence[Sequence[ConversationView]]:
        """For each conversation those that were merged into it, the oldest first; customers are shown none."""
        if not self._works_here:
            return [[] for _ in ids]
        c = conversations.c
        wanted = self._conversations().where(c.organization_id == self._actor.tenant, c.merged_into.in_(ids))
        found: dict[UUID, list[ConversationView]] = defaultdict(list)
        for row in await self._rows(wanted.order_by(c.started_at, c.id).limit(MOST_MERGED * len(ids))):
            found[row.merged_into].append(self._conversation(row))
        return [found[key][:MOST_MERGED] for key in ids]

    async def tags(self, ids: Sequence[UUID]) -> Sequence[TagView | None]:
        """Tags by id."""
        return await self._triaged_by_id(ids, self._triaged(tags), _tag)

    async def all_tags(self) -> Sequence[TagView]:
        """Every tag, by name."""
        return await self._all_triaged(self._triaged(tags).order_by(tags.c.name, tags.c.id), _tag)

    async def attribute_definitions(self, ids: Sequence[UUID]) -> Sequence[AttributeDefinitionView | None]:
        """Definitions by id."""
        return await self._triaged_by_id(ids, self._triaged(attribute_definitions), definition_of)

    async def all_attribute_definitions(self, owner: AttributeOwner | None) -> Sequence[AttributeDefinitionView]:
        """Every definition, or those that apply to something, by key."""
        c = attribute_definitions.c
        applying = true() if owner is None else c.applies_to == owner
        wanted = self._triaged(attribute_definitions).where(applying)
        return await self._all_triaged(wanted.order_by(c.applies_to, c.key), definition_of)

    async def views(self, ids: Sequence[UUID]) -> Sequence[ViewView | None]:
        """Views by id: shared ones and one's own."""
        return await self._triaged_by_id(ids, self._shared_or_own(views), _view)

    async def all_views(self) -> Sequence[ViewView]:
        """Shared views and one's own, by name, shared ones first."""
        return await self._all_triaged(_by_name(self._shared_or_own(views), views), _view)

    async def view_counts(self, ids: Sequence[UUID]) -> Sequence[Count | None]:
        """For each view how many conversations it has for the actor, in one statement for all of them."""
        found = {
            count.view_id: count for count in await self._view_counts([view for view in await self.views(ids) if view])
        }
        return [found.get(each) for each in ids]

    async def all_view_counts(self) -> Sequence[Count]:
        """The same for shared views and one's own."""
        return await self._view_counts(await self.all_views())

    async def conversation_counts(self, wanted: Sequence[ConversationFilter]) -> Sequence[Count]:
        """For each filter how many conversations it lets through, in one statement for all of them."""
        self._actor.require(Permission.READ_CONVERSATIONS)
        self._actor.require_kind(*STAFF, ActorKind.API_KEY)
        return await self._counts([checked_filter(each, f"filters.{place}") for place, each in enumerate(wanted)])

    async def _view_counts(self, shown: Sequence[ViewView]) -> Sequence[Count]:
        counts = await self._counts([view.filter for view in shown])
        return [replace(count, view_id=view.id) for view, count in zip(shown, counts, strict=True)]

    async def _counts(self, wanted: Sequence[ConversationFilter]) -> Sequence[Count]:
        each = [_counting(place, counted(self._actor, one, MOST_COUNTED + 1)) for place, one in enumerate(wanted)]
        rows = sorted(await self._rows(union_all(*each)), key=lambda row: row.place) if each else []
        return [Count(min(row.most, MOST_COUNTED), row.most > MOST_COUNTED) for row in rows]

    async def macros(self, ids: Sequence[UUID]) -> Sequence[MacroView | None]:
        """Macros by id: shared ones and one's own."""
        return await self._triaged_by_id(ids, self._shared_or_own(macros), _macro)

    async def all_macros(self) -> Sequence[MacroView]:
        """Shared macros and one's own, by name, shared ones first."""
        return await self._all_triaged(_by_name(self._shared_or_own(macros), macros), _macro)

    @property
    def _works_here(self) -> bool:
        return self._actor.kind in (*STAFF, ActorKind.API_KEY, ActorKind.SYSTEM, ActorKind.ASSISTANT)

    def _triaged(self, table: Table) -> Select[Any]:
        return select(table).where(table.c.organization_id == self._actor.tenant)

    def _shared_or_own(self, table: Table) -> Select[Any]:
        """What everybody shares, and what the actor keeps for themselves."""
        owner = table.c.agent_id
        return self._triaged(table).where(or_(owner.is_(None), owner == self._actor.identity))

    async def _triaged_by_id(
        self, ids: Sequence[UUID], wanted: Select[Any], view: Callable[[Row[Any]], Any]
    ) -> Sequence[Any]:
        self._actor.require(Permission.READ_CONVERSATIONS)
        if not self._works_here:
            return [None for _ in ids]
        column = wanted.selected_columns.id
        found = {row.id: view(row) for row in await self._rows(wanted.where(column.in_(ids)))}
        return [found.get(identity) for identity in ids]

    async def _all_triaged(self, wanted: Select[Any], view: Callable[[Row[Any]], Any]) -> Sequence[Any]:
        self._actor.require(Permission.READ_CONVERSATIONS)
        self._actor.require_kind(*STAFF, ActorKind.API_KEY)
        return [view(row) for row in await self._rows(wanted)]


def _by_name(wanted: Select[Any], table: Table) -> Select[Any]:
    return wanted.order_by(table.c.agent_id.is_not(None), table.c.name, table.c.id)


def _counting(place: int, found: Select[Any]) -> Select[Any]:
    return select(literal(place).label("place"), found.scalar_subquery().label("most"))


def _tag(row: Row[Any]) -> TagView:
    return TagView(row.id, row.name, TagColor(row.color))


def _view(row: Row[Any]) -> ViewView:
    return ViewView(row.id, row.agent_id, row.name, filter_of(row.filter), ConversationOrder(row.ordering))


def _macro(row: Row[Any]) -> MacroView:
    return MacroView(row.id, row.agent_id, row.name, row.text, Actions().decode(row.actions))
