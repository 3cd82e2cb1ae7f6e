"""The jobs of exports: write one part, after which its event calls for the next; and delete what nobody may have."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from domain.export.events import ExportLapsed
from domain.export.service import Exports
from domain.ports import Work


@dataclass(frozen=True)
class WriteExport:
    """Runs on `ExportRequested`, `ExportBegun` and `ExportProgressed`."""

    exports: Exports

    async def __call__(self, work: Work) -> None:
        """One step; a database or a store that is away makes the job fail, and try again from the last part on."""
        recorded = work.recorded
        await self.exports.work(recorded.organization_id, _export_of(work), recorded.version)

    async def give_up(self, work: Work) -> None:
        """Tell whoever waits for it that there will be none."""
        await self.exports.give_up(work.recorded.organization_id, _export_of(work))


@dataclass(frozen=True)
class ForgetExport:
    """Runs on `ExportFailed` and `ExportCancelled`, and on `ExportLapsed`, days after an export was finished."""

    exports: Exports

    async def __call__(self, work: Work) -> None:
        """Delete its files."""
        event = work.recorded.event
        export_id = event.export_id if isinstance(event, ExportLapsed) else _export_of(work)
        await self.exports.forget(work.recorded.organization_id, export_id)


@dataclass(frozen=True)
class ForgetWords:
    """Runs on `CustomerErased`."""

    exports: Exports

    async def __call__(self, work: Work) -> None:
        """Delete the exports of the organization that hold what people said."""
        await self.exports.forget_words(work.recorded.organization_id)


def _export_of(work: Work) -> UUID:
    return UUID(work.recorded.stream.partition(":")[2])
