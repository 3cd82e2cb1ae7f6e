"""Two walls stand between tenants; each holds without the other, and where both are down it is noticed."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text, true

from domain.base import NotFoundError
from infra.accounts.repository import SqlStored
from infra.database import Database
from tests.security.conftest import Neighbours
from tests.security.fuzz import Fuzz
from tests.security.rows import TENANTS, checksums
from tests.security.test_row_security import owned, owners

Noticed = Callable[[Neighbours], Awaitable[bool]]
BOUND = "nullif(current_setting('parley.organization_id', true), '')::uuid"


async def police(neighbours: Neighbours, table: str, *, on: bool) -> None:
    """Put a table's policy back, or let everything pass it."""
    async with neighbours.engine.begin() as connection:
        column = "id" if table == "organization" else "organization_id"
        condition = f"{column} = {BOUND}" if on else "true"
        await connection.execute(text(f'ALTER POLICY tenant ON "{table}" USING ({condition}) WITH CHECK ({condition})'))


async def reads_noticed(neighbours: Neighbours) -> bool:
    """Whether the fuzz finds that a conversation of the neighbour can be read."""
    fuzz = Fuzz(neighbours.stack, neighbours.engine, neighbours.own, neighbours.foreign)
    found = await fuzz.run(["query"], ["agent"], only="conversation", attempts=6)
    return bool(found.leaks)


async def changes_noticed(neighbours: Neighbours) -> bool:
    """Whether the fuzz finds that a team of the neighbour can be changed."""
    async with neighbours.engine.connect() as connection:
        before = await checksums(connection, neighbours.foreign.id)
    fuzz = Fuzz(neighbours.stack, neighbours.engine, neighbours.own, neighbours.foreign)
    await fuzz.run(["mutation"], ["owner"], only="changeTeam", attempts=8)
    async with neighbours.engine.connect() as connection:
        return await checksums(connection, neighbours.foreign.id) != before


def forget_in_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reads of conversations ask no more whose they are."""
    monkeypatch.setattr("infra.reads.reached", lambda *_: true())


def forget_in_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands load whatever has the id that they were given."""

    async def careless(self: Any, identity: UUID) -> Any:
        wanted = select(self._table).where(self._table.c.id == identity)
        row = (await self._unit.connection.execute(wanted)).one_or_none()
        if row is None:
            raise NotFoundError("team")
        return self._hold(row)

    monkeypatch.setattr(SqlStored, "get", careless)


@pytest.mark.parametrize(
    ("tables", "forget", "noticed"),
    [
        (["conversation"], forget_in_reads, reads_noticed),
        (["team", "event"], forget_in_commands, changes_noticed),
    ],
    ids=["reads", "commands"],
)
async def test_only_without_both_walls_something_passes_and_then_it_is_noticed(
    neighbours: Neighbours,
    monkeypatch: pytest.MonkeyPatch,
    tables: list[str],
    forget: Callable[[pytest.MonkeyPatch], None],
    noticed: Noticed,
) -> None:
    assert not await noticed(neighbours), "both walls"
    with monkeypatch.context() as patched:
        forget(patched)
        assert not await noticed(neighbours), "row security alone"
    for table in tables:
        await police(neighbours, table, on=False)
    assert not await noticed(neighbours), "scoped statements alone"
    with monkeypatch.context() as patched:
        forget(patched)
        assert await noticed(neighbours), "no wall at all"


async def test_the_loss_of_any_policy_is_noticed(neighbours: Neighbours, fresh_database_url: str) -> None:
    """By the test that forgets every condition: it sees two tenants where one policy lets everything pass."""
    database = Database(fresh_database_url, pool_size=1)
    async with neighbours.engine.connect() as connection:
        tables = await owned(connection)
    assert set(TENANTS) <= set(tables)
    for table, column in tables.items():
        await police(neighbours, table, on=False)
        async with database.tenant(neighbours.own.id) as connection:
            assert set(await owners(connection, table, column)) >= {neighbours.own.id, neighbours.foreign.id}, table
        await police(neighbours, table, on=True)
        async with database.tenant(neighbours.own.id) as connection:
            assert set(await owners(connection, table, column)) == {neighbours.own.id}, table
    await database.close()
