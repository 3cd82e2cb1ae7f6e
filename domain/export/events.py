"""What can be exported, and what can happen to an export; that somebody asked for one stands in the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from domain.base import Audited, Event


class Dataset(StrEnum):
    """What can be exported: the facts behind the numbers, and what was said."""

    CONVERSATIONS = "conversations"
    EPISODES = "episodes"
    MESSAGES = "messages"
    ANSWERS = "answers"
    HANDOFFS = "handoffs"
    DELIVERIES = "deliveries"
    RATINGS = "ratings"
    TRANSCRIPTS = "transcripts"


class ExportFormat(StrEnum):
    """How an export is written; the value is the ending of its file's name."""

    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"

    @property
    def content_type(self) -> str:
        """Its media type."""
        return CONTENT_TYPES[self]


CONTENT_TYPES = {
    ExportFormat.CSV: "text/csv",
    ExportFormat.JSONL: "application/jsonl",
    ExportFormat.PARQUET: "application/vnd.apache.parquet",
}


class ExportState(StrEnum):
    """How far an export is; only a finished one can be had, until it expires."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


GOING_ON = (ExportState.QUEUED, ExportState.RUNNING)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRequested(Audited):
    """Somebody wants data out."""

    dataset: Dataset
    format: ExportFormat
    filters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ExportBegun(Event):
    """It is being written; `total` rows were there at that moment, None where it would take long to count."""

    total: int | None


@dataclass(frozen=True, slots=True)
class ExportProgressed(Event):
    """So many rows are written, as so many bytes; `is_whole` where none is left."""

    rows: int
    bytes: int
    is_whole: bool


@dataclass(frozen=True, slots=True)
class ExportFinished(Event):
    """It can be had."""

    rows: int
    bytes: int


@dataclass(frozen=True, slots=True)
class ExportFailed(Event):
    """It could not be written."""

    why: str


@dataclass(frozen=True, slots=True)
class ExportCancelled(Event):
    """Somebody ended it early."""


@dataclass(frozen=True, slots=True)
class ExportLapsed(Event):
    """The time has come for it to expire."""

    export_id: UUID


@dataclass(frozen=True, slots=True)
class ExportExpired(Event):
    """It was there long enough."""
