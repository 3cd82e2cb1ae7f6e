"""What people do with files, and what is done with them before anybody gets one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from domain.account.permission import Permission
from domain.account.stored import Opening
from domain.base import PEOPLE, STAFF, Actor, ActorKind, Clock, Identifiers, InvalidStateError, NotFoundError, system_of
from domain.file.file import (
    MOST_UNCLAIMED,
    File,
    FilePurpose,
    FileRefusal,
    FileRefusedError,
    FileState,
    FileView,
    UploadLapsed,
)
from domain.file.ports import UPLOAD_TIMER, Depot, FileRepository, FileStore, FileUnit, Inspected, Inspector, Upload
from domain.ports import IdempotencyKey, Receipt
from domain.retry import retried_once

KEPT_UNCLAIMED = timedelta(days=1)


@dataclass(frozen=True)
class Files:
    """The commands on files, and the jobs that check and forget them."""

    units: Opening[FileUnit]
    store: FileStore
    inspector: Inspector
    new_id: Identifiers
    now: Clock
    depot: Depot | None = None
    """Where our own server takes files in and hands them out, if the store does not do that itself."""

    @retried_once
    async def announce(
        self,
        actor: Actor,
        purpose: FilePurpose,
        name: str,
        content_type: str,
        size: int,
        *,
        key: IdempotencyKey | None = None,
    ) -> Receipt:
        """Have a file awaited, for a day; `size` is in bytes."""
        actor.require(Permission.REPLY_TO_CONVERSATIONS)
        actor.require_kind(*(PEOPLE if purpose is FilePurpose.MESSAGE else STAFF), ActorKind.SYSTEM)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            if await unit.files.unclaimed_of(str(actor)) >= MOST_UNCLAIMED:
                raise InvalidStateError("Too many of your files are in no message yet: send some, or wait for a day.")
            file = File(self.new_id(), actor.tenant)
            file.announce(actor, purpose, name, content_type, size)
            unit.files.add(file)
            due_at = self.now() + KEPT_UNCLAIMED
            await unit.timers.set(UPLOAD_TIMER, file.id, due_at, UploadLapsed(file.id))
            return await unit.commit(Receipt(file.id))

    @retried_once
    async def complete(self, actor: Actor, file_id: UUID, *, key: IdempotencyKey | None = None) -> Receipt:
        """Say that all of it was sent: now it is checked; one of another size than announced is refused."""
        actor.require(Permission.REPLY_TO_CONVERSATIONS)
        actor.require_kind(*PEOPLE, ActorKind.SYSTEM)
        found = await self.store.uploaded_size(actor.tenant, file_id)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            file = await unit.files.get(file_id)
            file.complete(actor, found)
            receipt = await unit.commit(Receipt(file.id))
        if file.state is FileState.REFUSED:
            await self.store.forget_upload(actor.tenant, file_id)
        return receipt

    async def bring(self, actor: Actor, purpose: FilePurpose, name: str, content_type: str, content: bytes) -> UUID:
        """Announce, upload and complete at once, for what comes in by mail and other ways; the file's id."""
        receipt = await self.announce(actor, purpose, name, content_type, len(content))
        await self.store.put(actor.tenant, receipt.id, content)
        await self.complete(actor, receipt.id)
        return receipt.id

    async def check(self, organization_id: UUID, file_id: UUID) -> None:
        """Look into a file that was uploaded, and keep what may be kept of it. Safe to run again at any point."""
        file = await self._checking(organization_id, file_id)
        if file is None:
            return
        try:
            found = await self._inspected(file)
        except FileRefusedError as error:
            await self.refuse(organization_id, file_id, error.reason)
            return
        await self.store.keep(file, found)
        await self._approve(file, found)
        await self.store.forget_upload(organization_id, file_id)

    @retried_once
    async def refuse(self, organization_id: UUID, file_id: UUID, reason: FileRefusal) -> None:
        """Let nobody have a file that was being checked."""
        async with self.units(system_of(organization_id)) as unit:
            file = await unit.files.get(file_id)
            file.refuse(reason)
            await unit.commit(Receipt(file_id))
        await self.store.forget_upload(organization_id, file_id)

    @retried_once
    async def forget(self, organization_id: UUID, file_id: UUID) -> None:
        """Delete a file that was said nowhere; the bytes first, so that none are left without a row."""
        async with self.units(system_of(organization_id)) as unit:
            file = await found_in(unit.files, file_id)
            if file is None or file.conversation_id is not None:
                return
            await self.store.forget(organization_id, file_id)
            file.delete()
            await unit.commit(Receipt(file_id))

    async def upload_of(self, actor: Actor, file: FileView) -> Upload:
        """Where to send an awaited file."""
        if file.state is not FileState.AWAITED or file.organization_id != actor.tenant:
            raise InvalidStateError("This file was uploaded already.")
        return await self.store.upload_of(file)

    async def urls(self, files: Sequence[FileView]) -> Sequence[str | None]:
        """Where to get files, each for a few minutes; None for those that are not ready."""
        return [await self.store.url_of(file) if file.state is FileState.READY else None for file in files]

    async def _checking(self, organization_id: UUID, file_id: UUID) -> File | None:
        async with self.units(system_of(organization_id)) as unit:
            file = await found_in(unit.files, file_id)
        return file if file and file.state is FileState.CHECKING else None

    async def _inspected(self, file: File) -> Inspected:
        """What may be kept of an upload, which may have been replaced since its owner said that it was complete."""
        if await self.store.uploaded_size(file.organization_id, file.id) != file.size:
            raise FileRefusedError(FileRefusal.WRONG_SIZE)
        content = await self.store.uploaded(file.organization_id, file.id)
        return await self.inspector.inspect(content, file.content_type)

    @retried_once
    async def _approve(self, file: File, found: Inspected) -> None:
        async with self.units(system_of(file.organization_id)) as unit:
            stored = await unit.files.get(file.id)
            stored.approve(found.content_type, len(found.content))
            await unit.commit(Receipt(file.id))


async def found_in(files: FileRepository, file_id: UUID) -> File | None:
    """The file, locked, if it is still there."""
    try:
        return await files.get(file_id)
    except NotFoundError:
        return None
