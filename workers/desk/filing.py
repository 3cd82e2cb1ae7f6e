"""The jobs about files: check what was uploaded, and forget what was said nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from domain.file.file import FileRefusal, UploadLapsed
from domain.file.service import Files
from domain.ports import Work


@dataclass(frozen=True)
class CheckFile:
    """Runs on `FileUploaded`."""

    files: Files

    async def __call__(self, work: Work) -> None:
        """Look into it; a scanner or a store that is away makes the job fail, and try again."""
        await self.files.check(work.recorded.organization_id, _file_of(work))

    async def give_up(self, work: Work) -> None:
        """What nobody could look into, nobody gets."""
        await self.files.refuse(work.recorded.organization_id, _file_of(work), FileRefusal.UNCHECKED)


@dataclass(frozen=True)
class ForgetUpload:
    """Runs on `UploadLapsed`, a day after a file was announced."""

    files: Files

    async def __call__(self, work: Work) -> None:
        """Delete it."""
        assert isinstance(work.recorded.event, UploadLapsed)  # noqa: S101  the table of subscribers says so
        await self.files.forget(work.recorded.organization_id, work.recorded.event.file_id)


def _file_of(work: Work) -> UUID:
    return UUID(work.recorded.stream.partition(":")[2])
