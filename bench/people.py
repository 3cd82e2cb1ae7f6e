"""Customers and agents who use Parley as people do, never giving up, and who watch what they are told."""

from __future__ import annotations

import asyncio
import random
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx2

from bench.clients import (
    SEND,
    START,
    WATCH,
    CutOffError,
    Http,
    Json,
    RefusedError,
    Socket,
    Transport,
    command,
    opened,
)
from bench.streams import Findings, Stream, inner
from bench.system import Person, System
from bench.verdict import Command, Sent

WORDS = """
return refund parcel boots umbrella size when where how please Größe façade naïve Zürich здравствуйте ευχαριστώ
返品 サイズ 환불 مرحبا שלום 👍 🙂 👩‍👩‍👧‍👦 🏳️‍🌈 🇨🇭 🧑‍🚀 e\u0301te\u0301 n\u0303 Å A\u030a ﬁ ½ ß İi\u0307 **bold** `code`
<b>&amp;</b> \\n "quoted" 'single' {json} $1 %s … — \u200d \ufeff \U0010fffd
""".split()  # noqa: SIM905
SPACES = (" ", " ", " ", "  ", "\n", "\t", "\u00a0", "\u2028", "\r\n")
EXPECTED_CLOSES = (1000, 1001, 1006, 1012, None)
IMPATIENT = 0.015
"""Seconds after which some clients cut their request off, whatever became of it."""


@dataclass
class World:
    """What all participants of a run share."""

    system: System
    http: httpx2.AsyncClient
    findings: Findings
    heard: Callable[[str, Any], None]
    pace: float
    """Seconds between two deeds of a participant, on average."""
    seed: int
    sent: list[Sent] = field(default_factory=list)
    commands: list[Command] = field(default_factory=list)
    reconnections: list[float] = field(default_factory=list)
    """Seconds from the loss of each socket to the next that worked."""


class Participant(ABC):
    """One client: a socket that watches one conversation, and requests that are repeated until they are answered."""

    def __init__(self, world: World, name: str, person: Person) -> None:
        self.world = world
        self.name = name
        self.person = person
        self.chance = random.Random(f"{world.seed}/{name}")
        self.socket: Socket | None = None
        self.stream: Stream | None = None
        self._http = Http(world.http, world.system.url, person.token)
        self._keys = 0

    def watch(self, conversation_id: str, cursor: str) -> None:
        """Choose the conversation to follow."""
        self.stream = Stream(self.name, conversation_id, cursor, self.world.findings, self.world.heard)

    @property
    def at(self) -> Stream:
        """The conversation that is followed."""
        assert self.stream is not None
        return self.stream

    async def follow(self) -> None:
        """Keep watching until cancelled, from the cursor, on one socket after the other."""
        lost, failed = time.monotonic(), 0
        while True:
            failed += 1
            try:
                async with opened(self.world.system.socket_url, self.person.token) as socket:
                    self.world.reconnections.append(time.monotonic() - lost)
                    self.socket, failed = socket, 0
                    await self._listen(socket)
            except CutOffError:
                if self.socket is not None:
                    self._note_close(self.socket)
                    lost, self.socket = time.monotonic(), None
            await asyncio.sleep(self._pause(failed))

    async def _listen(self, socket: Socket) -> None:
        while True:
            stream = self.at
            stream.reopened()
            with suppress(RefusedError):
                async for _, payload in socket.subscribe(WATCH, {"id": stream.conversation_id, "after": stream.cursor}):
                    if errors := payload.get("errors"):
                        raise self._refused("watching", RefusedError(errors))
                    stream.take(payload["data"]["conversationChanged"])
                self.world.findings.violation(f"{self.name}: the server completed a subscription")
            self.world.findings.counts["subscriptions renewed on one socket"] += 1
            await asyncio.sleep(0.2)

    def _note_close(self, socket: Socket) -> None:
        self.world.findings.counts[f"sockets ended with {socket.close_code}"] += 1
        if socket.close_code not in EXPECTED_CLOSES:
            self.world.findings.violation(f"{self.name}: the server closed the socket with {socket.close_code}")

    def _refused(self, doing: str, error: RefusedError) -> RefusedError:
        if not error.is_momentary:
            self.world.findings.violation(f"{self.name}, {doing}: {error} {sorted(error.codes)}")
        return error

    async def insist(self, document: str, given: Json) -> Json:
        """Repeat a mutation under one key until it is answered; gives the payload."""
        variables = {"input": given}
        within, failed = (IMPATIENT if self.chance.random() < 0.08 else 8.0), 0
        while True:
            failed += 1
            with suppress(CutOffError, RefusedError):
                data = await self._attempt(document, variables, within)
                payload: Json = next(iter(data.values()))
                if payload["__typename"] != "ConflictError":
                    return payload
            within = 8.0
            self.world.findings.counts["requests repeated"] += 1
            await asyncio.sleep(self._pause(failed))

    def _pause(self, failed: int) -> float:
        """Seconds until the next try, as a considerate client waits: longer each time, and not like all others."""
        return self.chance.uniform(0.5, 1) * min(1.6, 0.05 * 2.0**failed)

    async def _attempt(self, document: str, variables: Json, within: float) -> Json:
        use_socket = self.socket is not None and self.chance.random() < 0.3
        transport: Transport = self.socket if use_socket and self.socket else self._http
        try:
            return await transport.execute(document, variables, within=within)
        except RefusedError as error:
            raise self._refused("acting", error) from None

    def key(self) -> str:
        """A new idempotency key."""
        self._keys += 1
        return f"{self.world.seed}/{self.name}/{self._keys}"

    async def send(self, text: str) -> None:
        """Say something, and now and then the very same again."""
        sent = Sent(self.key(), self.at.conversation_id, str(self.person.actor), text)
        self.world.sent.append(sent)
        given = {"conversationId": sent.conversation_id, "text": text, "idempotencyKey": sent.key}
        payload = await self.insist(SEND, given)
        self._note_sent(sent, payload)
        if self.chance.random() < 0.05:
            again = await self.insist(SEND, given)
            if sent.message_id and again.get("sentMessage") != payload.get("sentMessage"):
                self.world.findings.violation(f"{self.name}: the key {sent.key} gave {payload} and then {again}")

    def _note_sent(self, sent: Sent, payload: Json) -> None:
        if message := payload.get("sentMessage"):
            sent.message_id = inner(message["id"])
            if message["text"] != sent.text:
                self.world.findings.violation(f"{self.name} sent {sent.text!r}, stored was {message['text']!r}")
        else:
            sent.refusal = payload["code"]
        self.world.findings.counts[f"sendMessage: {payload['__typename']}"] += 1

    async def order(self, name: str) -> None:
        """Give a command that names the conversation only."""
        order = Command(name, self.at.conversation_id, str(self.person.actor))
        self.world.commands.append(order)
        given = {"conversationId": order.conversation_id, "idempotencyKey": self.key()}
        order.outcome = (await self.insist(command(name), given))["__typename"]
        self.world.findings.counts[f"{name}: {order.outcome}"] += 1

    def text(self) -> str:
        """Something that nobody else says, in many scripts."""
        words = self.chance.choices(WORDS, k=self.chance.randint(1, 60))
        spoken = "".join(word + self.chance.choice(SPACES) for word in words)
        self._keys += 1
        return f"{spoken}{self.name.replace(' ', '-')}.{self._keys}" + self.chance.choice(("", " ", "?", "\n"))

    async def live(self, until: Callable[[], bool]) -> None:
        """Do something every now and then."""
        while True:
            await asyncio.sleep(self.chance.expovariate(1 / self.world.pace))
            if until():
                return
            await self.act()

    @abstractmethod
    async def act(self) -> None:
        """One deed."""


