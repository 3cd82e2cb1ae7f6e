"""Runs generated operations as one tenant's people, and looks in the answers for anything of the other."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import websockets
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.security.operations import Arguments, Operation, roots
from tests.security.tenants import Tenant, restore, token
from tests.stack import Stack

PEOPLE = ("customer", "agent", "admin", "owner", "analyst", "own", "team", "api_key", "anonymous")
UNLIMITED = "100000000,100000000"
BUDGETS = {f"budget_{kind}": UNLIMITED for kind in ("anonymous", "customer", "staff", "api_key")}


@dataclass(frozen=True)
class Leak:
    """Something of the foreign tenant, and in answer to what it came."""

    person: str
    operation: Operation
    traces: tuple[str, ...]

    def __str__(self) -> str:
        asked = f"{self.operation.kind} {self.operation.name} {json.dumps(dict(self.operation.variables))}"
        return f"{self.person}: {asked} gave {', '.join(self.traces[:3])}"


@dataclass
class Findings:
    """What came of a run: leaks, answers that were nobody's intention, and how often each kind of answer came."""

    leaks: list[Leak] = field(default_factory=list)
    crashes: list[str] = field(default_factory=list)
    answers: Counter[tuple[str, str]] = field(default_factory=Counter)
    reached: set[tuple[str, str]] = field(default_factory=set)


class Fuzz:
    """One tenant's people at work on the ids of another."""

    def __init__(self, stack: Stack, engine: AsyncEngine, own: Tenant, foreign: Tenant, *, seed: int = 7) -> None:
        self._stack = stack
        self._engine = engine
        self._own = own
        self._foreign = foreign
        self._arguments = Arguments(own, foreign, seed)
        self.found = Findings()

    async def run(
        self, kinds: Iterable[str], people: Iterable[str] = PEOPLE, *, attempts: int = 4, only: str = ""
    ) -> Findings:
        """Each root field of the kinds, as each of the people."""
        for person in people:
            for kind in kinds:
                for name in roots(kind):
                    if only in ("", name):
                        await self._field(person, kind, name, attempts)
        return self.found

    async def _field(self, person: str, kind: str, name: str, attempts: int) -> None:
        """One field; each has a session of its own, since a mutation may well end the caller's."""
        async with self._engine.begin() as connection:
            if kind == "mutation":
                await restore(connection, self._own)
            bearer = await token(connection, self._own, person)
        for operation in self._arguments.operations(kind, name, attempts):
            if kind == "subscription":
                texts = await listen(self._stack, bearer, [operation], seconds=0.15)
            else:
                texts = [await ask(self._stack, bearer, operation)]
            for text in texts:
                self._judge(person, operation, text)

    def _judge(self, person: str, operation: Operation, text: str) -> None:
        code = code_of(json.loads(text), operation.name)
        self.found.answers[person, code] += 1
        self.found.reached.add((operation.name, code))
        if code in ("INTERNAL", "GRAPHQL_VALIDATION_FAILED", "LIMIT_EXCEEDED", "RATE_LIMITED", "BAD_USER_INPUT"):
            self.found.crashes.append(f"{person}: {operation.name} {dict(operation.variables)}: {text[:300]}")
        if traces := self._foreign.traces(text):
            self.found.leaks.append(Leak(person, operation, tuple(traces)))


async def ask(stack: Stack, bearer: str | None, operation: Operation) -> str:
    """The answer to a query or a mutation, as it came."""
    headers = {"authorization": f"Bearer {bearer}"} if bearer else {}
    body = {"query": operation.document, "variables": dict(operation.variables)}
    return (await stack.http.post("/graphql", json=body, headers=headers)).text


async def listen(stack: Stack, bearer: str | None, operations: list[Operation], *, seconds: float) -> list[str]:
    """All that comes of subscriptions within some time, or until they are over."""
    async with opened(stack, bearer) as socket:
        for number, operation in enumerate(operations):
            payload = {"query": operation.document, "variables": dict(operation.variables)}
            await socket.send(json.dumps({"id": str(number), "type": "subscribe", "payload": payload}))
        return [text async for text in _within(socket, seconds, len(operations))]


async def overhear(stack: Stack, bearer: str | None, operation: Operation, heard: list[str]) -> None:
    """Keep what comes of a subscription, until cancelled."""
    async with opened(stack, bearer) as socket:
        payload = {"query": operation.document, "variables": dict(operation.variables)}
        await socket.send(json.dumps({"id": "0", "type": "subscribe", "payload": payload}))
        async for text in socket:
            heard.append(str(text))


@asynccontextmanager
async def opened(stack: Stack, bearer: str | None) -> AsyncIterator[websockets.ClientConnection]:
    """A socket that was acknowledged."""
    protocol = websockets.Subprotocol("graphql-transport-ws")
    async with websockets.connect(stack.socket_url, subprotocols=[protocol]) as socket:
        payload = {"authorization": f"Bearer {bearer}"} if bearer else {}
        await socket.send(json.dumps({"type": "connection_init", "payload": payload}))
        assert json.loads(await socket.recv())["type"] == "connection_ack"
        yield socket


async def _within(socket: websockets.ClientConnection, seconds: float, open_ones: int) -> AsyncIterator[str]:
    try:
        async with asyncio.timeout(seconds):
            while open_ones:
                text = str(await socket.recv())
                open_ones -= json.loads(text)["type"] in ("complete", "error")
                yield text
    except (TimeoutError, websockets.ConnectionClosed):
        return


def code_of(answer: dict[str, Any], name: str) -> str:
    """How an operation ended: the code of its error, at the top or in the payload; `null`, or `ok`."""
    payload = answer.get("payload", answer)
    errors = payload if isinstance(payload, list) else (payload or {}).get("errors")
    if errors:
        return str(errors[0].get("extensions", {}).get("code"))
    value = ((payload or {}).get("data") or {}).get(name)
    if isinstance(value, dict) and str(value.get("__typename")).endswith("Error"):
        return str(value.get("code"))
    return "null" if value is None else "ok"
