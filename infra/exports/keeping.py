"""Where exports are: in the store of files, part by part, and then as one file that a signed address leads to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

import obstore
from obstore.store import LocalStore, ObjectStore

from domain.base import Clock
from domain.export.export import Export, ExportView
from domain.file.ports import Pass, saved_as
from infra.files.addresses import Bucket
from infra.files.signing import Passes
from infra.files.store import CHUNK, bucket_store, kept

GET_WITHIN = timedelta(minutes=15)
UPLOADS = 4
"""Chunks of five megabytes that are on their way to a bucket at a time."""


class Addresses(Protocol):
    """How a store gives files out."""

    @property
    def store(self) -> ObjectStore:
        """Where they are."""
        ...

    async def url(self, export: ExportView) -> str:
        """A signed address of a finished export."""
        ...

    def attributes(self, export: Export) -> Any:
        """What the store is to tell whoever gets the file; None where it tells nothing."""
        ...


class LocalAddresses:
    """A folder of this machine: the server hands its files out at signed addresses of its own."""

    def __init__(self, folder: Path, passes: Passes, clock: Clock) -> None:
        self.store: ObjectStore = LocalStore(folder, mkdir=True)
        self._passes = passes
        self._clock = clock

    async def url(self, export: ExportView) -> str:
        """A signed address of ours."""
        expires = int((self._clock() + GET_WITHIN).timestamp())
        told = (export.name, export.format.content_type)
        return self._passes.url(Pass("GET", export.organization_id, export.id, export.bytes, expires, *told))

    def attributes(self, export: Export) -> Any:
        """Nothing: it is in the address."""
        return None


class BucketAddresses:
    """A bucket: it hands files out itself."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket_store(bucket)
        self.store: ObjectStore = self._bucket

    async def url(self, export: ExportView) -> str:
        """An address that the bucket knows."""
        return await obstore.sign_async(self._bucket, "GET", kept(export.organization_id, export.id), GET_WITHIN)

    def attributes(self, export: Export) -> Any:
        """What browsers are told: to save it."""
        return {"Content-Type": export.format.content_type, "Content-Disposition": saved_as(export.name)}


class StoredExports:
    """The parts of exports, and what was made of them."""

    def __init__(self, addresses: Addresses) -> None:
        self._addresses = addresses
        self._store = addresses.store

    async def url(self, export: ExportView) -> str:
        """A signed URL to get a finished export from, for a quarter of an hour."""
        return await self._addresses.url(export)

    async def put_part(self, export: Export, file: Path) -> int:
        """Take in the next part; its bytes."""
        path = _part(export, export.parts)
        await obstore.put_async(self._store, path, chunks_of(file), max_concurrency=UPLOADS)
        return await self._size(path)

    async def parts(self, export: Export) -> AsyncIterator[bytes]:
        """All parts, one after the other, chunk by chunk."""
        for number in range(export.parts):
            found = await obstore.get_async(self._store, _part(export, number))
            async for chunk in found.stream(min_chunk_size=CHUNK):
                yield bytes(chunk)

    async def fetch(self, export: Export, folder: Path) -> Sequence[Path]:
        """All parts as files in a folder."""
        paths = [folder / str(number) for number in range(export.parts)]
        for number, path in enumerate(paths):
            found = await obstore.get_async(self._store, _part(export, number))
            with path.open("wb") as file:
                async for chunk in found.stream(min_chunk_size=CHUNK):
                    file.write(chunk)
        return paths

    async def put(self, export: Export, content: AsyncIterator[bytes]) -> int:
        """Take in the whole; its bytes."""
        path = kept(export.organization_id, export.id)
        attributes = self._addresses.attributes(export)
        await obstore.put_async(self._store, path, content, attributes=attributes, max_concurrency=UPLOADS)
        return await self._size(path)

    async def _size(self, path: str) -> int:
        return int((await obstore.head_async(self._store, path))["size"])

    async def forget_parts(self, organization_id: UUID, export_id: UUID) -> None:
        """Delete the parts, not what was made of them."""
        folder = f"exports/{organization_id}/{export_id}/"
        async for batch in obstore.list(self._store, prefix=folder):
            await obstore.delete_async(self._store, [each["path"] for each in batch])

    async def forget(self, organization_id: UUID, export_id: UUID) -> None:
        """Delete all there is."""
        await self.forget_parts(organization_id, export_id)
        with suppress(FileNotFoundError):
            await obstore.delete_async(self._store, kept(organization_id, export_id))


async def chunks_of(file: Path) -> AsyncIterator[bytes]:
    """A file, chunk by chunk: the store would hold all of one that it were given as a path."""
    with await asyncio.to_thread(file.open, "rb") as opened:
        while chunk := await asyncio.to_thread(opened.read, CHUNK):
            yield chunk


def _part(export: Export, number: int) -> str:
    return f"exports/{export.organization_id}/{export.id}/{number:05}"
