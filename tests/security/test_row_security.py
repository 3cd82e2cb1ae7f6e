"""Row security by itself: whoever forgets every condition still works on one tenant's rows, and on no other's."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from infra import bootstrap
from infra.database import Database
from infra.rows import organizations
from tests.security.rows import checksums, superuser
from tests.security.tenants import Tenant, furnish
from tests.stack import settings_for

RELAY = {"event", "job", "delivery", "rule", "service_level_policy", "sql_login", "channel_account"}
"""What the relay works on, or, by two columns, must know to work on it, in all organizations."""
ACCOUNTS = {
    *(
        "person",
        "recovery_code",
        "mail_token",
        "sign_in_throttle",
        "signing_key",
        "organization",
        "role",
        "inbox",
        "agent",
    ),
    *("customer", "session", "refresh_token", "api_key", "invitation", "team", "team_agent", "identity_provider"),
    *("person_identity", "identity_key"),
}
"""What signing in needs to see, in all organizations."""
CHILDREN_FIRST = [table.name for table in reversed(organizations.metadata.sorted_tables)]


@dataclass
class Two:
    """Two tenants, the application's way to their rows, and a superuser's."""

    database: Database
    root: AsyncEngine
    own: Tenant
    foreign: Tenant


@pytest.fixture
async def two(fresh_database_url: str, redis_url: str) -> AsyncIterator[Two]:
    async with bootstrap.parts(settings_for(fresh_database_url, redis_url)) as parts:
        tenants = [await furnish(fresh_database_url, parts, mark) for mark in ("aardvark", "zebrazebra")]
    database, root = Database(fresh_database_url, pool_size=1), superuser(fresh_database_url)
    yield Two(database, root, *tenants)
    await database.close()
    await root.dispose()


async def owned(connection: AsyncConnection) -> dict[str, str]:
    """Every table of a tenant's, from the catalogue, and the column that says whose a row is."""
    wanted = "SELECT table_name FROM information_schema.columns WHERE column_name = 'organization_id'"
    found = (await connection.execute(text(f"{wanted} AND table_schema = 'public'"))).scalars()
    return {"organization": "id"} | dict.fromkeys(sorted(found), "organization_id")


async def owners(connection: AsyncConnection, table: str, column: str) -> Sequence[UUID]:
    """Whose the rows are that a careless statement sees."""
    return (await connection.execute(text(f'SELECT "{column}" FROM "{table}"'))).scalars().all()


async def rights(connection: AsyncConnection, table: str, column: str) -> list[tuple[str, str]]:
    """What the connection's role may do to the rows of a table at all."""
    asked = f"has_column_privilege('\"{table}\"', '{column}', 'UPDATE'), has_table_privilege('\"{table}\"', 'DELETE')"
    update, delete = (await connection.execute(text(f"SELECT {asked}"))).one()
    return [("UPDATE", table)] * update + [("DELETE", table)] * delete


async def refused(connection: AsyncConnection, statement: str) -> str:
    """How Postgres refuses a statement; nothing where it does not. The transaction goes on."""
    try:
        async with connection.begin_nested():
            await connection.execute(text(statement))
    except DBAPIError as error:
        return str(error.orig)
    return ""


async def test_every_table_of_the_schema_forces_row_security(two: Two) -> None:
    async with two.root.connect() as connection:
        wanted = (
            "SELECT relname, relrowsecurity AND relforcerowsecurity AS forced FROM pg_class WHERE relkind IN ('r', 'p')"
        )
        found = await connection.execute(text(f"{wanted} AND relnamespace = 'public'::regnamespace"))
        forced: dict[str, bool] = {row.relname: row.forced for row in found}
        bypassing = text("SELECT rolname FROM pg_roles WHERE (rolbypassrls OR rolsuper) AND rolname LIKE 'parley%'")
        assert (await connection.execute(bypassing)).scalars().all() == []
        tables = set(await owned(connection))
    assert [name for name, on in forced.items() if not on] == ["alembic_version"]
    of_nobody = {"person", "recovery_code", "mail_token", "sign_in_throttle", "signing_key", "search_backlog"}
    of_nobody |= {"rollup_place"}
    assert tables | of_nobody == set(forced) - {"alembic_version"}


async def test_who_forgets_every_condition_reads_one_tenant(two: Two) -> None:
    async with two.root.connect() as connection:
        tables = await owned(connection)
        counted = await checksums(connection, two.own.id)
        both = {name: len(await owners(connection, name, column)) for name, column in tables.items()}
    async with two.database.tenant(two.own.id) as connection:
        for name, column in tables.items():
            seen = await owners(connection, name, column)
            assert set(seen) == {two.own.id}, name
            assert len(seen) == counted[name][0] < both[name], name
        people = (await connection.execute(text("SELECT name FROM person"))).scalars().all()
        assert len(people) == counted["person"][0] and all(name.startswith(two.own.mark) for name in people)


