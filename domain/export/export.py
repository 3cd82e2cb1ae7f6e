"""An export: asked for, written part by part, joined, to be had for some days, gone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from domain.account.permission import Permission, Scope
from domain.base import Actor, Aggregate, DomainError, Event, ForbiddenError, InvalidStateError
from domain.export.events import (
    GOING_ON,
    Dataset,
    ExportBegun,
    ExportCancelled,
    ExportExpired,
    ExportFailed,
    ExportFinished,
    ExportFormat,
    ExportProgressed,
    ExportRequested,
    ExportState,
)
from domain.export.filter import ExportFilter

KEPT = timedelta(days=3)
"""How long an export can be had."""


class ExportQuotaError(DomainError):
    """An organization has as many exports as it may; `free_at` is when the day allows another one."""

    code = "EXPORT_QUOTA_EXCEEDED"

    def __init__(self, message: str, limit: int, free_at: datetime | None = None) -> None:
        super().__init__(message)
        self.limit = limit
        self.free_at = free_at


@dataclass(frozen=True, slots=True)
class Part:
    """What was written in one go: so many rows, as so many bytes, up to a place after which to go on."""

    rows: int
    bytes: int
    place: tuple[str, ...] | None
    is_last: bool


@dataclass
class Export(Aggregate):
    """One export. `place` is the key of the last row that is written, `parts` how many pieces are in the store."""

    dataset: Dataset = Dataset.CONVERSATIONS
    format: ExportFormat = ExportFormat.CSV
    filters: Mapping[str, Any] = field(default_factory=dict)
    state: ExportState = ExportState.QUEUED
    why: str | None = None
    requested_by: str = ""
    requested_at: datetime | None = None
    total: int | None = None
    rows: int = 0
    bytes: int = 0
    parts: int = 0
    place: tuple[str, ...] | None = None
    is_whole: bool = False
    finished_at: datetime | None = None
    expires_at: datetime | None = None

    @property
    def filter(self) -> ExportFilter:
        """Which rows."""
        return ExportFilter.of(self.filters)

    @property
    def name(self) -> str:
        """What its file is called."""
        day = f"{self.requested_at:%Y-%m-%d}" if self.requested_at else ""
        return f"{self.dataset}-{day}.{self.format}"

    def request(
        self, actor: Actor, dataset: Dataset, format: ExportFormat, wanted: ExportFilter, *, at: datetime
    ) -> None:
        """Ask for rows as they are; what comes in after `at` is not among them."""
        require_readable(actor, dataset)
        self.requested_by, self.requested_at = str(actor), at
        self._record(ExportRequested(dataset=dataset, format=format, filters=wanted.plain()))

    def begin(self, total: int | None) -> None:
        """Be written from now on."""
        self._record(ExportBegun(total))

    def advance(self, part: Part) -> None:
        """Count a part that is in the store."""
        self.parts += 1
        self.place = part.place
        self._record(ExportProgressed(self.rows + part.rows, self.bytes + part.bytes, part.is_last))

    def finish(self, size: int, *, at: datetime) -> None:
        """Be there, as one file of `size` bytes."""
        self.finished_at, self.expires_at = at, at + KEPT
        self._record(ExportFinished(self.rows, size))

    def fail(self, why: str, *, at: datetime) -> None:
        """Not be there, ever; nothing happens to one that is over."""
        if self.state in GOING_ON:
            self.finished_at = at
            self._record(ExportFailed(why))

    def cancel(self, *, at: datetime) -> None:
        """End early; what is written of it goes."""
        if self.state not in GOING_ON:
            raise InvalidStateError(f"This export is {self.state} already.")
        self.finished_at = at
        self._record(ExportCancelled())

    def expire(self) -> None:
        """Be gone."""
        if self.state is ExportState.DONE:
            self._record(ExportExpired())

    def _apply(self, event: Event) -> None:
        match event:
            case ExportRequested():
                self.dataset, self.format, self.filters = event.dataset, event.format, event.filters
            case ExportBegun():
                self.state, self.total = ExportState.RUNNING, event.total
            case ExportProgressed():
                self.rows, self.bytes, self.is_whole = event.rows, event.bytes, event.is_whole
            case ExportFinished():
                self.state, self.rows, self.bytes = ExportState.DONE, event.rows, event.bytes
            case ExportFailed():
                self.state, self.why = ExportState.FAILED, event.why
            case ExportCancelled():
                self.state = ExportState.CANCELLED
            case ExportExpired():
                self.state = ExportState.EXPIRED


def may_read(actor: Actor, dataset: Dataset) -> bool:
    """Whether somebody may have a dataset: what was said is for those who may read all conversations."""
    if not actor.may(Permission.READ_ANALYTICS):
        return False
    return dataset is not Dataset.TRANSCRIPTS or actor.grants.get(Permission.READ_CONVERSATIONS) is Scope.ALL


def require_readable(actor: Actor, dataset: Dataset) -> None:
    """`ForbiddenError` for who may not have it."""
    actor.require(Permission.READ_ANALYTICS)
    if not may_read(actor, dataset):
        raise ForbiddenError("What was said is exported for those alone who may read all conversations.")


@dataclass(frozen=True, slots=True)
class ExportView:
    """An export as people see it."""

    id: UUID
    organization_id: UUID
    dataset: Dataset
    format: ExportFormat
    filter: ExportFilter
    state: ExportState
    why: str | None
    total: int | None
    rows: int
    bytes: int
    version: int
    name: str
    created_at: datetime
    finished_at: datetime | None
    expires_at: datetime | None
