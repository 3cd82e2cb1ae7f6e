"""How the desk's lists, search and queue do on 100,000 to 5 million messages, and how that grows.

Run it with `python -m bench.inbox`. Each size is a database of its own, filled with real texts; a server process
answers over HTTP, one request after the other. Statements are counted, and plans shown, by the same documents in this
process.
"""

from __future__ import annotations

import asyncio
import copyreg
import os
import pickle
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

import asyncpg
import httpx2
import typer
from sqlalchemy.engine import make_url

from bench.inbox_data import COMPOSED, WAITING, Ids, fill
from bench.inbox_desk import Furnished, Shift, furnish, sign_in
from bench.inbox_plans import Seen, seen_by
from bench.report import Report, percentiles
from bench.store import server
from bench.system import free_port
from infra import bootstrap
from infra.local.embedded import Valkey
from infra.local.supervisor import running
from infra.settings import Settings
from infra.storage import migrate
from tests.stack import settings_for, token_of

SIZES = (100_000, 1_000_000, 5_000_000)
MESSAGES_A_CONVERSATION = 20
AGENTS = 500
LEAST_WAITING = 1_000
"""At the smallest size, too, the queue is longer than what everybody is asked to take at the beginning."""
WARM = 20
"""Requests before the clock runs: pools, prepared statements, caches."""
COLUMNS = ("operation", "messages", "n", "p50", "p95", "p99", "statements", "p50 to the smallest")


def _rights(rights: Any) -> Any:
    return dict, (dict(rights),)


copyreg.pickle(MappingProxyType, _rights)  # an actor's, which are kept with everything else

LIST = """query Inbox($filter: ConversationFilterInput, $after: String) {
  conversations(first: 25, filter: $filter, after: $after) {
    nodes {
      id state subject unreadCount lastActivityAt waitingSince triage { priority isSnoozed tags { name } }
      customer { name } assignee { name } lastMessage { text kind createdAt }
    }
    pageInfo { hasNextPage endCursor }
  }
}"""
READ = """query Conversation($id: ID!) {
  conversation(id: $id) {
    id state subject handoffSummary customer { name email } assignee { name } triage { priority tags { name } }
    messages(last: 50) { nodes { id number kind text createdAt author { __typename ... on Agent { name } } } }
  }
}"""
FIND = """query Find($query: String!) {
  search(query: $query, first: 20) {
    nodes { __typename }
    pageInfo { hasNextPage }
  }
}"""


@dataclass(frozen=True)
class Operation:
    """A document, and what it is asked with: another thing each time."""

    name: str
    document: str
    variables: Callable[[], dict[str, Any]]


@dataclass
class Size:
    """One filled database and what was measured on it."""

    messages: int
    url: str
    ids: Ids
    furnished: Furnished
    times: dict[str, list[float]] = field(default_factory=dict)
    seen: dict[str, Seen] = field(default_factory=dict)


def operations(desk: Furnished, chance: random.Random) -> Sequence[Operation]:
    """What agents do all day."""

    def any_of(name: str, choices: Sequence[str]) -> Callable[[], dict[str, Any]]:
        return lambda: {name: chance.choice(choices)}

    def by(name: str, choices: Sequence[str]) -> Callable[[], dict[str, Any]]:
        return lambda: {"filter": {name: [chance.choice(choices)]}}

    return (
        Operation("inbox, first page", LIST, dict),
        Operation("inbox, waiting", LIST, lambda: {"filter": {"states": ["WAITING"]}}),
        Operation("inbox, one tag", LIST, by("anyTagIds", desk.tag_ids)),
        Operation("inbox, one agent's", LIST, lambda: {"filter": {"assigneeId": chance.choice(desk.agent_ids)}}),
        Operation("inbox, deep page", LIST, any_of("after", desk.deep_cursors)),
        Operation("conversation page", READ, any_of("id", desk.conversation_ids)),
        Operation("search, rare word", FIND, any_of("query", desk.rare)),
        Operation("search, common word", FIND, any_of("query", desk.common)),
        Operation("search, two words", FIND, any_of("query", desk.pairs)),
    )


async def measure(size: Size, requests: int) -> None:
    """Ask one request after the other, all operations in turn, so that the machine's moods even out."""
    chance = random.Random(1)
    asked = operations(size.furnished, chance)
    async with AsyncExitStack() as stack:
        redis = stack.enter_context(_valkey())
        address = await stack.enter_async_context(_serving(size.url, redis))
        http = await stack.enter_async_context(httpx2.AsyncClient(base_url=address, timeout=120))
        headers = {"authorization": f"Bearer {token_of(size.furnished.agent)}"}
        for number in range(-WARM, requests):
            for operation in asked:
                body = {"query": operation.document, "variables": operation.variables()}
                began = time.perf_counter()
                answer = await http.post("/graphql", json=body, headers=headers)
                took = (time.perf_counter() - began) * 1_000
                if "errors" in (said := answer.json()):
                    raise RuntimeError(f"{operation.name}: {said['errors']}")
                if number >= 0:
                    size.times.setdefault(operation.name, []).append(took)
        await _offers(size, redis, requests)
        size.seen = await seen_by(size.url, redis, size.furnished.agent, {one.name: one for one in asked})


