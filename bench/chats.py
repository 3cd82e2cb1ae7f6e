"""How long a customer waits: from sending to the first frame, and to the stored answer."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from bench.clients import SEND, START, WATCH, Json, RefusedError, Socket, opened
from bench.system import Person, System
from schema.base import encode_cursor

ANSWER_SECONDS = 60.0
BEGINNING = encode_cursor(["0"])


@dataclass
class Timings:
    """Seconds from sending a question to what came of it."""

    first_frame: list[float] = field(default_factory=list)
    stored: list[float] = field(default_factory=list)
    repeated: int = 0
    """How often the server asked for a retry."""


class Chat:
    """One customer on one socket."""

    def __init__(self, number: int, socket: Socket) -> None:
        self._number = number
        self._socket = socket
        self._asked = 0
        self._conversation_id = ""
        self._changes: AsyncGenerator[tuple[float, Json], None] | None = None

    async def begin(self) -> None:
        """Start a conversation and wait until its first question is answered."""
        given = {"text": f"hello-{self._number}"}
        started = (await self._socket.execute(START, {"input": given}, within=ANSWER_SECONDS))["startConversation"]
        self._conversation_id = started["conversation"]["id"]
        self._changes = self._socket.subscribe(WATCH, {"id": self._conversation_id, "after": BEGINNING})
        await self._until_answered(started["sentMessage"]["text"])

    async def ask(self, timings: Timings) -> None:
        """One question, whose echo is one word and comes at once."""
        self._asked += 1
        text = f"question-{self._number}-{self._asked}"
        given = {"conversationId": self._conversation_id, "text": text, "idempotencyKey": text}
        began = time.perf_counter()
        sending = asyncio.create_task(self._send(given, timings))
        first, stored = await self._until_answered(text)
        await sending
        timings.first_frame.append(first - began)
        timings.stored.append(stored - began)

    async def _send(self, given: Json, timings: Timings) -> None:
        while True:
            try:
                await self._socket.execute(SEND, {"input": given}, within=ANSWER_SECONDS)
                return
            except RefusedError as error:
                if not error.is_momentary:
                    raise
                timings.repeated += 1

    async def _until_answered(self, text: str) -> tuple[float, float]:
        first = 0.0
        assert self._changes is not None
        async with asyncio.timeout(ANSWER_SECONDS):
            async for at, payload in self._changes:
                change = payload["data"]["conversationChanged"]
                if change["__typename"] == "AnswerFrame":
                    first = first or at
                elif change["__typename"] == "AnswerCompleted" and change["message"]["text"] == text:
                    return first or at, at
        raise AssertionError("the subscription ended")


async def paced(chats: Sequence[Chat], seconds: float, every: float) -> Timings:
    """Each chat asks `every` so many seconds on average, unless it still waits for an answer."""
    timings, end = Timings(), time.monotonic() + seconds

    async def live(chat: Chat) -> None:
        await asyncio.sleep(random.uniform(0, every))
        while time.monotonic() < end:
            began = time.monotonic()
            await chat.ask(timings)
            await asyncio.sleep(max(0.0, random.uniform(0.5, 1.5) * every - (time.monotonic() - began)))

    await asyncio.gather(*map(live, chats))
    return timings


async def burst(chats: Sequence[Chat], rounds: int) -> tuple[Timings, float]:
    """All ask at the same moment; also gives the answers per second of the whole."""
    timings, took = Timings(), 0.0
    for _ in range(rounds):
        began = time.perf_counter()
        await asyncio.gather(*(chat.ask(timings) for chat in chats))
        took += time.perf_counter() - began
        await asyncio.sleep(0.5)
    return timings, rounds * len(chats) / took


async def gathered(stack: AsyncExitStack, system: System, people: Sequence[Person]) -> list[Chat]:
    """A chat for each customer, begun."""
    sockets = [await stack.enter_async_context(opened(system.socket_url, person.token)) for person in people]
    chats = [Chat(number, socket) for number, socket in enumerate(sockets)]
    for some in range(0, len(chats), 20):
        await asyncio.gather(*(chat.begin() for chat in chats[some : some + 20]))
    return chats
