"""Exports: everything about a person as one JSON document with their files beside it, in a zip archive."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile

import orjson

from domain.base import Clock
from domain.file.file import FilePurpose, FileState, FileView
from domain.file.ports import FileStore
from domain.privacy.ports import Archived
from domain.privacy.request import PrivacyRequestView
from infra.database import Database
from infra.privacy.story import Story

FORMAT = "parley.customer-data/1"
NAME = "customer-data.zip"
TYPE = "application/zip"


@dataclass(frozen=True)
class ZippedExports:
    """Exports in the store of files, each under the id of its request."""

    database: Database
    store: FileStore
    clock: Clock

    async def write(self, organization_id: UUID, request_id: UUID, customer_ids: Sequence[UUID]) -> Archived:
        """Write down everything about a person, instead of what is there; a few rows and bytes at a time."""
        story, at = Story(self.database, organization_id, customer_ids), self.clock()
        with TemporaryDirectory(prefix="parley-export-") as folder:
            made = Path(folder) / NAME
            with ZipFile(made, "w", ZIP_DEFLATED) as archive:
                with archive.open("data.json", "w", force_zip64=True) as document:
                    conversations = await _write(document, story, at)
                files = await self._add_files(archive, organization_id, story)
            size = made.stat().st_size
            await self.store.keep_made(_file(organization_id, request_id, size, at), made)
        return Archived(size, conversations, files)

    async def forget(self, organization_id: UUID, request_id: UUID) -> None:
        """Delete one, if it is there."""
        await self.store.forget(organization_id, request_id)

    async def url(self, request: PrivacyRequestView) -> str:
        """A signed address to get one from, for a few minutes."""
        return await self.store.url_of(_file(request.organization_id, request.id, request.size or 0, request.due_at))

    async def _add_files(self, archive: ZipFile, organization_id: UUID, story: Story) -> int:
        count = 0
        async for file in story.files():
            try:
                chunks = await self.store.chunks(organization_id, file.id)
            except FileNotFoundError:
                continue
            with archive.open(file.path, "w", force_zip64=True) as entry:
                async for chunk in chunks:
                    await asyncio.to_thread(entry.write, chunk)
            count += 1
        return count


async def _write(document: IO[bytes], story: Story, at: datetime) -> int:
    """The document, one conversation at a time; how many there are."""
    head = {"format": FORMAT, "exportedAt": at, **await story.head()}
    document.write(_json(head)[:-1] + b',"files":[')
    await _list(document, [file.told async for file in story.files()])
    document.write(b'],"conversations":[')
    count = 0
    async for conversation, pages in story.conversations():
        document.write((b"," if count else b"") + _json(conversation)[:-1] + b',"messages":[')
        first = True
        async for page in pages:
            document.write(b"" if first else b",")
            await _list(document, page)
            first = False
        document.write(b"]}")
        count += 1
    document.write(b"]}")
    return count


async def _list(document: IO[bytes], items: Sequence[Any]) -> None:
    await asyncio.to_thread(document.write, b",".join(map(_json, items)))


def _json(value: Any) -> bytes:
    return orjson.dumps(value, default=str)


def _file(organization_id: UUID, request_id: UUID, size: int, at: datetime) -> FileView:
    """The archive as the store of files knows it."""
    return FileView(
        id=request_id,
        organization_id=organization_id,
        purpose=FilePurpose.MESSAGE,
        name=NAME,
        content_type=TYPE,
        size=size,
        state=FileState.READY,
        refusal=None,
        conversation_id=None,
        created_at=at,
    )