async def _offers(size: Size, redis: str, requests: int) -> None:
    """Find the next conversation for somebody who becomes free, while everybody else is busy."""
    async with bootstrap.parts(settings_for(size.url, redis)) as parts:
        shift = Shift(parts, size.ids)
        await shift.begin()
        for _ in range(min(requests, AGENTS)):
            await shift.free_one()
            began = time.perf_counter()
            if await shift.drain() != 1:
                raise RuntimeError("Somebody who became free was not asked to take anything.")
            size.times.setdefault("queue offer", []).append((time.perf_counter() - began) * 1_000)


def _rows(sizes: Sequence[Size]) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for name in sizes[0].times:
        smallest = percentiles(sizes[0].times[name], 50)[0] or 0.0
        for size in sizes:
            p50, p95, p99 = (value or 0.0 for value in percentiles(size.times[name], 50, 95, 99))
            count = size.seen[name].statements if name in size.seen else None
            shown = (f"{p50:.1f}", f"{p95:.1f}", f"{p99:.1f}", count, f"{p50 / smallest:.2f}")
            rows.append((name, f"{size.messages:,}", len(size.times[name]), *shown))
    return rows


@asynccontextmanager
async def _filled(address: str, messages: int, keep: Path | None) -> AsyncIterator[Size]:
    name = f"inbox_{messages}"
    url = _address(address, name)
    try:
        ids, furnished = await (_copied(address, name, messages, keep) if keep else _made(address, name, messages))
        await sign_in(url, furnished.agent)
        yield Size(messages, url, ids, furnished)
    finally:
        await _execute(address, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


async def _copied(address: str, name: str, messages: int, keep: Path) -> tuple[Ids, Furnished]:
    """What is kept, and made the first time, as a copy of its own, since measuring changes it."""
    kept, note = f"{name}_kept", keep / f"{name}.pickle"
    if not note.exists():
        note.write_bytes(pickle.dumps(await _made(address, kept, messages)))
    await _execute(address, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    await _execute(address, f'CREATE DATABASE "{name}" TEMPLATE "{kept}" STRATEGY file_copy')
    await asyncio.to_thread(migrate.upgrade, _address(address, name))
    made: tuple[Ids, Furnished] = pickle.loads(note.read_bytes())
    return made


async def _made(address: str, name: str, messages: int) -> tuple[Ids, Furnished]:
    await _execute(address, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    await _execute(address, f'CREATE DATABASE "{name}"')
    url = _address(address, name)
    await asyncio.to_thread(migrate.upgrade, url)
    began = time.perf_counter()
    conversations = messages // MESSAGES_A_CONVERSATION
    waiting = max(WAITING, LEAST_WAITING * MESSAGES_A_CONVERSATION / min(messages, COMPOSED))
    ids = await fill(url, messages=messages, conversations=conversations, agents=AGENTS, waiting=waiting)
    print(f"{messages:,} messages in {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
    return ids, await furnish(url, ids)


def _address(address: str, database: str) -> str:
    return make_url(address).set(database=database).render_as_string(hide_password=False)


@contextmanager
def _valkey() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="parley-bench-") as folder:
        valkey = Valkey(Path(folder))
        valkey.prepare()
        with running(valkey.part(), Path(folder, "valkey.log")):
            yield valkey.url


@asynccontextmanager
async def _serving(url: str, redis: str) -> AsyncIterator[str]:
    """A server process of its own, without a worker."""
    port = free_port()
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PARLEY_")}
    settings = settings_for(url, redis)
    own = {
        "PARLEY_DATABASE_URL": settings.database_url or "",
        "PARLEY_REDIS_URL": redis,
        "PARLEY_SECRET_KEY": settings.secret,
        "PARLEY_PORT": str(port),
        "PARLEY_LOG_LEVEL": "warning",
        "PARLEY_BUDGET_STAFF": "1000000000,1000000000",
    }
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "resolvers.app", env=clean | own)
    try:
        async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http, asyncio.timeout(60):
            while not await _alive(http):
                await asyncio.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        await process.wait()


async def _alive(http: httpx2.AsyncClient) -> bool:
    try:
        return (await http.get("/healthz")).status_code == 200
    except httpx2.HTTPError:
        return False


async def _execute(address: str, statement: str) -> None:
    connection = await asyncpg.connect(Settings(database_url=address).asyncpg_url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def measured(wanted: Sequence[int], requests: int, *, plans: bool, keep: Path | None = None) -> Report:
    """All sizes, the smallest first."""
    report = Report("The desk, in milliseconds over HTTP")
    report.fact("load before", os.getloadavg()[0])
    sizes: list[Size] = []
    with server(keep) as address:
        for messages in wanted:
            async with _filled(address, messages, keep) as size:
                await measure(size, requests)
                sizes.append(size)
    report.table("Growth", COLUMNS, _rows(sizes))
    if plans:
        for name, seen in sizes[-1].seen.items():
            report.fact(f"plans of “{name}” at {sizes[-1].messages:,}", "\n" + seen.plans)
    return report


def main(
    sizes: Annotated[list[int] | None, typer.Option("--size", help="How many messages; may be repeated.")] = None,
    requests: Annotated[int, typer.Option(help="How many requests an operation is measured with.")] = 200,
    plans: Annotated[bool, typer.Option(help="Show Postgres's plans at the largest size.")] = False,
    keep: Annotated[Path | None, typer.Option(help="Folder where filled databases stay for the next time.")] = None,
    json: Annotated[Path | None, typer.Option(help="File for the figures.")] = None,
) -> None:
    """Measure lists, search and the queue."""
    asyncio.run(measured(sorted(sizes or SIZES), requests, plans=plans, keep=keep)).show(json)


if __name__ == "__main__":
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command()(main)
    app()
