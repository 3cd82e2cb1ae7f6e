"""Takes back what the company exported of what was said: an erased person's words are in it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from domain.base import InvalidStateError, system_of
from domain.export.events import GOING_ON, Dataset, ExportState
from domain.export.service import Exports
from infra.exports.rows import exports
from infra.unit_of_work import SqlUnits


@dataclass(frozen=True)
class SqlTranscripts:
    """Transcripts among the exports; whoever needs one asks again, and gets it without the words."""

    units: SqlUnits
    exports: Exports

    async def withdraw(self, organization_id: UUID) -> None:
        """Delete what there is of it, and end what is being written."""
        c, actor = exports.c, system_of(organization_id)
        there = (c.organization_id == organization_id, c.state.in_([*GOING_ON, ExportState.DONE]))
        wanted = select(c.id, c.state).where(*there, c.dataset == Dataset.TRANSCRIPTS)
        async with self.units(actor) as unit:
            found = (await unit.connection.execute(wanted)).all()
        for row in found:
            with suppress(InvalidStateError):
                if row.state in GOING_ON:
                    await self.exports.cancel(actor, row.id)
            await self.exports.forget(organization_id, row.id)