async def test_who_forgets_every_condition_changes_one_tenant(two: Two) -> None:
    async with two.root.connect() as connection:
        tables = await owned(connection)
        before = await checksums(connection, two.foreign.id)
        mine = await checksums(connection, two.own.id)
    touched: set[tuple[str, str]] = set()
    async with two.database.tenant(two.own.id) as connection:
        allowed = {one for name, column in tables.items() for one in await rights(connection, name, column)}
        for name in [name for name in CHILDREN_FIRST if name in tables]:
            column = tables[name]
            changes = {"UPDATE": f'UPDATE "{name}" SET "{column}" = "{column}"', "DELETE": f'DELETE FROM "{name}"'}
            for verb, statement in changes.items():
                if (verb, name) in allowed:
                    rows = (await connection.execute(text(statement))).rowcount
                    assert rows == mine[name][0], statement
                    touched.add((verb, name))
                else:
                    assert "permission denied" in await refused(connection, statement), statement
        await connection.commit()
    assert touched == allowed and len(touched) > len(tables)
    async with two.root.connect() as connection:
        assert await checksums(connection, two.foreign.id) == before
        assert (await checksums(connection, two.own.id))["conversation"][0] == 0


async def test_no_row_can_be_given_to_another_tenant(two: Two) -> None:
    async with two.root.connect() as connection:
        tables = await owned(connection)
    async with two.database.tenant(two.own.id) as connection:
        for name, column in tables.items():
            gift = f'UPDATE "{name}" SET "{column}" = \'{two.foreign.id}\''
            said = await refused(connection, gift)
            assert "row-level security" in said or "permission denied" in said, f"{name}: {said}"


async def test_unbound_the_application_sees_nothing(two: Two) -> None:
    async with two.root.connect() as connection:
        tables = await owned(connection)
    for bound in ("", "SELECT set_config('parley.organization_id', '', true)"):
        async with two.database.engine.connect() as connection:
            await connection.execute(text("SET LOCAL ROLE parley_app"))
            if bound:
                await connection.execute(text(bound))
            for name, column in (tables | {"person": "id"}).items():
                assert await owners(connection, name, column) == [], name


@pytest.mark.parametrize(("role", "allowed"), [("parley_relay", RELAY), ("parley_accounts", ACCOUNTS)])
async def test_the_other_roles_see_what_they_are_for(two: Two, role: str, allowed: set[str]) -> None:
    async with two.root.connect() as connection:
        everything = text("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
        tables = (await connection.execute(everything)).scalars().all()
    async with two.database.engine.connect() as connection:
        await connection.execute(text(f"SET LOCAL ROLE {role}"))
        seen = set()
        for name in tables:
            if not await refused(connection, f'SELECT FROM "{name}"'):
                rows = await connection.scalar(text(f'SELECT count(*) FROM "{name}"'))
                seen |= {name} if rows else set()
    assert seen <= allowed
    assert seen == RELAY if role == "parley_relay" else {"person", "session", "api_key"} <= seen


@pytest.mark.parametrize(
    "statement",
    ["SELECT name, email FROM customer", "UPDATE customer SET merged_into = NULL", "DELETE FROM customer"],
)
async def test_signing_in_has_customers_neither_in_sight_nor_in_hand(two: Two, statement: str) -> None:
    async with two.database.accounts(two.own.id) as connection:
        assert "permission denied" in await refused(connection, statement)
        assert await connection.scalar(text("SELECT count(id) FROM customer"))


async def test_signing_in_writes_in_the_journal_of_one_tenant_only(two: Two) -> None:
    async with two.database.accounts(two.own.id) as connection:
        assert set(await owners(connection, "event", "organization_id")) == {two.own.id}
        said = await refused(
            connection,
            "INSERT INTO event (organization_id, stream, version, kind, payload, actor, at, correlation_id) "
            f"VALUES ('{two.foreign.id}', 'x', 1, 'x', '{{}}', 'x', now(), 'x')",
        )
    assert "row-level security" in said
    async with two.database.accounts() as connection:
        assert await owners(connection, "event", "organization_id") == []


async def test_a_connection_carries_nothing_from_one_tenant_to_the_next(two: Two) -> None:
    """As behind a pooler in transaction mode: one connection to Postgres, handed on after each transaction."""

    async def seen(organization_id: UUID, *, fails: bool = False) -> tuple[int, set[UUID]]:
        async with two.database.tenant(organization_id) as connection:
            backend = await connection.scalar(text("SELECT pg_backend_pid()"))
            found = set(await owners(connection, "conversation", "organization_id"))
            if fails:
                await connection.execute(text("SELECT 1 / 0"))
            await connection.commit()
        return int(str(backend)), found

    first = await seen(two.own.id)
    with pytest.raises(DBAPIError):
        await seen(two.own.id, fails=True)
    assert await seen(two.foreign.id) == (first[0], {two.foreign.id})
    async with two.database.engine.connect() as connection:
        state = text("SELECT pg_backend_pid(), current_user = session_user, current_setting('parley.organization_id')")
        assert (await connection.execute(state)).one() == (first[0], True, "")
