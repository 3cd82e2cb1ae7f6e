"""What files need of the database and of the store that has their bytes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import quote
from uuid import UUID

from domain.account.stored import Stored
from domain.base import Actor, FieldProblem, InvalidInputError
from domain.file.file import MOST_FILES, File, FilePurpose, FileView, UploadLapsed
from domain.timer import TimerUnit

UPLOAD_TIMER = "upload"
"""The timer of a file that is in no conversation yet, by its id."""


class FileRepository(Stored[File], Protocol):
    """Files, to change."""

    async def unclaimed_of(self, owner: str) -> int:
        """How many files of an owner are in no conversation."""
        ...


class FileUnit(TimerUnit, Protocol):
    """A unit of work that holds files."""

    @property
    def files(self) -> FileRepository:
        """Files, to change."""
        ...


class FileReads(Protocol):
    """What one actor may see of files: their own, and those of messages and notes that they may read."""

    async def files(self, ids: Sequence[UUID]) -> Sequence[FileView | None]:
        """Files by id."""
        ...

    async def file_lists(self, lists: Sequence[tuple[UUID, ...]]) -> Sequence[Sequence[FileView]]:
        """For each list of ids its files, in the order of the list, without those that are not to be seen."""
        ...


@dataclass(frozen=True, slots=True)
class Upload:
    """Where the bytes go: one PUT, with these headers, until it expires."""

    url: str
    headers: tuple[tuple[str, str], ...]
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Inspected:
    """What may be kept of a file."""

    content: bytes
    content_type: str


class FileStore(Protocol):
    """Where the bytes are. What was uploaded and what was approved lie apart: an upload URL outlives the check."""

    async def upload_of(self, file: FileView) -> Upload:
        """A signed URL to send the file to."""
        ...

    async def url_of(self, file: FileView) -> str:
        """A signed URL to get an approved file from, for a few minutes."""
        ...

    async def uploaded_size(self, organization_id: UUID, file_id: UUID) -> int | None:
        """How many bytes were uploaded, None where nothing was."""
        ...

    async def uploaded(self, organization_id: UUID, file_id: UUID) -> bytes:
        """What was uploaded."""
        ...

    async def put(self, organization_id: UUID, file_id: UUID, content: bytes) -> None:
        """Upload it from here."""
        ...

    async def keep(self, file: File, found: Inspected) -> None:
        """Store what was approved of a file."""
        ...

    async def kept(self, organization_id: UUID, file_id: UUID) -> bytes:
        """What was approved."""
        ...

    async def chunks(self, organization_id: UUID, file_id: UUID) -> AsyncIterator[bytes]:
        """What was approved, chunk by chunk; `FileNotFoundError` where it is gone."""
        ...

    async def keep_made(self, file: FileView, made: Path) -> None:
        """Store a file that was made here as one that was approved, part by part."""
        ...

    async def forget_upload(self, organization_id: UUID, file_id: UUID) -> None:
        """Delete what was uploaded, if it is there."""
        ...

    async def forget(self, organization_id: UUID, file_id: UUID) -> None:
        """Delete all there is of a file."""
        ...


@dataclass(frozen=True, slots=True)
class Pass:
    """What a signed address of ours allows: `method` on one file of `size` bytes until `expires` (Unix seconds)."""

    method: str
    organization_id: UUID
    file_id: UUID
    size: int
    expires: int
    name: str = ""
    content_type: str = ""


class Depot(Protocol):
    """The bytes of files that our own server takes in and hands out."""

    def granted(self, method: str, path: Mapping[str, str], query: Mapping[str, str]) -> Pass | None:
        """What a request may do; None where its address was not signed for that, or has expired."""
        ...

    async def receive(self, granted: Pass, chunks: AsyncIterator[bytes]) -> None:
        """Take in what somebody sends, chunk by chunk; nothing of it stays where `chunks` raises."""
        ...

    async def send(self, granted: Pass) -> AsyncIterator[bytes]:
        """Hand out what was approved, chunk by chunk; `FileNotFoundError` where it is gone."""
        ...


class Inspector(Protocol):
    """Looks into a file before anybody else does."""

    async def inspect(self, content: bytes, content_type: str) -> Inspected:
        """What may be kept of it; raises `FileRefusedError`, and anything else where another try may help."""
        ...


class Scanner(Protocol):
    """Looks for malware."""

    async def finds(self, content: bytes) -> bool:
        """Whether there is any; raises where it cannot tell."""
        ...


async def released(unit: FileUnit, file_ids: Sequence[UUID], at: datetime) -> None:
    """Have files forgotten from a time on, since what they went with was taken back."""
    for file_id in file_ids:
        file = await unit.files.get(file_id)
        file.release()
        await unit.timers.set(UPLOAD_TIMER, file_id, at, UploadLapsed(file_id))


def saved_as(name: str) -> str:
    """What tells a browser to save a file under its name, whatever its characters (RFC 6266), and not to show it."""
    return f"attachment; filename*=UTF-8''{quote(name, safe='')}"


async def claimed(
    unit: FileUnit, actor: Actor, file_ids: Sequence[UUID], conversation_id: UUID, purpose: FilePurpose
) -> tuple[UUID, ...]:
    """Let files go with what their owner says in a conversation; `InvalidInputError` or `NotFoundError` otherwise."""
    ids = tuple(dict.fromkeys(file_ids))
    if len(ids) > MOST_FILES:
        raise InvalidInputError(FieldProblem("input.fileIds", f"Send at most {MOST_FILES} files."))
    for place, file_id in enumerate(ids):
        file = await unit.files.get(file_id)
        file.claim(actor, conversation_id, purpose, f"input.fileIds.{place}")
        await unit.timers.cancel(UPLOAD_TIMER, file_id)
    return ids