class Customer(Participant):
    """Asks, and sometimes stops the answer, asks for a person, or is content."""

    async def start(self) -> None:
        """Begin a conversation and watch it."""
        text = self.text()
        sent = Sent(self.key(), "", str(self.person.actor), text)
        payload = await self.insist(START, {"text": text, "idempotencyKey": sent.key})
        self._note_sent(sent, payload)
        sent.conversation_id = payload["conversation"]["id"]
        self.world.sent.append(sent)
        self.watch(sent.conversation_id, payload["conversation"]["cursor"])

    async def act(self) -> None:
        await _choose(self.chance, self._wishes())

    def _wishes(self) -> Sequence[tuple[float, Deed]]:
        answering = self.at.started is not None
        stuck = self.at.state in ("WAITING", "WITH_PERSON")
        return [
            (10, lambda: self.send(self.text())),
            (4 if answering else 0.2, lambda: self.order("stopAnswer")),
            (0.5, lambda: self.order("requestHandoff")),
            (4 if stuck else 0.4, lambda: self.order("resolveConversation")),
            (0.4, lambda: self.order("reopenConversation")),
        ]


class Agent(Participant):
    """Looks after one conversation: takes it over, answers, and resolves it."""

    async def act(self) -> None:
        await _choose(self.chance, self._wishes())

    def _wishes(self) -> Sequence[tuple[float, Deed]]:
        state, answering = self.at.state, self.at.started is not None
        return [
            ({"WITH_PERSON": 6}.get(state, 0.3), lambda: self.send(self.text())),
            ({"WAITING": 8, "WITH_ASSISTANT": 3 if answering else 1}.get(state, 0.3), self._take_over),
            ({"WITH_PERSON": 6}.get(state, 0.5), lambda: self.order("resolveConversation")),
            (2 if answering else 0.1, lambda: self.order("stopAnswer")),
            (0.5, lambda: self.order("requestHandoff")),
            (0.5, lambda: self.order("reopenConversation")),
        ]

    async def _take_over(self) -> None:
        await self.order("takeOverConversation")


Deed = Callable[[], Coroutine[Any, Any, None]]


async def _choose(chance: random.Random, wishes: Sequence[tuple[float, Deed]]) -> None:
    weights, deeds = zip(*wishes, strict=True)
    await chance.choices(deeds, weights)[0]()
