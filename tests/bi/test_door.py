"""What a login cannot do: see others, write, take long, hold what the application needs; by an attacker's means."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from domain.base import InvalidStateError, NotFoundError
from infra import bootstrap
from infra.bi.passwords import verifier_of
from tests.bi.conftest import SECONDS, Analyst, hired
from tests.security.rows import superuser
from tests.stack import found_company
from workers.watching import watch_logins

OWN_SERVER = pytest.mark.skipif(
    "PARLEY_TEST_DATABASE_URL" in os.environ, reason="Another server is as its operator has set it up."
)
VIEWS = ("conversations", "episodes", "messages", "answers", "handoffs", "deliveries", "ratings")
NAMES = ("inboxes", "teams", "people")


@pytest.fixture
async def root(database_url: str) -> AsyncIterator[AsyncEngine]:
    engine = superuser(database_url)
    yield engine
    await engine.dispose()


@pytest.fixture
async def watched(parts: bootstrap.Parts) -> AsyncIterator[None]:
    """A worker looks after logins."""
    task = asyncio.create_task(watch_logins(parts.doors.sql_logins))
    yield
    task.cancel()
    await asyncio.wait([task])


async def refusal(connection: asyncpg.Connection, statement: str) -> str:
    try:
        await connection.execute(statement)
    except asyncpg.PostgresError as error:
        return str(error)
    return ""


async def test_each_sees_their_own_organization_and_nobody_elses(analyst: Analyst, stranger: Analyst) -> None:
    for one, other in ((analyst, stranger), (stranger, analyst)):
        session = await one.connect()
        rows = await session.fetch("SELECT id, outcome, cost_micros FROM bi.conversations ORDER BY at")
        assert [(row["outcome"], row["cost_micros"]) for row in rows] == [
            ("resolved", 500),
            ("resolved", 700),
            ("resolved", 900),
            ("open", 100),
        ]
        assert await session.fetchval("SELECT bi.organization()") == one.company.id
        people = {row["id"] for row in await session.fetch("SELECT id FROM bi.people")}
        assert one.company.agent.id in people and other.company.agent.id not in people
        assert [row["channel"] for row in await session.fetch("SELECT channel FROM bi.inboxes")] == ["chat"]
        await session.close()


@pytest.mark.parametrize("view", [*VIEWS, *NAMES])
async def test_every_view_is_there_with_every_column_explained(session: asyncpg.Connection, view: str) -> None:
    await session.fetch(f"SELECT * FROM bi.{view}")
    wanted = (
        "SELECT attname, col_description(attrelid, attnum) AS said, obj_description(attrelid) AS whole "
        "FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0"
    )
    rows = await session.fetch(wanted, f"bi.{view}")
    assert rows and all(row["said"] and row["whole"] for row in rows)
    assert "organization_id" not in {row["attname"] for row in rows}


ATTEMPTS = [
    "SELECT set_config('parley.organization_id', '{other}', false)",
    "SET parley.organization_id = '{other}'",
    "SET ROLE parley_bi_reader",
    "SET row_security = off",
    "SET search_path = public, bi",
    "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE",
]


@pytest.mark.parametrize("attempt", ATTEMPTS)
async def test_nothing_that_a_session_sets_changes_what_it_sees(
    session: asyncpg.Connection, analyst: Analyst, stranger: Analyst, attempt: str
) -> None:
    before = await session.fetch("SELECT * FROM bi.conversations ORDER BY id")
    await refusal(session, attempt.format(other=stranger.company.id))
    try:
        after = await session.fetch("SELECT * FROM bi.conversations ORDER BY id")
    except asyncpg.InsufficientPrivilegeError as error:
        assert "row-level security" in str(error) and "row_security" in attempt
        return
    assert len(before) == 4 and after == before


@pytest.mark.parametrize("role", ["parley_bi", "parley_app", "parley_analytics", "parley_relay", "parley", "postgres"])
async def test_it_becomes_nobody_else(session: asyncpg.Connection, stranger: Analyst, role: str) -> None:
    for name in (role, stranger.login):
        assert "permission denied" in await refusal(session, f"SET ROLE {name}")
        assert "permission denied" in await refusal(session, f"SET SESSION AUTHORIZATION {name}")


async def test_no_error_tells_what_others_have(
    session: asyncpg.Connection, stranger: Analyst, database_url: str
) -> None:
    """A cast that fails names the value: it must not be tried on rows that are not to be seen."""
    for statement in (
        "SELECT count(*) FROM bi.conversations WHERE CAST(id::text AS integer) > 0",
        "SELECT count(*) FROM bi.people WHERE CAST(id::text || name AS integer) > 0",
        f"SELECT 1 / (CASE WHEN id = '{stranger.company.agent.id}' THEN 0 ELSE 1 END) FROM bi.people",
    ):
        said = await refusal(session, statement)
        own = await session.fetch("SELECT id::text FROM bi.conversations UNION ALL SELECT id::text FROM bi.people")
        assert said == "" or any(row["id"] in said for row in own), said
    plan = "\n".join(row[0] for row in await session.fetch("EXPLAIN SELECT * FROM bi.people WHERE name::integer > 0"))
    assert "organization" in plan


DENIED = [
    "INSERT INTO bi.conversations (id) VALUES (gen_random_uuid())",
    "UPDATE bi.conversations SET outcome = 'x'",
    "DELETE FROM bi.ratings",
    "CREATE TABLE bi.mine (x int)",
    "CREATE TABLE public.mine (x int)",
    "CREATE TABLE facts.mine (x int)",
    "CREATE TEMP TABLE mine (x int)",
    "SELECT 1 AS x INTO TEMP mine",
    "CREATE SCHEMA mine",
    "CREATE FUNCTION bi.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE FUNCTION pg_temp.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE EXTENSION dblink",
    "CREATE ROLE mine",
    "CREATE DATABASE mine",
    "ALTER ROLE {login} SUPERUSER",
    "ALTER ROLE {login} CONNECTION LIMIT 100",
    "GRANT parley_app TO {login}",
    "ALTER VIEW bi.conversations SET (security_barrier = false)",
    "COMMENT ON VIEW bi.conversations IS 'x'",
    "COPY bi.conversations TO '/tmp/stolen'",
    "COPY bi.conversations TO PROGRAM 'cat'",
    "COPY (SELECT 1) TO PROGRAM 'id'",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT pg_ls_dir('.')",
    "SELECT lo_import('/etc/passwd')",
    "SELECT public.sql_login_open('bi_' || repeat('0', 32), 'SCRAM-SHA-256$4096:', 1, 1)",
    "SELECT public.sql_login_close('{login}')",
    "SELECT * FROM public.sql_login_watch(ARRAY['x'], 1)",
    "SELECT * FROM public.sql_login",
    "SELECT * FROM public.conversation_fact",
    "SELECT * FROM facts.conversation_rest",
    "SELECT * FROM public.search_back('x', 'message', now(), now(), 1, 1)",
    "SELECT rolpassword FROM pg_authid",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'parley'",
    "SELECT pg_reload_conf()",
    "SET session_replication_role = replica",
    "SET temp_file_limit = -1",
    "LOAD 'auto_explain'",
    "BEGIN; LOCK TABLE bi.conversations IN ACCESS EXCLUSIVE MODE",
    "SELECT * FROM bi.conversations FOR UPDATE",
    "CREATE PUBLICATION mine FOR ALL TABLES",
]


@OWN_SERVER
@pytest.mark.parametrize("statement", [*DENIED, "SELECT lo_create(0)", "SELECT lo_from_bytea(0, 'x')"])
async def test_it_writes_nothing_and_reaches_nothing_else(analyst: Analyst, statement: str) -> None:
    session = await analyst.connect()
    await session.execute("SET default_transaction_read_only = off")
    said = await refusal(session, statement.format(login=analyst.login))
    await session.close()
    allowed = (
        "permission denied",
        "must be",
        "Only roles",
        "only superuser",
        "cannot",
        "not allowed",
        "denied",
        "not available",
    )
    assert any(word in said for word in allowed), said


async def test_it_has_rights_on_the_views_and_on_nothing_else(root: AsyncEngine, analyst: Analyst) -> None:
    wanted = text(
        """
        SELECT n.nspname || '.' || c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_' AND (
          has_table_privilege(:login, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
          OR has_any_column_privilege(:login, c.oid, 'SELECT, INSERT, UPDATE'))
        AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
        """
    )
    functions = text(
        """
        SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE p.prosecdef AND has_function_privilege(:login, p.oid, 'EXECUTE')
        """
    )
    async with root.connect() as connection:
        views = set((await connection.execute(wanted, {"login": analyst.login})).scalars())
        assert views == {f"bi.{name}" for name in (*VIEWS, *NAMES)}
        assert list((await connection.execute(functions, {"login": analyst.login})).scalars()) == ["organization"]


@pytest.mark.usefixtures("watched")
@pytest.mark.parametrize(
    "statement",
    [
        "SELECT pg_sleep(60)",
        "SELECT count(*) FROM generate_series(1, 1000000000000)",
        "DO $$ BEGIN LOOP PERFORM pg_sleep(0.1); END LOOP; END $$",
    ],
)
@pytest.mark.parametrize("own", ["", "SET statement_timeout = 0", "ALTER ROLE {login} SET statement_timeout = 0"])
async def test_no_statement_takes_longer_than_it_may(analyst: Analyst, statement: str, own: str) -> None:
    session = await analyst.connect()
    await session.execute("SET default_transaction_read_only = off")
    if own:
        await session.execute(own.format(login=analyst.login))
    if own.startswith("ALTER"):
        await session.close()
        session = await analyst.connect()
        assert await session.fetchval("SHOW statement_timeout") == "0"
    began = asyncio.get_running_loop().time()
    with pytest.raises((asyncpg.QueryCanceledError, asyncpg.AdminShutdownError, asyncpg.ConnectionDoesNotExistError)):
        await session.execute(statement)
    assert asyncio.get_running_loop().time() - began < SECONDS + 2.5
    if not session.is_closed():
        await session.close()


@pytest.mark.usefixtures("watched")
async def test_no_transaction_stays_open(analyst: Analyst) -> None:
    session = await analyst.connect()
    await session.execute("SET idle_in_transaction_session_timeout = 0")
    await session.execute("BEGIN; SELECT * FROM bi.conversations")
    async with asyncio.timeout(SECONDS + 3):
        while not session.is_closed():
            await asyncio.sleep(0.05)


async def test_a_suspended_organization_shows_nothing(
    parts: bootstrap.Parts, database_url: str, root: AsyncEngine
) -> None:
    one = await hired(parts, database_url)
    session = await one.connect()
    counted = []
    for suspended in ("NULL", "now()"):
        async with root.begin() as connection:
            change = f"UPDATE organization SET suspended_at = {suspended} WHERE id = :id"
            await connection.execute(text(change), {"id": one.company.id})
        counted.append(await session.fetchval("SELECT count(*) FROM bi.conversations"))
    await session.close()
    assert counted == [4, 0]


async def test_it_holds_so_many_connections(parts: bootstrap.Parts, analyst: Analyst) -> None:
    held = [await analyst.connect() for _ in range(parts.doors.sql_logins.door.connections)]
    with pytest.raises(asyncpg.TooManyConnectionsError):
        await analyst.connect()
    for each in held:
        await each.close()


async def gone(parts: bootstrap.Parts, analyst: Analyst) -> str:
    """Why a login was shut, once it was."""
    async with asyncio.timeout(5):
        while True:
            reads = parts.seen_by(analyst.company.admin)
            [view] = await reads.all_sql_logins()
            await reads.end()
            if view.revoked_at:
                return view.why_revoked or ""
            await asyncio.sleep(0.05)


Offend = Callable[[asyncpg.Connection], Awaitable[Any]]
OFFENCES: dict[str, tuple[Offend, str]] = {
    "the relay's lock": (lambda one: one.execute(f"SELECT pg_advisory_lock({0x72656C79})"), "advisory lock"),
    "a large object": (lambda one: one.execute("SELECT lo_create(0)"), "large object"),
}


@OWN_SERVER
@pytest.mark.usefixtures("watched")
@pytest.mark.parametrize("what", OFFENCES)
async def test_a_login_that_does_what_it_must_not_is_shut(
    parts: bootstrap.Parts, database_url: str, root: AsyncEngine, what: str
) -> None:
    """Where the server lets it: what no grant can take away without a superuser, the worker sees."""
    offender = await hired(parts, database_url)
    async with root.begin() as connection:
        await connection.execute(text(f"GRANT EXECUTE ON FUNCTION lo_create(oid) TO {offender.login}"))
    session = await offender.connect()
    await session.execute("SET default_transaction_read_only = off")
    offend, why = OFFENCES[what]
    await offend(session)
    assert why in await gone(parts, offender)
    with pytest.raises((asyncpg.InvalidAuthorizationSpecificationError, asyncpg.InvalidPasswordError)):
        await offender.connect()
    async with root.connect() as connection:
        held = "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE usename = :login"
        assert await connection.scalar(text(held), {"login": offender.login}) == 0


async def test_revoked_it_is_gone_with_what_it_was_doing(parts: bootstrap.Parts, database_url: str) -> None:
    one = await hired(parts, database_url)
    session = await one.connect()
    running = asyncio.create_task(session.execute("SELECT pg_sleep(60)"))
    await asyncio.sleep(0.1)
    await parts.doors.sql_logins.revoke(one.company.admin, UUID(one.login.removeprefix("bi_")))
    with pytest.raises((asyncpg.AdminShutdownError, asyncpg.ConnectionDoesNotExistError)):
        await running
    with pytest.raises((asyncpg.InvalidAuthorizationSpecificationError, asyncpg.InvalidPasswordError)):
        await one.connect()


async def test_revoking_is_for_ones_own_and_making_has_an_end(
    parts: bootstrap.Parts, analyst: Analyst, stranger: Analyst, database_url: str
) -> None:
    with pytest.raises(NotFoundError):
        await parts.doors.sql_logins.revoke(stranger.company.admin, UUID(analyst.login.removeprefix("bi_")))
    company = await found_company(database_url)
    for number in range(parts.settings.sql_logins):
        await parts.doors.sql_logins.create(company.admin, f"Tool {number}")
    with pytest.raises(InvalidStateError, match="already"):
        await parts.doors.sql_logins.create(company.admin, "One more")


async def test_the_password_is_nowhere(parts: bootstrap.Parts, analyst: Analyst, root: AsyncEngine) -> None:
    async with root.connect() as connection:
        verifier = await connection.scalar(
            text("SELECT rolpassword FROM pg_authid WHERE rolname = :login"), {"login": analyst.login}
        )
        for table in ("event", "sql_login", "idempotency_key"):
            rows = (await connection.execute(text(f'SELECT "{table}"::text FROM "{table}"'))).scalars()
            assert not any(analyst.password in row for row in rows)
    assert analyst.password not in str(verifier) and str(verifier).startswith("SCRAM-SHA-256$4096:")


def test_a_verifier_is_what_postgres_makes() -> None:
    """The example of RFC 7677, section 3: the user `user` with the password `pencil`."""
    salt = b"\x5b\x6d\x99\x68\x9d\x12\x35\x8e\xec\xa0\x4b\x14\x12\x36\xfa\x81"
    assert verifier_of("pencil", salt) == (
        "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY="
        ":wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU="
    )
