"""SQL logins as rows and as users of the database, what one actor may see of them, and who looks after them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import structlog
from asyncpg import InsufficientPrivilegeError
from sqlalchemy import Row, Select, select, text
from sqlalchemy.exc import DBAPIError

from domain.account.permission import Permission
from domain.base import InvalidStateError
from domain.bi.login import Door, Offence, SqlLogin, SqlLoginView
from infra.accounts.repository import SqlStored
from infra.bi.passwords import new_password, verifier_of
from infra.bi.rows import sql_logins
from infra.database import Database
from infra.reads import SqlReads
from infra.repositories import Unit

OPEN = text("SELECT sql_login_open(:role, :verifier, :connections, :seconds)")
CLOSE = text("SELECT sql_login_close(:role)")
WATCH = text("SELECT login, why FROM sql_login_watch(CAST(:roles AS text[]), CAST(:seconds AS double precision))")
NOT_ALLOWED = "The database does not let Parley make logins: the owner of its tables needs the right CREATEROLE."

log = structlog.get_logger(__name__)


class SqlSqlLogins(SqlStored[SqlLogin]):
    """Logins."""

    def __init__(self, unit: Unit) -> None:
        super().__init__(unit, sql_logins, SqlLogin)

    async def good(self) -> int:
        """How many are not revoked."""
        return await self._count(sql_logins.c.revoked_at.is_(None))

    async def open(self, role: str, door: Door) -> str:
        """Make the user; its password. `InvalidStateError` where the database does not let Parley do that."""
        password = new_password()
        given = {"role": role, "connections": door.connections, "seconds": door.seconds}
        try:
            await self._unit.connection.execute(OPEN, given | {"verifier": verifier_of(password)})
        except DBAPIError as error:
            if isinstance(error.orig and error.orig.__cause__, InsufficientPrivilegeError):
                raise InvalidStateError(NOT_ALLOWED) from error
            raise
        return password

    async def close(self, role: str) -> None:
        """End what the user is doing, and take it away."""
        await self._unit.connection.execute(CLOSE, {"role": role})


class SqlLoginSight(SqlReads):
    """The reads of one operation about logins."""

    async def sql_logins(self, ids: Sequence[UUID]) -> Sequence[SqlLoginView | None]:
        """Logins by id."""
        if not self._actor.may(Permission.READ_ANALYTICS):
            return [None] * len(ids)
        found = {row.id: _view(row) for row in await self._rows(self._logins().where(sql_logins.c.id.in_(ids)))}
        return [found.get(identity) for identity in ids]

    async def all_sql_logins(self) -> Sequence[SqlLoginView]:
        """Every one, the oldest first, and those that are revoked at the end."""
        self._actor.require(Permission.READ_ANALYTICS)
        c = sql_logins.c
        ordered = self._logins().order_by(c.revoked_at.is_not(None), c.created_at, c.id)
        return [_view(row) for row in await self._rows(ordered)]

    def _logins(self) -> Select[Any]:
        return select(sql_logins).where(sql_logins.c.organization_id == self._actor.tenant)


class SqlLoginWatch:
    """Looks after what logins do, whatever they set for themselves. It runs beside the relay's rights."""

    def __init__(self, database: Database, seconds: float) -> None:
        self._database = database
        self._seconds = seconds

    async def look(self) -> Sequence[Offence]:
        """End what takes too long, whatever the session says; who is to be shut."""
        c = sql_logins.c
        async with self._database.relay() as connection:
            good = select(c.role, c.organization_id, c.id).where(c.revoked_at.is_(None))
            logins = {row.role: row for row in await connection.execute(good)}
            if not logins:
                return []
            given = {"roles": list(logins), "seconds": self._seconds}
            found = (await connection.execute(WATCH, given)).all()
        for row in found:
            log.warning("sql_login.offence", role=row.login, why=row.why)
        return [Offence(logins[one.login].organization_id, logins[one.login].id, one.why) for one in found]


def _view(row: Row[Any]) -> SqlLoginView:
    return SqlLoginView(row.id, row.name, row.role, row.why_revoked, row.created_at, row.revoked_at)
