"""What it costs to know who asks, to keep tenants apart, and to charge for it: each beside the same request without.

Run it with `python -m bench.auth`.
"""

from __future__ import annotations

import asyncio
import gc
import os
import time
from collections.abc import AsyncIterator, Callable, Mapping, MutableMapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median
from typing import Annotated, Any
from uuid import UUID

import orjson
import typer
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.applications import Starlette
from starlette.requests import HTTPConnection

from bench.report import Report
from bench.system import Person, System, running
from domain.account.permission import CUSTOMER
from domain.budget import Allowance
from infra import bootstrap
from infra.database import Database
from infra.telemetry import configure_logs
from resolvers.app import charges, cookies, engine
from resolvers.context import Caller, RequestContext, RequestContexts
from resolvers.observing import ObservedContexts, Observing
from resolvers.transport import TransportLimits, graphql_routes

AIM = 1.15
"""All of it together may make the inbox page so many times as dear."""
CONVERSATIONS = 60
INBOX = """query Inbox { conversations(first: 20) { nodes {
  id state subject lastActivityAt waitingSince unreadCount customer { name } assignee { name } lastMessage { text }
} pageInfo { endCursor hasNextPage } } }"""
LAYERS = ("sign-in", "row security", "cost")
COLUMNS = ("inbox page", "CPU ms", "Postgres CPU ms", "took ms", "ratio CPU", "ratio took", "ratio both CPU")


class KnownContexts(RequestContexts):
    """Takes everybody for one caller, unasked."""

    def __init__(self, services: Callable[[], Any], settings: bootstrap.Settings, caller: Caller) -> None:
        super().__init__(services, cookies(settings))
        self._caller = caller

    async def connect(self, connection: HTTPConnection, params: Mapping[str, object]) -> Caller:
        """Always the same."""
        return self._caller

    @asynccontextmanager
    async def operation(self, caller: Caller) -> AsyncIterator[RequestContext]:
        """A context whose actor nobody looked at again."""
        context = RequestContext(self._services(), caller.actor, caller)
        try:
            yield context
        finally:
            await asyncio.shield(context.reads.close())


class OpenDatabase(Database):
    """Transactions that keep the login's rights, which here are a superuser's: no role, no tenant, no policies."""

    @asynccontextmanager
    async def tenant(self, organization_id: UUID, *, snapshot: bool = False) -> AsyncIterator[AsyncConnection]:
        """A transaction that sees everything."""
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True} if snapshot else {}
        async with self._connection(options) as connection:
            yield connection


@dataclass
class Variant:
    """An application without some of the layers; by round, the seconds of a request: our CPU, Postgres's, and all."""

    without: tuple[str, ...]
    app: Any
    token: str
    ours: list[float] = field(default_factory=list)
    postgres: list[float] = field(default_factory=list)
    took: list[float] = field(default_factory=list)

    @property
    def name(self) -> str:
        """As the table says it."""
        return f"without {' and '.join(self.without)}" if self.without else "complete"

    async def ask(self) -> bytes:
        """One inbox page, by the shortest way into the application."""
        given = [(b"authorization", f"Bearer {self.token}".encode()), (b"content-type", b"application/json")]
        answer = await _posted(self.app, orjson.dumps({"query": INBOX}), given)
        if not answer.startswith(b'{"data":'):
            raise RuntimeError(f"The application {self.name} said: {answer[:200]!r}")
        return answer


async def _posted(app: Any, body: bytes, headers: list[tuple[bytes, bytes]]) -> bytes:
    scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http"}
    place = {"path": "/graphql", "raw_path": b"/graphql", "root_path": "", "query_string": b"", "headers": headers}
    ends = {"client": ("127.0.0.1", 40_000), "server": ("127.0.0.1", 8_000), "extensions": {}}
    answer: list[bytes] = []
    sent = False

    async def receive() -> MutableMapping[str, Any]:
        nonlocal sent
        if sent:
            await asyncio.Event().wait()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: MutableMapping[str, Any]) -> None:
        answer.append(message.get("body", b""))

    await app(scope | place | ends, receive, send)
    return b"".join(answer)


def variant(parts: bootstrap.Parts, who: Person, caller: Caller, opened: Database, *without: str) -> Variant:
    """An application of the product's own parts, but for the layers that it goes without."""
    settings = parts.settings
    services = replace(parts, ground=replace(parts.ground, database=opened)) if "row security" in without else parts
    contexts = RequestContexts(lambda: services, cookies(settings))
    if "sign-in" in without:
        contexts = KnownContexts(lambda: services, settings, caller)
    routes = graphql_routes(
        engine(settings, {}),
        ObservedContexts(contexts, bootstrap.following),
        TransportLimits(),
        charges=None if "cost" in without else charges(settings, lambda: parts),
    )
    return Variant(without, Observing(Starlette(routes=routes), bootstrap.following), who.token)


