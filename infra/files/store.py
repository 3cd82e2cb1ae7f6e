"""Where the bytes of files are: on this machine's disk behind addresses of our own, or in an S3-compatible store."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import obstore
from obstore.store import LocalStore, ObjectStore, S3Store

from domain.base import Clock
from domain.file.file import File, FileView
from domain.file.ports import Inspected, Pass, Upload, saved_as
from infra.files.addresses import Bucket
from infra.files.signing import Passes

UPLOAD_WITHIN = timedelta(minutes=15)
GET_WITHIN = timedelta(minutes=5)
CHUNK = 256 * 1024


class StoredFiles:
    """Files in a store of objects: `incoming/` has what was uploaded, `kept/` what was approved."""

    def __init__(self, store: ObjectStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def uploaded_size(self, organization_id: UUID, file_id: UUID) -> int | None:
        """How many bytes were uploaded, None where nothing was."""
        try:
            return int((await obstore.head_async(self._store, incoming(organization_id, file_id)))["size"])
        except FileNotFoundError:
            return None

    async def uploaded(self, organization_id: UUID, file_id: UUID) -> bytes:
        """What was uploaded."""
        return await self._read(incoming(organization_id, file_id))

    async def kept(self, organization_id: UUID, file_id: UUID) -> bytes:
        """What was approved."""
        return await self._read(kept(organization_id, file_id))

    async def put(self, organization_id: UUID, file_id: UUID, content: bytes) -> None:
        """Upload it from here."""
        await obstore.put_async(self._store, incoming(organization_id, file_id), content)

    async def forget_upload(self, organization_id: UUID, file_id: UUID) -> None:
        """Delete what was uploaded, if it is there."""
        await self._delete(incoming(organization_id, file_id))

    async def forget(self, organization_id: UUID, file_id: UUID) -> None:
        """Delete all there is of a file."""
        await self._delete(incoming(organization_id, file_id))
        await self._delete(kept(organization_id, file_id))

    async def chunks(self, organization_id: UUID, file_id: UUID) -> AsyncIterator[bytes]:
        """What was approved, chunk by chunk; `FileNotFoundError` where it is gone."""
        found = await obstore.get_async(self._store, kept(organization_id, file_id))
        return (bytes(chunk) async for chunk in found.stream(min_chunk_size=CHUNK))

    async def keep_made(self, file: FileView, made: Path) -> None:
        """Store a file that was made here as one that was approved, part by part."""
        path = kept(file.organization_id, file.id)
        await obstore.put_async(self._store, path, made, attributes=self._told(file.name, file.content_type))

    def _told(self, name: str, content_type: str) -> Any:
        """What the store is to tell browsers of a file, where it does so itself."""
        return None

    async def _read(self, path: str) -> bytes:
        found = await obstore.get_async(self._store, path)
        return bytes(await found.bytes_async())

    async def _delete(self, path: str) -> None:
        with suppress(FileNotFoundError):
            await obstore.delete_async(self._store, path)


class LocalFiles(StoredFiles):
    """Files in a folder; the server hands them out and takes them in by signed addresses of its own."""

    def __init__(self, folder: Path, passes: Passes, clock: Clock) -> None:
        super().__init__(LocalStore(folder, mkdir=True), clock)
        self._passes = passes

    async def upload_of(self, file: FileView) -> Upload:
        """A signed address of ours to send the file to."""
        expires_at = self._clock() + UPLOAD_WITHIN
        granted = Pass("PUT", file.organization_id, file.id, file.size, int(expires_at.timestamp()))
        return Upload(self._passes.url(granted), (("content-type", "application/octet-stream"),), expires_at)

    async def url_of(self, file: FileView) -> str:
        """A signed address of ours to get an approved file from."""
        expires = int((self._clock() + GET_WITHIN).timestamp())
        told = (file.name, file.content_type)
        return self._passes.url(Pass("GET", file.organization_id, file.id, file.size, expires, *told))

    async def keep(self, file: File, found: Inspected) -> None:
        """Store what was approved; its name and type are in the addresses."""
        await obstore.put_async(self._store, kept(file.organization_id, file.id), found.content)

    def granted(self, method: str, path: Mapping[str, str], query: Mapping[str, str]) -> Pass | None:
        """What a request may do; None where its address was not signed for that, or has expired."""
        return self._passes.granted(method, path, query, self._clock().timestamp())

    async def receive(self, granted: Pass, chunks: AsyncIterator[bytes]) -> None:
        """Take in what somebody sends, chunk by chunk; nothing of it stays where `chunks` raises."""
        await obstore.put_async(self._store, incoming(granted.organization_id, granted.file_id), chunks)

    async def send(self, granted: Pass) -> AsyncIterator[bytes]:
        """Hand out what was approved, chunk by chunk; `FileNotFoundError` where it is gone."""
        return await self.chunks(granted.organization_id, granted.file_id)


class BucketFiles(StoredFiles):
    """Files in a bucket; clients send to it and get from it by addresses that it knows."""

    def __init__(self, bucket: Bucket, clock: Clock) -> None:
        self._bucket = bucket_store(bucket)
        super().__init__(self._bucket, clock)

    async def upload_of(self, file: FileView) -> Upload:
        """An address of the store to send the file to."""
        path = incoming(file.organization_id, file.id)
        url = await obstore.sign_async(self._bucket, "PUT", path, UPLOAD_WITHIN)
        return Upload(url, (), self._clock() + UPLOAD_WITHIN)

    async def url_of(self, file: FileView) -> str:
        """An address of the store to get an approved file from."""
        return await obstore.sign_async(self._bucket, "GET", kept(file.organization_id, file.id), GET_WITHIN)

    async def keep(self, file: File, found: Inspected) -> None:
        """Store what was approved with what browsers are told of it: to save it, and not to run it."""
        attributes = self._told(file.name, found.content_type)
        path = kept(file.organization_id, file.id)
        await obstore.put_async(self._store, path, found.content, attributes=attributes, use_multipart=False)

    def _told(self, name: str, content_type: str) -> Any:
        return {"Content-Type": content_type, "Content-Disposition": saved_as(name)}


def incoming(organization_id: UUID, file_id: UUID) -> str:
    """Where an upload lies."""
    return f"incoming/{organization_id}/{file_id}"


def kept(organization_id: UUID, file_id: UUID) -> str:
    """Where an approved file lies."""
    return f"kept/{organization_id}/{file_id}"


def bucket_store(bucket: Bucket) -> S3Store:
    given: dict[str, Any] = {
        "endpoint": bucket.endpoint,
        "region": bucket.region,
        "access_key_id": bucket.key,
        "secret_access_key": bucket.secret,
    }
    config: Any = {name: value for name, value in given.items() if value is not None}
    plain = bool(bucket.endpoint and bucket.endpoint.startswith("http://"))
    return S3Store(bucket.name, prefix=bucket.prefix or None, config=config, client_options={"allow_http": plain})
