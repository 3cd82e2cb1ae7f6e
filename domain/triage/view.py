"""Views: filters that somebody saved under a name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from domain.account.stored import Opening, Stored
from domain.base import Actor, Aggregate, Event, Identifiers
from domain.ports import IdempotencyKey, Receipt, UnitOfWork
from domain.retry import retried_once
from domain.triage.events import ViewDeleted, ViewSaved
from domain.triage.filter import ConversationFilter, ConversationOrder, checked_filter
from domain.triage.owned import named, require_at_work, require_owned, require_room, required_owner


@dataclass(frozen=True, slots=True)
class ViewView:
    """A view as people see it; without an agent it is everybody's."""

    id: UUID
    agent_id: UUID | None
    name: str
    filter: ConversationFilter
    ordering: ConversationOrder


@dataclass(frozen=True, slots=True)
class Saved:
    """What is to be saved; None leaves a part as it is."""

    name: str | None = None
    filter: ConversationFilter | None = None
    ordering: ConversationOrder | None = None


class FilterCodec(Protocol):
    """A filter as JSON."""

    def __call__(self, wanted: ConversationFilter) -> Mapping[str, Any]:
        """Ids and times as text."""
        ...


@dataclass
class View(Aggregate):
    """A name for a filter and an order; the filter is kept as JSON."""

    agent_id: UUID | None = None
    name: str = ""
    filter: Mapping[str, Any] = field(default_factory=dict)
    ordering: str = ConversationOrder.ACTIVITY
    deleted: bool = False

    def save(self, name: str, filter: Mapping[str, Any], ordering: str) -> None:
        """Be this; what changes nothing is no event."""
        saved = ViewSaved(self.agent_id, named(name), filter, ordering)
        if (saved.name, saved.filter, saved.ordering) != (self.name, self.filter, self.ordering):
            self._record(saved)

    def delete(self) -> None:
        """End."""
        self._record(ViewDeleted())

    def _apply(self, event: Event) -> None:
        match event:
            case ViewSaved():
                self.agent_id, self.name = event.agent_id, event.name
                self.filter, self.ordering = event.filter, event.ordering
            case ViewDeleted():
                self.deleted = True


class ViewRepository(Stored[View], Protocol):
    """Views of the actor's organization, to change."""

    async def count(self, agent_id: UUID | None) -> int:
        """How many an agent has, or everybody shares."""
        ...

    async def require_known(self, wanted: ConversationFilter) -> None:
        """`NotFoundError` for a filter that names what the organization does not have."""
        ...


class ViewUnit(UnitOfWork, Protocol):
    """A unit of work that holds views."""

    @property
    def views(self) -> ViewRepository:
        """Views, to change."""
        ...


@dataclass(frozen=True)
class Views:
    """The commands on views: one's own, and shared ones for who may share."""

    units: Opening[ViewUnit]
    new_id: Identifiers
    encoded: FilterCodec

    @retried_once
    async def create(
        self, actor: Actor, wanted: Saved, *, is_shared: bool = False, key: IdempotencyKey | None = None
    ) -> Receipt:
        """Save a filter under a name."""
        owner = required_owner(actor, is_shared=is_shared)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            require_room(await unit.views.count(owner), "view")
            view = View(self.new_id(), actor.tenant, agent_id=owner)
            await self._save(unit, view, wanted)
            unit.views.add(view)
            return await unit.commit(Receipt(view.id))

    @retried_once
    async def change(self, actor: Actor, view_id: UUID, wanted: Saved, *, key: IdempotencyKey | None = None) -> Receipt:
        """Save a view otherwise."""
        require_at_work(actor)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            view = await unit.views.get(view_id)
            require_owned(actor, view.agent_id, "view")
            await self._save(unit, view, wanted)
            return await unit.commit(Receipt(view.id))

    async def delete(self, actor: Actor, view_id: UUID, *, key: IdempotencyKey | None = None) -> Receipt:
        """Remove a view; no conversation changes."""
        require_at_work(actor)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            view = await unit.views.get(view_id)
            require_owned(actor, view.agent_id, "view")
            view.delete()
            return await unit.commit(Receipt(view.id))

    async def _save(self, unit: ViewUnit, view: View, wanted: Saved) -> None:
        kept = view.filter
        if wanted.filter is not None:
            await unit.views.require_known(checked_filter(wanted.filter, "input.filter"))
            kept = self.encoded(wanted.filter)
        name = view.name if wanted.name is None else wanted.name
        view.save(name, kept, view.ordering if wanted.ordering is None else wanted.ordering)
