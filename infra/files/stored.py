"""Files as rows, and what one actor may see of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, false, func, or_, select

from domain.account.permission import Permission
from domain.base import ActorKind
from domain.file.file import File, FilePurpose, FileRefusal, FileState, FileView
from infra.accounts.repository import SqlStored
from infra.files.rows import files
from infra.reads import SqlReads
from infra.repositories import Unit
from infra.rows import conversations


def _refusal(stored: str | None) -> FileRefusal | None:
    return None if stored is None else FileRefusal(stored)


class SqlFiles(SqlStored[File]):
    """Files."""

    def __init__(self, unit: Unit) -> None:
        super().__init__(unit, files, File, purpose=FilePurpose, state=FileState, refusal=_refusal)

    async def unclaimed_of(self, owner: str) -> int:
        """How many files of an owner are in no conversation."""
        c = files.c
        mine = (c.organization_id == self._unit.actor.tenant, c.owner == owner, c.conversation_id.is_(None))
        return await self._unit.connection.scalar(select(func.count()).where(*mine)) or 0


class SqlFileReads(SqlReads):
    """The reads of one operation about files."""

    async def files(self, ids: Sequence[UUID]) -> Sequence[FileView | None]:
        """Files by id: one's own that are said nowhere yet, and those of messages and notes that one may read."""
        f, c = files.c, conversations.c
        joined = files.outerjoin(conversations, c.id == f.conversation_id)
        mine = (f.id.in_(ids), f.organization_id == self._actor.tenant, self._is_seen())
        found = {row.id: _file(row) for row in await self._rows(select(files).select_from(joined).where(*mine))}
        return [found.get(identity) for identity in ids]

    async def file_lists(self, lists: Sequence[tuple[UUID, ...]]) -> Sequence[Sequence[FileView]]:
        """For each list of ids its files, all by one statement; without ids there is none."""
        wanted = list(dict.fromkeys(identity for ids in lists for identity in ids))
        found = dict(zip(wanted, await self.files(wanted), strict=True)) if wanted else {}
        return [[file for identity in ids if (file := found[identity])] for ids in lists]

    def _is_seen(self) -> ColumnElement[bool]:
        f = files.c
        own = and_(f.conversation_id.is_(None), f.owner == str(self._actor))
        if not self._actor.may(Permission.READ_CONVERSATIONS):
            return own
        internal = f.purpose != FilePurpose.MESSAGE if self._actor.kind is ActorKind.CUSTOMER else false()
        return or_(own, and_(f.conversation_id.is_not(None), self._visible(), ~internal))


def _file(row: Row[Any]) -> FileView:
    return FileView(
        id=row.id,
        organization_id=row.organization_id,
        purpose=FilePurpose(row.purpose),
        name=row.name,
        content_type=row.content_type,
        size=row.size,
        state=FileState(row.state),
        refusal=_refusal(row.refusal),
        conversation_id=row.conversation_id,
        created_at=row.created_at,
    )
