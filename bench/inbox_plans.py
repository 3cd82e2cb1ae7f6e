"""Which statements an operation makes, and how Postgres goes about them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, event

from domain.base import Actor
from infra.database import Database
from tests.stack import running

QUIET = ("parley_accounts", "signing_key", "session.ended_at")
"""What a credential is worth, which is asked once and remembered."""


class Asked(Protocol):
    """A document with its variables."""

    @property
    def document(self) -> str:
        """The document."""
        ...

    @property
    def variables(self) -> Any:
        """Makes its variables."""
        ...


@dataclass(frozen=True)
class Seen:
    """How many statements there were, and their plans as text."""

    statements: int
    plans: str


@contextmanager
def _noted() -> Iterator[list[tuple[str, Any]]]:
    """The statements for tenants that run inside the block, with what they are asked with."""
    found: list[tuple[str, Any]] = []

    def note(connection: Connection, _: Any, statement: str, parameters: Any, *__: Any) -> None:
        if "set_config('role'" in statement:
            connection.info["role"] = statement
        if "parley_relay" not in connection.info.get("role", "") and not any(word in statement for word in QUIET):
            found.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def seen_by(url: str, redis: str, actor: Actor, asked: Mapping[str, Asked]) -> dict[str, Seen]:
    """The statements of each operation in this process, after a first time that fills what is remembered."""
    found: dict[str, Seen] = {}
    database = Database(url, pool_size=1)
    async with running(url, redis, None, with_worker=False) as stack:
        client = stack.client(actor)
        for name, one in asked.items():
            await client.ask(one.document, **one.variables())
            with _noted() as statements:
                await client.ask(one.document, **one.variables())
            found[name] = Seen(len(statements), await _plans(database, actor, statements))
    await database.close()
    return found


async def _plans(database: Database, actor: Actor, statements: list[tuple[str, Any]]) -> str:
    lines: list[str] = []
    async with database.tenant(actor.tenant) as connection:
        for statement, parameters in statements:
            if statement.lstrip().upper().startswith(("SELECT", "WITH")) and "set_config" not in statement:
                plan = await connection.exec_driver_sql(
                    f"EXPLAIN (ANALYZE, COSTS OFF, SUMMARY OFF) {statement}", parameters
                )
                lines += [f"    {row[0]}" for row in plan] + [""]
    return "\n".join(lines)
