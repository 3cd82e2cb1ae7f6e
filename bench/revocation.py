"""How long what was revoked stays open: from the commit to the close frame, with many sockets beside it.

Run it with `python -m bench.revocation`.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Annotated, cast
from uuid import UUID, uuid4

import orjson
import typer
from sqlalchemy import insert
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from bench.report import Report, percentiles
from bench.system import Person, System, running
from domain.account.permission import BUILTIN, BuiltinRole
from domain.base import Actor, system_of
from infra import bootstrap
from infra.accounts.rows import sessions
from infra.identity.keys import first_keys
from infra.identity.tokens import AccessTokens
from infra.telemetry import configure_logs

AIM_MS = 1_000.0
PATIENCE = 10.0
INBOX = "subscription { inboxChanged { __typename } }"
COLUMNS = ("revoked", "sockets open", "closed", "p50 ms", "p99 ms", "slowest ms", "close codes")


class TimedConnection(ClientConnection):
    """Notes when the close frame came; what follows, the closing of the connection, is no part of the time."""

    closed_at = 0.0

    def data_received(self, data: bytes) -> None:
        """Bytes from the server."""
        super().data_received(data)
        if self.protocol.close_rcvd is not None and not self.closed_at:
            self.closed_at = time.perf_counter()


@dataclass
class Watch:
    """A session with one socket on which a subscription is open."""

    session_id: UUID
    actor: Actor
    socket: TimedConnection
    ended: asyncio.Task[None]

    @property
    def is_open(self) -> bool:
        """Whether nothing has closed it yet."""
        return not self.socket.closed_at

    def after(self, committed: float) -> tuple[float, int]:
        """Milliseconds from a moment to the close frame, and its code."""
        return (self.socket.closed_at - committed) * 1_000, self.socket.close_code or 0


async def _ended(socket: ClientConnection) -> None:
    with suppress(ConnectionClosed):
        while True:
            await socket.recv()


@asynccontextmanager
async def watching(system: System, parts: bootstrap.Parts, agent: Person) -> AsyncIterator[Watch]:
    """A new session of an agent, which watches the inbox."""
    session_id, at = uuid4(), bootstrap.now()
    row = {"id": session_id, "organization_id": agent.actor.tenant, "agent_id": agent.actor.identity}
    times = {"created_at": at, "last_seen_at": at, "expires_at": at + timedelta(hours=1)}
    async with parts.database.tenant(agent.actor.tenant) as connection:
        await connection.execute(insert(sessions), row | times | {"strategy": "shell", "device": "bench"})
        await connection.commit()
    token = AccessTokens(first_keys(system.settings.secret), bootstrap.now).issue(session_id, agent.actor.tenant)
    protocols = [Subprotocol("graphql-transport-ws")]
    async with connect(system.socket_url, subprotocols=protocols, create_connection=TimedConnection) as opened:
        socket = cast(TimedConnection, opened)
        payload = {"authorization": f"Bearer {token}"}
        await socket.send(orjson.dumps({"type": "connection_init", "payload": payload}).decode())
        await socket.recv()
        await socket.send(orjson.dumps({"id": "1", "type": "subscribe", "payload": {"query": INBOX}}).decode())
        task = asyncio.create_task(_ended(socket))
        try:
            yield Watch(session_id, agent.actor, socket, task)
        finally:
            task.cancel()


async def one_by_one(
    parts: bootstrap.Parts, watches: list[Watch], fresh: Callable[[], asyncio.Future[Watch]], count: int
) -> list[tuple[float, int]]:
    """Milliseconds from commit to close, and the close code, for single sessions; each is replaced by a new one."""
    chance, found = Random(5), []
    for _ in range(count):
        place = chance.randrange(len(watches))
        watch = watches[place]
        await parts.access.sessions.end(watch.actor, watch.session_id)
        committed = time.perf_counter()
        await asyncio.wait_for(watch.ended, PATIENCE)
        found.append(watch.after(committed))
        watches[place] = await fresh()
        if lost := sum(not each.is_open for each in watches):
            raise RuntimeError(f"{lost} sockets closed that nobody revoked.")
    return found


async def all_at_once(parts: bootstrap.Parts, watches: list[Watch]) -> list[tuple[float, int]]:
    """The same for every socket there is, when their organization is suspended."""
    organization_id = watches[0].actor.tenant
    await parts.accounts.organizations.suspend(system_of(organization_id), reason="bench")
    committed = time.perf_counter()
    await asyncio.wait_for(asyncio.gather(*(watch.ended for watch in watches)), PATIENCE)
    return [watch.after(committed) for watch in watches]


def _row(what: str, sockets: int, found: list[tuple[float, int]]) -> tuple[object, ...]:
    times = [took for took, _ in found]
    codes = ", ".join(sorted({str(code) for _, code in found}))
    return (what, sockets, len(found), *percentiles(times, 50, 99, 100, digits=1), codes)


async def measured(sockets: int, count: int) -> Report:
    """Both ways to lose what one has open."""
    report = Report("From a committed revocation to the close frame")
    report.fact("load before", os.getloadavg()[0])
    async with running({}) as system, bootstrap.serving(system.settings) as parts, AsyncExitStack() as stack:
        agents = await system.staff()
        for agent in agents:
            agent.actor = Actor(agent.actor.kind, agent.actor.id, agent.actor.tenant, BUILTIN[BuiltinRole.AGENT])
        numbers = Random(6)

        def fresh() -> asyncio.Future[Watch]:
            return asyncio.ensure_future(stack.enter_async_context(watching(system, parts, numbers.choice(agents))))

        watches = [await fresh() for _ in range(sockets)]
        await asyncio.sleep(2)
        rows = [_row("one session", sockets, await one_by_one(parts, watches, fresh, count))]
        rows.append(_row("the organization", sockets, await all_at_once(parts, watches)))
    report.table(f"Aim: p99 below {AIM_MS:g} ms", COLUMNS, rows)
    report.fact("load after", os.getloadavg()[0])
    return report


def main(
    sockets: Annotated[int, typer.Option(help="Sockets that are open, each by a session of its own.")] = 500,
    count: Annotated[int, typer.Option(help="How many sessions are ended one after another.")] = 200,
    json: Annotated[Path | None, typer.Option(help="File for the figures.")] = None,
) -> None:
    """Measure how live revocations are."""
    configure_logs("error", "json")
    asyncio.run(measured(sockets, count)).show(json)


if __name__ == "__main__":
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command()(main)
    app()
