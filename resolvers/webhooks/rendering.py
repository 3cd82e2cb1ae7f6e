"""Writes what webhooks are told: their documents, run by the server's own executor over one event at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from typing import Any, cast

import orjson
import structlog

from domain.base import Actor, Recorded, UnavailableError
from domain.ports import Resync
from domain.webhook.ports import Dispatch, Letter, Turn
from resolvers.context import RequestContext, Services
from resolvers.execution import Engine, Operation, Refusal, Result
from resolvers.webhooks.document import prepared
from schema.base import encode_cursor

LOOK_EVERY = 1.0
AT_ONCE = 50
"""Events that are written in one turn."""
SIDE_BY_SIDE = 4
LARGEST = 256 * 1024
"""Bytes of a body."""

log = structlog.get_logger(__name__)


class UnwritableError(Exception):
    """The document cannot be run for this webhook, with a sentence why."""


@dataclass(frozen=True, slots=True)
class Told:
    """The services as the run for one event has them: the feed is that event, the caller is the webhook."""

    services: Services
    actor: Actor
    event: Recorded
    expires_at: float | None = None
    is_known: bool = True

    def __getattr__(self, name: str) -> Any:
        return getattr(self.services, name)

    @property
    def feed(self) -> Told:
        """The feed, of which `inbox` is all that a webhook's document can reach."""
        return self

    @property
    def identities(self) -> Told:
        """Who knows callers."""
        return self

    async def look_again(self, caller: object) -> Actor:
        """The webhook with the rights that it had when its turn came; others cannot be posted."""
        return self.actor

    async def inbox(self, actor: Actor, after: int | None) -> AsyncGenerator[Recorded | Resync, None]:
        """The event, and an end."""
        yield self.event


class WebhookRendering:
    """Takes turns with all other servers; what one of them posted, no other can."""

    def __init__(self, engine: Engine, services: Callable[[], Services]) -> None:
        self._engine = engine
        self._services = services
        self._places = asyncio.Semaphore(SIDE_BY_SIDE)

    async def run(self) -> None:
        """Write whenever something happened, until cancelled."""
        dispatch = self._services().desk.dispatch
        while True:
            try:
                turns = await dispatch.turns()
                await asyncio.gather(*(self._take(dispatch, turn) for turn in turns))
            except UnavailableError:
                log.warning("webhooks.database_away")
                turns = ()
            if not turns:
                await dispatch.woken(within=LOOK_EVERY)

    async def _take(self, dispatch: Dispatch, turn: Turn) -> None:
        async with self._places:
            try:
                await self.write(dispatch, turn)
            except UnwritableError as error:
                await dispatch.shut(turn, str(error))

    async def write(self, dispatch: Dispatch, turn: Turn) -> bool:
        """Write of what happened since, and post it; False when somebody else did. Raises: UnwritableError."""
        services = self._services()
        reads = services.seen_by(turn.actor)
        try:
            past = await reads.past(turn.position, AT_ONCE)
        finally:
            await reads.end()
        try:
            operation = prepared(self._engine, turn.document, turn.variables)
        except Refusal as refusal:
            raise UnwritableError(f"The document cannot be run: {refusal}") from None
        letters = []
        for event in past.events:
            if (result := await self._result(operation, turn.actor, event)) is not None:
                letters.append(Letter(event.position or 0, event.stream, body_of(result, event)))
        return await dispatch.post(turn, letters, past.place)

    async def _result(self, operation: Operation, actor: Actor, event: Recorded) -> Result | None:
        """What a live subscriber with the webhook's rights is told of an event; None where that is nothing."""
        told = cast(Services, Told(self._services(), actor, event))
        context = RequestContext(told, actor, cast(Any, told))
        try:
            async for result in self._engine.subscribe(operation, context):
                _require_answer(result)
                return result
        finally:
            await asyncio.shield(context.reads.end())
        return None


def _require_answer(result: Result) -> None:
    codes = [error.get("extensions", {}).get("code") for error in result.errors]
    if "UNAVAILABLE" in codes or (not result.executed and "INTERNAL" in codes):
        raise UnavailableError
    if not result.executed:
        raise UnwritableError(f"The document cannot be run: {result.errors[0]['message']}")


def body_of(result: Result, event: Recorded) -> str:
    """The result as it is sent; of one that is too large, an error that says where to read it instead."""
    body = orjson.dumps(result.payload())
    if len(body) > LARGEST:
        said = f"This is {len(body):,} bytes, more than the {LARGEST:,} that are sent: read it by `inboxChanges`."
        details = {"code": "TOO_LARGE", "cursor": encode_cursor([str(event.position)])}
        body = orjson.dumps({"errors": [{"message": said, "extensions": details}], "data": None})
    return body.decode()
