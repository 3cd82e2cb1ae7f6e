"""What people do about exports, and the work on them: step by step, each of which its event calls for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

from domain.account.permission import Permission
from domain.account.stored import Opening
from domain.base import Actor, Identifiers, NotFoundError, system_of
from domain.export.events import GOING_ON, Dataset, ExportFormat, ExportLapsed, ExportState
from domain.export.export import KEPT, Export, ExportQuotaError, ExportView, may_read, require_readable
from domain.export.filter import ExportFilter
from domain.export.ports import ExportSource, ExportStore, ExportUnit
from domain.ports import IdempotencyKey, Receipt
from domain.retry import retried_once

EXPORT_TIMER = "export"
"""The timer of a finished export, by its id."""
DAY = timedelta(days=1)
LOOK_EVERY = 0.4
"""Seconds between two looks whether somebody has cancelled what is being written."""
UNWRITABLE = "It could not be written. Try again later; the operator finds the cause in the log."

ERASED = "A customer was erased while it was written. Ask for it again."

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ExportQuotas:
    """How many exports an organization may have going on at once, and ask for within 24 hours."""

    at_once: int
    a_day: int


class ExportOverError(Exception):
    """Somebody ended the export while it was being written."""


@dataclass(frozen=True)
class Exports:
    """The commands on exports, and the work on them. A step that is repeated does what it did before, once."""

    units: Opening[ExportUnit]
    source: ExportSource
    store: ExportStore
    new_id: Identifiers
    quotas: ExportQuotas

    @retried_once
    async def create(
        self,
        actor: Actor,
        dataset: Dataset,
        format: ExportFormat,
        wanted: ExportFilter,
        *,
        key: IdempotencyKey | None = None,
    ) -> Receipt:
        """Ask for data; `ExportQuotaError` for an organization that has its fill."""
        require_readable(actor, dataset)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            await self._require_room(unit)
            export = Export(self.new_id(), actor.tenant)
            export.request(actor, dataset, format, wanted.checked("input.filters"), at=unit.at)
            self.source.check(export)
            wanted.require_known(await unit.exports.known(wanted), "input.filters")
            unit.exports.add(export)
            return await unit.commit(Receipt(export.id))

    @retried_once
    async def cancel(self, actor: Actor, export_id: UUID, *, key: IdempotencyKey | None = None) -> Receipt:
        """End an export early; whoever writes it stops within a second."""
        actor.require(Permission.READ_ANALYTICS)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            export = await unit.exports.get(export_id)
            if not may_read(actor, export.dataset):
                raise NotFoundError("export")
            export.cancel(at=unit.at)
            return await unit.commit(Receipt(export.id))

    async def urls(self, exports: Sequence[ExportView]) -> Sequence[str | None]:
        """Where to get exports, each for a few minutes; None for those that are not there."""
        return [await self.store.url(each) if each.state is ExportState.DONE else None for each in exports]

    async def work(self, organization_id: UUID, export_id: UUID, version: int) -> None:
        """One step of an export, from where its event at `version` left it; a repeated one is none."""
        with suppress(NotFoundError):
            export = await self._look(organization_id, export_id)
            if not _waits(export, version):
                return
            try:
                await self._step(export)
            except ExportOverError:
                await self._tidy(export)

    async def _step(self, export: Export) -> None:
        if export.state is ExportState.QUEUED:
            total = await self.source.total(export)
            await self._change(export, lambda unit, held: held.begin(total))
        elif export.is_whole:
            size = await self._unless_over(export, self.source.join(export))
            await self._change(export, lambda unit, held: held.finish(size, at=unit.at), expiring=True)
            await self.store.forget_parts(export.organization_id, export.id)
        else:
            part = await self._unless_over(export, self.source.write(export))
            await self._change(export, lambda unit, held: held.advance(part))

    async def _tidy(self, export: Export) -> None:
        """Leave nothing that was written just now for an export that is over; one that others write on is theirs."""
        now = await self._look(export.organization_id, export.id)
        if now.state not in (*GOING_ON, ExportState.DONE):
            await self.store.forget(export.organization_id, export.id)

    @retried_once
    async def give_up(self, organization_id: UUID, export_id: UUID, why: str = UNWRITABLE) -> None:
        """Let an export that is not over be one that failed."""
        with suppress(NotFoundError):
            async with self.units(system_of(organization_id)) as unit:
                export = await unit.exports.get(export_id)
                export.fail(why, at=unit.at)
                await unit.commit(Receipt(export_id))

    @retried_once
    async def forget(self, organization_id: UUID, export_id: UUID) -> None:
        """Delete the files of an export that is over; the bytes first, so that none are left without a row."""
        with suppress(NotFoundError):
            async with self.units(system_of(organization_id)) as unit:
                export = await unit.exports.get(export_id)
                if export.state in GOING_ON:
                    return
                await self.store.forget(organization_id, export_id)
                export.expire()
                await unit.commit(Receipt(export_id))

    async def forget_words(self, organization_id: UUID) -> None:
        """Let no export hold what a customer said who was erased: finished ones go, others fail."""
        async with self.units(system_of(organization_id)) as unit:
            concerned = await unit.exports.with_words()
        for export_id in concerned:
            await self.give_up(organization_id, export_id, ERASED)
            await self.forget(organization_id, export_id)

    async def _require_room(self, unit: ExportUnit) -> None:
        await unit.exports.take_turn()
        most, daily = self.quotas.at_once, self.quotas.a_day
        if await unit.exports.going_on() >= most:
            raise ExportQuotaError(f"{most} exports are going on. Wait for one, or cancel it.", most)
        asked = await unit.exports.since(unit.at - DAY)
        if len(asked) >= daily:
            free_at = asked[-daily] + DAY
            raise ExportQuotaError(f"{daily} exports were asked for within a day.", daily, free_at)

    async def _look(self, organization_id: UUID, export_id: UUID) -> Export:
        async with self.units(system_of(organization_id)) as unit:
            return await unit.exports.get(export_id)

    async def _unless_over(self, export: Export, work: Awaitable[T]) -> T:
        """Work that ends, with `ExportOverError`, soon after somebody cancelled the export."""
        task = asyncio.ensure_future(work)
        try:
            while not (await asyncio.wait({task}, timeout=LOOK_EVERY))[0]:
                async with self.units(system_of(export.organization_id)) as unit:
                    if await unit.exports.state_of(export.id) is not ExportState.RUNNING:
                        raise ExportOverError
            return task.result()
        finally:
            task.cancel()
            await asyncio.wait({task})

    @retried_once
    async def _change(
        self, export: Export, change: Callable[[ExportUnit, Export], None], *, expiring: bool = False
    ) -> None:
        async with self.units(system_of(export.organization_id)) as unit:
            held = await unit.exports.get(export.id)
            if not _waits(held, export.version):
                raise ExportOverError
            change(unit, held)
            if expiring:
                await unit.timers.set(EXPORT_TIMER, held.id, unit.at + KEPT, ExportLapsed(held.id))
            await unit.commit(Receipt(held.id))


def _waits(export: Export, version: int) -> bool:
    return export.state in GOING_ON and export.version == version
