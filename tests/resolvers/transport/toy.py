"""A small schema with everything a transport can meet: values, errors, waits, floods, and what must not be shared."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Annotated, Any

import strawberry
from starlette.requests import HTTPConnection
from strawberry.extensions import SchemaExtension

from resolvers.execution import Engine


class ToyError(Exception):
    """An exception whose words are meant for clients."""

    def __init__(self, message: str, code: str = "TOY") -> None:
        super().__init__(message)
        self.message = message
        self.code = code


class NameTakenError(Exception):
    pass


@dataclass
class World:
    """What the tests look at from outside."""

    value: int = 0
    opened: int = 0
    closed: int = 0
    started: int = 0
    ended: int = 0
    cancelled: int = 0
    sent: int = 0
    hooks: list[str] = field(default_factory=list)


WORLD = World()


@dataclass(frozen=True)
class Caller:
    name: str
    expires_at: float | None = None
    is_known: bool = True


@dataclass
class Context:
    """Caches the first value it reads, as a data loader does."""

    caller: Caller
    cached: int | None = None

    def read(self) -> int:
        if self.cached is None:
            self.cached = WORLD.value
        return self.cached


Info = strawberry.Info[Context, None]
Json = strawberry.scalar(name="Json", serialize=lambda value: value, parse_value=lambda value: value)
Anything = Annotated[object, "Json"]


@strawberry.type
class Item:
    number: int

    @strawberry.field
    def items(self, first: int | None = None) -> "list[Item]":
        return [Item(number=each) for each in range(first or 2)]


@strawberry.type
class Renamed:
    name: str


@strawberry.type
class NameTaken:
    message: str


class NameTakenHandler(strawberry.ExceptionHandler[NameTakenError, NameTaken]):
    def handle(self, error: NameTakenError, *, field: Any, info: Any) -> NameTaken:
        return NameTaken(message=str(error))


@strawberry.type
class Query:
    @strawberry.field
    def hello(self, name: str = "world") -> str:
        return f"Hello, {name}!"

    @strawberry.field
    def number(self, value: int) -> int:
        return value

    @strawberry.field
    async def me(self, info: Info) -> str:
        return info.context.caller.name

    @strawberry.field
    def boom(self) -> str | None:
        raise RuntimeError("secret words")

    @strawberry.field
    def strict_boom(self) -> str:
        raise RuntimeError("secret words")

    @strawberry.field
    def denied(self) -> str | None:
        raise ToyError("You may not see this.", "FORBIDDEN")

    @strawberry.field
    def items(self, first: int | None = None) -> list[Item]:
        return [Item(number=each) for each in range(first or 2)]

    @strawberry.field
    def current(self, info: Info) -> int:
        return info.context.read()

    @strawberry.field
    def half_a_character(self) -> str:
        return "\ud800"

    @strawberry.field
    async def slow(self, seconds: float) -> str:
        WORLD.started += 1
        try:
            await asyncio.sleep(seconds)
        except asyncio.CancelledError:
            WORLD.cancelled += 1
            raise
        return "done"


@strawberry.type
class Mutation:
    @strawberry.mutation
    def increase(self) -> int:
        WORLD.value += 1
        return WORLD.value

    @strawberry.mutation
    def rename(self, name: str) -> Renamed | NameTaken:
        if name == "taken":
            raise NameTakenError("This name is taken.")
        return Renamed(name=name)


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def count(self, to: int, every: float = 0.0) -> AsyncGenerator[int, None]:
        WORLD.started += 1
        try:
            for number in range(to):
                yield number
                await asyncio.sleep(every)
        finally:
            await asyncio.sleep(0)  # closing takes a turn of the loop, as real cleanup does
            WORLD.ended += 1

    @strawberry.subscription
    async def watch_current(self, info: Info) -> AsyncGenerator[int, None]:
        yield info.context.read()

    @strawberry.subscription
    async def flood(self, size: int = 10_000) -> AsyncGenerator[str, None]:
        try:
            while True:
                WORLD.sent += 1
                yield "x" * size
        finally:
            WORLD.ended += 1

    @strawberry.subscription
    async def breaks(self) -> AsyncGenerator[int, None]:
        yield 1
        raise RuntimeError("secret words")

    @strawberry.subscription
    async def revoked(self) -> AsyncGenerator[int, None]:
        yield 1
        raise ToyError("Your access ended.", "UNAUTHENTICATED")

    @strawberry.subscription
    async def refuses(self) -> AsyncGenerator[int, None]:
        raise ToyError("Not for you.", "FORBIDDEN")
        yield 1


class Hooks(SchemaExtension):
    """Writes down which hooks ran, to prove that extensions work."""

    async def on_operation(self) -> AsyncIterator[None]:
        WORLD.hooks.append("operation")
        yield

    async def on_execute(self) -> AsyncIterator[None]:
        WORLD.hooks.append("execute")
        yield

    async def on_stream_result(self, result: Any) -> AsyncIterator[None]:
        WORLD.hooks.append("result")
        yield

    def get_results(self) -> dict[str, Any]:
        return {"toy": True} if "hooked" in str(self.execution_context.query) else {}


class ToyContexts:
    """Knows a caller by the bearer token, which is the caller's name or one of the words below."""

    async def connect(self, connection: HTTPConnection, params: Mapping[str, object]) -> Caller:
        token = str(params.get("authorization") or connection.headers.get("authorization") or "Bearer anonymous")
        name = token.removeprefix("Bearer ")
        match name:
            case "bad":
                raise ToyError("The token is not valid.", "UNAUTHENTICATED")
            case "wordy":
                raise ToyError("é" * 200, "UNAUTHENTICATED")
            case "crash":
                raise RuntimeError("secret words")
            case "slow":
                await asyncio.sleep(5)
            case "brief":
                return Caller(name, time.time() + 0.3)
            case "nobody":
                return Caller(name, is_known=False)
        return Caller(name)

    @asynccontextmanager
    async def operation(self, caller: Caller) -> AsyncIterator[Context]:
        if caller.name == "no-context":
            raise RuntimeError("secret words")
        if caller.name == "locked-out":
            raise ToyError("Your account is locked.", "FORBIDDEN")
        WORLD.opened += 1
        try:
            yield Context(caller)
        finally:
            await asyncio.sleep(0)
            WORLD.closed += 1

    async def until_lost(self, caller: Caller) -> None:
        await asyncio.Event().wait()


def toy_engine() -> Engine:
    schema = strawberry.Schema(
        Query, Mutation, Subscription, extensions=[Hooks], exception_handlers=[NameTakenHandler()]
    )
    return Engine(schema, expose=(ToyError,))