def seconds_of_children(parent: int) -> float:
    """CPU that the living children of a process have used, to a hundredth of a second."""
    ticks = 0
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            _, ppid, *rest = (process / "stat").read_text().rpartition(")")[2].split()
            if int(ppid) == parent:
                ticks += int(rest[9]) + int(rest[10])
    return ticks / os.sysconf("SC_CLK_TCK")


async def rounds(variants: Sequence[Variant], postmaster: int, count: int, requests: int) -> None:
    """Each variant once a round, each time in another order: what the machine does else meets them alike."""
    for number in range(-2, count):
        for place in range(len(variants)):
            one = variants[(number + place) % len(variants)]
            await _round(one, postmaster, requests, keep=number >= 0)


async def _round(one: Variant, postmaster: int, requests: int, *, keep: bool) -> None:
    gc.collect()
    theirs, cpu, wall = seconds_of_children(postmaster), time.process_time(), time.perf_counter()
    for _ in range(requests):
        await one.ask()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    if keep:
        one.ours.append(cpu / requests)
        one.took.append(wall / requests)
        one.postgres.append((seconds_of_children(postmaster) - theirs) / requests)


def compared(variants: Sequence[Variant]) -> list[tuple[object, ...]]:
    """A row a variant: medians in milliseconds, and how many times as dear the complete application is."""
    complete = variants[0]
    rows: list[tuple[object, ...]] = []
    for one in variants:
        ratios = [
            f"{median(a / b for a, b in zip(whole, part, strict=True)):.3f}"
            for whole, part in ((complete.ours, one.ours), (complete.took, one.took))
        ]
        both = (sum(complete.ours) + sum(complete.postgres)) / (sum(one.ours) + sum(one.postgres))
        times = (median(one.ours), sum(one.postgres) / len(one.postgres), median(one.took))
        rows.append((one.name, *(f"{value * 1_000:.2f}" for value in times), *ratios, f"{both:.3f}"))
    return rows


async def measured(count: int, requests: int) -> Report:
    """The inbox page of an agent, with all layers, without each, and without any."""
    report = Report("What sign-in, row security and cost add to the inbox page")
    report.fact("load before", os.getloadavg()[0])
    async with running({}) as system, bootstrap.serving(unlimited(system.settings)) as parts:
        agent = await furnished(system, parts)
        url = make_url(system.settings.sqlalchemy_url).set(username="postgres")
        opened = Database(url.render_as_string(hide_password=False), pool_size=system.settings.database_pool_size)
        caller = await parts.identities.identify(agent.token, None)
        goes_without = ((), *((layer,) for layer in LAYERS), LAYERS)
        variants = [variant(parts, agent, caller, opened, *without) for without in goes_without]
        pages = {orjson.loads(await one.ask())["data"]["conversations"]["pageInfo"]["endCursor"] for one in variants}
        if len(pages) != 1:
            raise RuntimeError("The variants do not show the same page.")
        gc.freeze()
        await rounds(variants, system.pid("postgres") or 0, count, requests)
        await opened.close()
    report.table(f"Medians of {count} rounds of {requests} requests", COLUMNS, compared(variants))
    report.fact("load after", os.getloadavg()[0])
    return report


def unlimited(settings: bootstrap.Settings) -> bootstrap.Settings:
    """Settings by which an agent is charged like anybody, and never refused: a refusal would be cheap."""
    return settings.model_copy(update={"budget_staff": Allowance(10**9, 10**9)})


async def furnished(system: System, parts: bootstrap.Parts) -> Person:
    """Conversations, each answered and then handed to a person; and the agent who looks at them."""
    agent = (await system.staff())[0]
    for number, customer in enumerate(await system.customers(CONVERSATIONS)):
        actor = replace(customer.actor, grants=CUSTOMER)
        receipt = await parts.conversations.start(actor, f"Where is parcel {number}?")
        await parts.conversations.request_handoff(actor, receipt.id)
    await asyncio.sleep(2)  # for the worker to see that nothing is left to answer
    return agent


def main(
    rounds: Annotated[int, typer.Option(help="How often each variant is measured.")] = 40,
    requests: Annotated[int, typer.Option(help="Requests of one variant in a row.")] = 25,
    json: Annotated[Path | None, typer.Option(help="File for the figures.")] = None,
) -> None:
    """Measure the inbox page."""
    configure_logs("error", "json")
    asyncio.run(measured(rounds, requests)).show(json)


if __name__ == "__main__":
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command()(main)
    app()
