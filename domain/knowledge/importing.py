"""An import: how far it is, what could not be read, and when it is over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from domain.base import Aggregate, Event, InvalidStateError
from domain.knowledge.aggregate import NOBODY
from domain.knowledge.events import (
    ImportFinished,
    ImportOptions,
    ImportProgressed,
    ImportStarted,
    ImportState,
    ImportStopped,
    Place,
    Problem,
    Progress,
)
from domain.text import clipped

MAX_PROBLEMS = 200
"""How many problems an import remembers; all are counted."""


@dataclass
class Import(Aggregate):
    """Kept as a row, with its events in the journal."""

    source_id: UUID = NOBODY
    options: ImportOptions = field(default_factory=ImportOptions)
    state: ImportState = ImportState.RUNNING
    progress: Progress = field(default_factory=Progress)
    problems: tuple[Problem, ...] = ()

    def start(self, source_id: UUID, options: ImportOptions, *, total: int, place: Place | None) -> None:
        """Begin to import `total` files."""
        self._record(ImportStarted(source_id, options, total, place))

    def advance(self, progress: Progress, problems: Sequence[Problem], place: Place | None = None) -> None:
        """Some more is in; `progress` is what came on top."""
        self._require_running()
        room = max(0, MAX_PROBLEMS - len(self.problems))
        told = tuple(Problem(clipped(one.name, 300), clipped(one.reason, 300)) for one in problems[:room])
        self._record(ImportProgressed(total_of(self.progress, progress), told, place))

    def finish(self) -> None:
        """Everything is read."""
        self._require_running()
        self._record(ImportFinished(self.progress, self.problems))

    def stop(self, reason: str) -> None:
        """End early; stopping what is over changes nothing."""
        if self.state is ImportState.RUNNING:
            self._record(ImportStopped(self.progress, reason))

    def _require_running(self) -> None:
        if self.state is not ImportState.RUNNING:
            raise InvalidStateError(f"This import is {self.state}. Start another one.")

    def _apply(self, event: Event) -> None:
        match event:
            case ImportStarted():
                self.source_id, self.options = event.source_id, event.options
                self.progress = replace(self.progress, total=event.total)
            case ImportProgressed():
                self.progress, self.problems = event.progress, (*self.problems, *event.problems)
            case ImportFinished():
                self.state = ImportState.FINISHED
            case ImportStopped():
                self.state = ImportState.STOPPED
            case _:
                raise TypeError(f"An import knows no event of the kind {event.kind}.")


def total_of(before: Progress, more: Progress) -> Progress:
    """Both counts together."""
    return Progress(
        total=before.total + more.total,
        done=before.done + more.done,
        read=before.read + more.read,
        created=before.created + more.created,
        updated=before.updated + more.updated,
        unchanged=before.unchanged + more.unchanged,
        removed=before.removed + more.removed,
        failed=before.failed + more.failed,
    )
