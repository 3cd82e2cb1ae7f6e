"""From commit to subscriber, beside the least it could cost: the same sockets on a bare echo, round by round."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID

from redis.asyncio import ConnectionPool, Redis
from websockets.asyncio.client import ClientConnection, connect

from bench.clients import WATCH, Socket, opened
from bench.echo import CHANNEL
from bench.system import ROOT, Person, System, free_port
from domain.conversation.service import Conversations
from domain.ports import Receipt
from infra.bootstrap import background, new_id, now
from infra.database import Database
from infra.live.replies import RedisReplies
from infra.live.signals import Sender
from infra.unit_of_work import SqlUnits
from schema.base import global_id

ARRIVAL_SECONDS = 10.0
WORDS = "Your parcel left our house this morning and will be with you on Thursday. " * 2


@dataclass
class Delays:
    """Seconds from commit, or publish, to each subscriber."""

    parley: list[float] = field(default_factory=list)
    echo: list[float] = field(default_factory=list)


class Arrivals:
    """When one round's text came to so many sockets."""

    def __init__(self) -> None:
        self._awaited = 0
        self._times: list[float] = []
        self._all = asyncio.Event()

    def expect(self, count: int) -> None:
        """Begin a round."""
        self._awaited, self._times = count, []
        self._all.clear()

    def note(self, at: float) -> None:
        """One has come."""
        self._times.append(at)
        if len(self._times) == self._awaited:
            self._all.set()

    async def all(self) -> Sequence[float]:
        """The times of arrival (`time.perf_counter`), when all have come."""
        async with asyncio.timeout(ARRIVAL_SECONDS):
            await self._all.wait()
        return self._times


class Probe:
    """Commits through the product's unit of work, in this process, which also reads the clock."""

    def __init__(self, system: System, customer: Person, agent: Person) -> None:
        self.system = system
        self._customer = customer
        self._agent = agent
        self._database = Database(system.settings.sqlalchemy_url, pool_size=4)
        self._pool = ConnectionPool.from_url(system.settings.redis)
        self.redis = Redis(connection_pool=self._pool)
        self.sender = Sender(self.redis)
        self._units = SqlUnits(self._database, self.sender, now)
        self._conversations = Conversations(self._units, RedisReplies(self.redis, frames_per_second=20), new_id)

    async def close(self) -> None:
        """Give the connections back."""
        await self._database.close()
        await self._pool.disconnect()

    async def conversation(self) -> UUID:
        """A conversation that the agent has, so that nobody answers but the agent."""
        receipt = await self._conversations.start(self._customer.actor, "hello")
        await self._conversations.take_over(self._agent.actor, receipt.id)
        return receipt.id

    async def say(self, conversation_id: UUID) -> float:
        """Commit a message of the agent; gives the moment right after the commit."""
        async with self._units(self._agent.actor) as unit:
            conversation = await unit.conversations.get(conversation_id)
            conversation.send(self._agent.actor, WORDS, new_id())
            await unit.commit(Receipt(conversation_id))
            return time.perf_counter()

    async def publish(self, address: str, text: str) -> float:
        """Publish to the echo; gives the moment right before."""
        at = time.perf_counter()
        await self.redis.publish(CHANNEL, f"{address} {text}")
        return at


@asynccontextmanager
async def probing(system: System, customer: Person, agent: Person) -> AsyncIterator[Probe]:
    """A probe with its sender at work."""
    probe = Probe(system, customer, agent)
    try:
        async with background(probe.sender.run):
            yield probe
    finally:
        await probe.close()


@asynccontextmanager
async def echoing(system: System) -> AsyncIterator[str]:
    """The bare echo in a process of its own; gives its address."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.echo", system.settings.redis, str(port)), cwd=ROOT
    )
    try:
        yield f"ws://127.0.0.1:{port}"
    finally:
        process.terminate()
        await process.wait()


async def measure(probe: Probe, echo: str, token: str, sockets: int, watched: int, rounds: int) -> Delays:
    """So many sockets over so many conversations, and the same on the echo; one commit and one publish each round."""
    delays, arrivals = Delays(), Arrivals()
    each = sockets // watched
    async with AsyncExitStack() as stack:
        conversations = [await probe.conversation() for _ in range(watched)]
        await asyncio.sleep(2)  # their beginnings are delivered and worked off
        for number in range(sockets):
            subscriber = await stack.enter_async_context(opened(probe.system.socket_url, token))
            stack.callback(_watching(subscriber, conversations[number % watched], arrivals).cancel)
            bare = await stack.enter_async_context(_bare(f"{echo}/{number % watched}"))
            stack.callback(_listening(bare, arrivals).cancel)
        await asyncio.sleep(1)
        for number in range(rounds):
            place = number % watched
            arrivals.expect(each)
            began = await probe.say(conversations[place])
            delays.parley += [at - began for at in await arrivals.all()]
            await asyncio.sleep(0.03)
            arrivals.expect(each)
            began = await probe.publish(str(place), SAMPLE)
            delays.echo += [at - began for at in await arrivals.all()]
            await asyncio.sleep(0.03)
    return delays


SAMPLE = (
    '{"id":"1","type":"next","payload":{"data":{"conversationChanged":{"__typename":"MessageSent","cursor":"WyIxMiJd",'
    '"at":"2026-11-22T10:00:00.000000+00:00","message":{"id":"TWVzc2FnZTowMWEyMDJjOS1hNmI2LTc1NDItYjIxNy1jZjAzYTFmNj",'
    f'"number":12,"kind":"TEXT","text":"{WORDS}"}}}}}}}}}}'
)
"""What Parley sends for one of these messages, byte for byte as long."""


def _watching(subscriber: Socket, conversation_id: UUID, arrivals: Arrivals) -> asyncio.Task[None]:
    async def watch() -> None:
        async for at, _ in subscriber.subscribe(WATCH, {"id": global_id("Conversation", conversation_id)}):
            arrivals.note(at)

    return asyncio.create_task(watch())


def _listening(bare: ClientConnection, arrivals: Arrivals) -> asyncio.Task[None]:
    async def listen() -> None:
        async for _ in bare:
            arrivals.note(time.perf_counter())

    return asyncio.create_task(listen())


@asynccontextmanager
async def _bare(url: str) -> AsyncIterator[ClientConnection]:
    for _ in range(100):
        try:
            connection = await connect(url, compression=None, ping_interval=None, proxy=None, close_timeout=0.5)
            break
        except OSError:
            await asyncio.sleep(0.1)
    try:
        yield connection
    finally:
        await connection.close()
