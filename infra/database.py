"""Connections to Postgres: pooled, and bound to one tenant for one transaction at a time."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, cast
from uuid import UUID, uuid4

import asyncpg
import orjson
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from domain.base import UnavailableError

BIND = text(
    "SELECT set_config('role', 'parley_app', true), set_config('parley.organization_id', CAST(:tenant AS text), true)"
)
RELAY = text("SELECT set_config('role', 'parley_relay', true)")
ACCOUNTS = text(
    "SELECT set_config('role', 'parley_accounts', true), set_config('parley.organization_id', :tenant, true)"
)
ANALYTICS = text(
    "SELECT set_config('role', 'parley_analytics', true), set_config('jit', 'off', true),"
    " set_config('work_mem', '64MB', true)"
)
"""Grouping by a dozen sets of columns at once fits into memory then, and is over before it would be compiled."""
AWAY = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # what a connection says that died while it was being used
    PoolTimeoutError,
)


CONNECTING = {"timeout": 5, "command_timeout": 30, "server_settings": {"application_name": "parley"}}
NOTHING_PREPARED = {
    "statement_cache_size": 0,
    "prepared_statement_cache_size": 0,
    "prepared_statement_name_func": lambda: f"parley_{uuid4()}",
}
"""Behind a pooler what one transaction prepared is on a connection that the next one does not have, under a name that
somebody else may have taken there."""


def _json(value: object) -> str:
    return orjson.dumps(value).decode()


class Database:
    """One pool. Every transaction begins by giving up the login's rights for those of a narrower role.

    Roles and the tenant are set for the transaction only, so that it works behind a pooler in transaction mode; that
    there is one must be said (`pooled`), since then nothing is prepared for more than one transaction.
    Raises `UnavailableError` from any block when Postgres is away.
    """

    def __init__(self, url: str, *, pool_size: int, pooled: bool = False) -> None:
        self.engine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=10,
            pool_pre_ping=True,
            hide_parameters=True,  # errors end up in logs, and parameters are what people wrote
            json_serializer=_json,
            json_deserializer=orjson.loads,
            connect_args={**CONNECTING, **(NOTHING_PREPARED if pooled else {})},
        )

    @asynccontextmanager
    async def tenant(self, organization_id: UUID, *, snapshot: bool = False) -> AsyncIterator[AsyncConnection]:
        """A transaction that sees one organization's rows; committed by its user, undone otherwise.

        With `snapshot` it only reads, and all its statements see the same moment.
        """
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True} if snapshot else {}
        async with self._connection(options) as connection:
            await connection.execute(BIND, {"tenant": str(organization_id)})
            yield connection

    @asynccontextmanager
    async def relay(self) -> AsyncIterator[AsyncConnection]:
        """A transaction over the journal and the jobs of all organizations, and over nothing else."""
        async with self._connection({}) as connection:
            await connection.execute(RELAY)
            yield connection

    @asynccontextmanager
    async def accounts(self, organization_id: UUID | None = None) -> AsyncIterator[AsyncConnection]:
        """A transaction over who people are and how they sign in, in all organizations, and over nothing they work on.

        With an organization it may also append to that organization's journal.
        """
        async with self._connection({}) as connection:
            await connection.execute(ACCOUNTS, {"tenant": str(organization_id or "")})
            yield connection

    @asynccontextmanager
    async def analytics(self) -> AsyncIterator[asyncpg.Connection]:
        """A transaction over the facts of all organizations and the journal that they are folded from, and no more.

        It is asyncpg's own connection, since rows come by the thousand; committed where the block ends well.
        """
        async with self._connection({}) as connection:
            await connection.execute(ANALYTICS)
            yield cast(asyncpg.Connection, (await connection.get_raw_connection()).driver_connection)
            await connection.commit()

    @asynccontextmanager
    async def _connection(self, options: dict[str, Any]) -> AsyncIterator[AsyncConnection]:
        with outages():
            async with self.engine.connect() as connection:
                yield await connection.execution_options(**options) if options else connection

    async def close(self) -> None:
        """Close all connections."""
        await self.engine.dispose()


@contextmanager
def outages() -> Iterator[None]:
    """What means that Postgres is away becomes `UnavailableError`, within the block."""
    try:
        yield
    except DBAPIError as error:
        if error.connection_invalidated or isinstance(error.orig and error.orig.__cause__, AWAY):
            raise UnavailableError from error
        raise
    except AWAY as error:
        raise UnavailableError from error
