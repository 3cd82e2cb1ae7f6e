"""What exports need of the database, of the store that has their files, and of the journal."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.account.stored import Stored
from domain.base import Actor, Recorded
from domain.export.events import ExportState
from domain.export.export import Export, ExportView, Part
from domain.export.filter import ExportFilter
from domain.ports import Page, PageRequest, Resync
from domain.timer import TimerUnit


class ExportRepository(Stored[Export], Protocol):
    """Exports of the actor's organization, to change."""

    async def take_turn(self) -> None:
        """Wait until nobody else of the organization is asking for an export."""
        ...

    async def going_on(self) -> int:
        """How many are not over."""
        ...

    async def since(self, at: datetime) -> Sequence[datetime]:
        """When each was asked for that was after a time, the oldest first."""
        ...

    async def with_words(self) -> Sequence[UUID]:
        """Those that hold, or are going to hold, what customers said."""
        ...

    async def known(self, wanted: ExportFilter) -> frozenset[UUID]:
        """Those of the inboxes and teams that the organization has."""
        ...

    async def state_of(self, export_id: UUID) -> ExportState | None:
        """What has become of one, without a lock; None where it is gone."""
        ...


class ExportUnit(TimerUnit, Protocol):
    """A unit of work that holds exports; `at` is its time."""

    at: datetime

    @property
    def exports(self) -> ExportRepository:
        """Exports, to change."""
        ...


class ExportReads(Protocol):
    """What one actor may see of exports: those of datasets that they may have."""

    async def exports(self, ids: Sequence[UUID]) -> Sequence[ExportView | None]:
        """Exports by id."""
        ...

    async def export_page(self, page: PageRequest) -> Page[ExportView]:
        """All, the newest first."""
        ...


class ExportSource(Protocol):
    """Where rows come from, and how they become files. Memory is bounded, however many rows there are."""

    def check(self, export: Export) -> None:
        """`InvalidInputError` where the dataset knows nothing of what it is filtered by."""
        ...

    async def total(self, export: Export) -> int | None:
        """How many rows there are, None where it would take long to count."""
        ...

    async def write(self, export: Export) -> Part:
        """Write the next part into the store, instead of one that a try before left there."""
        ...

    async def join(self, export: Export) -> int:
        """Make one file of all parts; its bytes."""
        ...


class ExportStore(Protocol):
    """Where the files are."""

    async def url(self, export: ExportView) -> str:
        """A signed URL to get a finished export from, for a few minutes."""
        ...

    async def forget_parts(self, organization_id: UUID, export_id: UUID) -> None:
        """Delete the parts, not what was made of them."""
        ...

    async def forget(self, organization_id: UUID, export_id: UUID) -> None:
        """Delete all there is."""
        ...


class ExportFeed(Protocol):
    """What happens to exports, as it happens."""

    def follow(self, actor: Actor, identity: UUID, after: int | None) -> AsyncGenerator[Recorded | Resync, None]:
        """Events of one export after a version, or from now on, until it ends."""
        ...


__all__ = ["ExportFeed", "ExportFilter", "ExportReads", "ExportRepository", "ExportSource", "ExportStore", "ExportUnit"]
