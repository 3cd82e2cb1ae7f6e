"""Migrations: up, down and up again, and nothing between them and the tables of the code."""

import asyncio
import os
import sys
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import create_async_engine

from infra.rows import organizations
from infra.storage import migrate


def differences(connection: Connection) -> list[Any]:
    return list(compare_metadata(MigrationContext.configure(connection), organizations.metadata))


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


async def on(url: str, work: Any) -> Any:
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        found = await connection.run_sync(work)
    await engine.dispose()
    return found


async def test_migrated_tables_are_those_of_the_code(fresh_database_url: str) -> None:
    assert await on(fresh_database_url, differences) == []
    current, newest = await on(fresh_database_url, migrate.current)
    assert current == newest


async def test_each_migration_can_be_taken_back_and_applied_again(fresh_database_url: str) -> None:
    await asyncio.to_thread(migrate.downgrade, fresh_database_url, "base")
    assert await on(fresh_database_url, tables) <= {"alembic_version"}
    await asyncio.to_thread(migrate.upgrade, fresh_database_url)
    assert await on(fresh_database_url, differences) == []


OWN = "(organization_id = (NULLIF(current_setting('parley.organization_id'::text, true), ''::text))::uuid)"
OTHERWISE = {"organization", "person"}
"""An organization is its own tenant, and a person is of each that they work for."""


def policies(connection: Connection) -> dict[str, tuple[str, str]]:
    rows = connection.execute(text("SELECT tablename, qual, with_check FROM pg_policies WHERE policyname = 'tenant'"))
    return {row.tablename: (row.qual, row.with_check) for row in rows}


async def test_every_migration_closes_its_tables_in_the_same_way(fresh_database_url: str) -> None:
    found = await on(fresh_database_url, policies)
    assert len(found) > 50
    assert {name for name, policy in found.items() if policy != (OWN, OWN)} == OTHERWISE


async def test_two_deployments_at_once_do_not_race(fresh_database_url: str) -> None:
    await asyncio.to_thread(migrate.downgrade, fresh_database_url, "base")
    environment = os.environ | {"PARLEY_DATABASE_URL": fresh_database_url}
    command = (sys.executable, "-m", "infra.cli", "migrate")
    deployments = [await asyncio.create_subprocess_exec(*command, env=environment) for _ in range(3)]
    assert [await deployment.wait() for deployment in deployments] == [0, 0, 0]
    assert await on(fresh_database_url, differences) == []
