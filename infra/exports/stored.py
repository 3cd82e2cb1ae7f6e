"""Exports as rows, with the questions that their rules ask, and what one actor may see of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select, text, union_all

from domain.account.permission import Permission
from domain.base import Actor, NotFoundError
from domain.export.events import (
    GOING_ON,
    Dataset,
    ExportCancelled,
    ExportFailed,
    ExportFinished,
    ExportFormat,
    ExportState,
)
from domain.export.export import Export, ExportView, may_read
from domain.export.filter import ExportFilter
from domain.ports import Page, PageRequest
from infra.accounts.repository import SqlStored
from infra.accounts.rows import inboxes, teams
from infra.exports.rows import exports
from infra.live.stream import SqlStreamFeed
from infra.reads import SqlReads
from infra.repositories import Unit
from infra.storage.paging import keyset, paged

TURN = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")


def _place(stored: list[str] | None) -> tuple[str, ...] | None:
    return None if stored is None else tuple(stored)


class SqlExports(SqlStored[Export]):
    """Exports."""

    def __init__(self, unit: Unit) -> None:
        super().__init__(unit, exports, Export, dataset=Dataset, format=ExportFormat, state=ExportState, place=_place)

    async def take_turn(self) -> None:
        """Wait until nobody else of the organization is asking for an export."""
        await self._unit.connection.execute(TURN, {"name": f"export {self._unit.actor.tenant}"})

    async def going_on(self) -> int:
        """How many are not over."""
        return await self._count(exports.c.state.in_(GOING_ON))

    async def since(self, at: datetime) -> Sequence[datetime]:
        """When each was asked for that was after a time, the oldest first."""
        c = exports.c
        mine = select(c.created_at).where(c.organization_id == self._unit.actor.tenant, c.created_at > at)
        return list(await self._unit.connection.scalars(mine.order_by(c.created_at, c.id)))

    async def with_words(self) -> Sequence[UUID]:
        """Those that hold, or are going to hold, what customers said."""
        c = exports.c
        theirs = (c.dataset == Dataset.TRANSCRIPTS) & c.state.in_((*GOING_ON, ExportState.DONE))
        mine = select(c.id).where(c.organization_id == self._unit.actor.tenant, theirs)
        return list(await self._unit.connection.scalars(mine.order_by(c.id)))

    async def known(self, wanted: ExportFilter) -> frozenset[UUID]:
        """Those of the inboxes and teams that the organization has."""
        theirs = [
            select(table.c.id).where(table.c.organization_id == self._unit.actor.tenant, table.c.id.in_(ids))
            for table, ids in ((inboxes, wanted.inbox_ids), (teams, wanted.team_ids))
        ]
        return frozenset(await self._unit.connection.scalars(union_all(*theirs)))

    async def state_of(self, export_id: UUID) -> ExportState | None:
        """What has become of one, without a lock; None where it is gone."""
        c = exports.c
        mine = select(c.state).where(c.id == export_id, c.organization_id == self._unit.actor.tenant)
        found = await self._unit.connection.scalar(mine)
        return None if found is None else ExportState(found)


class SqlExportReads(SqlReads):
    """The reads of one operation about exports."""

    async def exports(self, ids: Sequence[UUID]) -> Sequence[ExportView | None]:
        """Exports by id; none of datasets that the actor may not have."""
        if not self._actor.may(Permission.READ_ANALYTICS):
            return [None] * len(ids)
        rows = await self._rows(self._exports().where(exports.c.id.in_(ids)))
        found = {row.id: export_of(row) for row in rows}
        return [found.get(identity) for identity in ids]

    async def export_page(self, page: PageRequest) -> Page[ExportView]:
        """All, the newest first."""
        self._actor.require(Permission.READ_ANALYTICS)
        c = exports.c
        newest = keyset(self._exports(), page, (c.created_at, datetime.fromisoformat), (c.id, UUID), descending=True)
        return paged(await self._rows(newest), page, export_of, lambda row: (row.created_at.isoformat(), str(row.id)))

    def _exports(self) -> Select[Any]:
        allowed = [each for each in Dataset if may_read(self._actor, each)]
        c = exports.c
        return select(exports).where(c.organization_id == self._actor.tenant, c.dataset.in_(allowed))


class SqlExportFeed(SqlStreamFeed):
    """What happens to exports, as it happens; for those who may ask for numbers."""

    concept = "export"
    table = exports
    needs = Permission.READ_ANALYTICS
    endings = (ExportFinished, ExportFailed, ExportCancelled)

    async def _head(self, actor: Actor, identity: UUID) -> tuple[int, bool]:
        """The same for those alone who may have what is exported."""
        c = exports.c
        wanted = select(c.dataset).where(c.id == identity, c.organization_id == actor.tenant)
        async with self._database.tenant(actor.tenant) as connection:
            dataset = await connection.scalar(wanted)
        if dataset is None or not may_read(actor, Dataset(dataset)):
            raise NotFoundError("export")
        return await super()._head(actor, identity)


def export_of(row: Row[Any]) -> ExportView:
    """An export as people see it."""
    dataset, form = Dataset(row.dataset), ExportFormat(row.format)
    return ExportView(
        id=row.id,
        organization_id=row.organization_id,
        dataset=dataset,
        format=form,
        filter=ExportFilter.of(row.filters),
        state=ExportState(row.state),
        why=row.why,
        total=row.total,
        rows=row.rows,
        bytes=row.bytes,
        version=row.version,
        name=f"{dataset}-{row.requested_at:%Y-%m-%d}.{form}",
        created_at=row.created_at,
        finished_at=row.finished_at,
        expires_at=row.expires_at,
    )
