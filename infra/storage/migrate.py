"""Brings a database to the newest tables, and tells whether it is there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

MIGRATIONS = Path(__file__).parents[1] / "migrations"


def upgrade(database_url: str, revision: str = "head") -> None:
    """Apply every migration up to `revision`; safe to run twice and from two machines at once."""
    _on(database_url, lambda connection: command.upgrade(_config(connection), revision))


def downgrade(database_url: str, revision: str) -> None:
    """Take migrations back down to `revision` ('base' for none)."""
    _on(database_url, lambda connection: command.downgrade(_config(connection), revision))


def current(connection: Connection) -> tuple[str | None, str | None]:
    """The revision the database has, and the newest that the code has."""
    return MigrationContext.configure(connection).get_current_revision(), _scripts().get_current_head()


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(MIGRATIONS))


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def _on(database_url: str, work: Callable[[Connection], None]) -> None:
    asyncio.run(_run(database_url, work))


async def _run(database_url: str, work: Callable[[Connection], None]) -> None:
    engine = create_async_engine(database_url, poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(work)
    finally:
        await engine.dispose()
