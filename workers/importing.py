"""The job that imports what a request stored: one batch, after which its event calls for the next."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from domain.base import on_behalf_of
from domain.knowledge.events import ImportProgressed, ImportStarted
from domain.knowledge.imports import Imports
from domain.ports import Work


@dataclass(frozen=True)
class ImportDocuments:
    """Runs on `ImportStarted` and `ImportProgressed`; those of an import from a terminal name no place to go on at."""

    imports: Imports

    async def __call__(self, work: Work) -> None:
        """Import from where the event says, in the name of whoever asked for it."""
        recorded, event = work.recorded, work.recorded.event
        if isinstance(event, ImportStarted | ImportProgressed) and event.place is not None:
            import_id = UUID(recorded.stream.partition(":")[2])
            await self.imports.work(on_behalf_of(recorded.actor), import_id, recorded.version, event.place)
