"""A language model that is asked with patience, but not too much of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import cast

from tenacity import (
    AsyncRetrying,
    retry_if_exception,
    stop_after_attempt,
    stop_before_delay,
    wait_exception,
    wait_exponential_jitter,
)

from domain.model import (
    LanguageModel,
    ModelBrokeOffError,
    ModelDone,
    ModelError,
    ModelPiece,
    ModelRequest,
    ModelTimedOutError,
    ModelUnavailableError,
)
from infra.models.breaker import Breaker, RestingError
from infra.models.declared import Limits

Pieces = AsyncGenerator[ModelPiece, None]

COUNTED = (ModelUnavailableError, ModelBrokeOffError)
"""Failures that are the model's own: they are worth another try, and count towards its rest.

A refusal or a reply without use may be due to what one customer wrote, which must not close the model for others.
"""

WAIT = 0.2
"""Seconds before a second try; twice as long before each further one, with jitter of as much again."""


@dataclass
class Guarded:
    """The model within its limits: see `Limits`. Raises nothing but `ModelError`.

    Only what has not begun to answer is tried again, and never past the time for the first token: if the model wishes
    more than that by `Retry-After`, it fails at once, so that another is asked.
    """

    model: LanguageModel
    limits: Limits
    breaker: Breaker
    name: str = field(init=False)

    def __post_init__(self) -> None:
        self.name = self.model.name
        self._places = asyncio.Semaphore(self.limits.concurrency)

    async def generate(self, request: ModelRequest) -> AsyncIterator[ModelPiece]:
        """The model's own pieces."""
        began = asyncio.get_running_loop().time()
        async with self._place():
            pieces, piece = await self._begun(request, began + self.limits.first_token)
            try:
                while piece is not None:
                    if isinstance(piece, ModelDone):
                        await self._record(None)
                    yield piece
                    piece = await self._next(pieces, began)
            except ModelError as error:
                await self._record(error)
                raise
            finally:
                await pieces.aclose()

    async def _begun(self, request: ModelRequest, until: float) -> tuple[Pieces, ModelPiece | None]:
        """A reply and its first piece, after as many tries as it takes and as there may be."""
        left = until - asyncio.get_running_loop().time()
        tries = AsyncRetrying(
            retry=retry_if_exception(_is_worth_a_try),
            wait=wait_exception(_wished) + wait_exponential_jitter(multiplier=WAIT, jitter=WAIT),
            stop=stop_after_attempt(self.limits.tries) | stop_before_delay(left),
            reraise=True,
        )
        return await tries(self._try, request, until)

    async def _try(self, request: ModelRequest, until: float) -> tuple[Pieces, ModelPiece | None]:
        await self.breaker.expect_closed()
        pieces = cast(Pieces, self.model.generate(request))
        try:
            async with asyncio.timeout_at(until):
                return pieces, await anext(pieces)
        except TimeoutError:
            await pieces.aclose()
            failure: ModelError = ModelTimedOutError("first_token")
        except StopAsyncIteration:
            failure = ModelBrokeOffError("The model ended without a word.")
        except ModelError as error:
            failure = error
        await self._record(failure)
        raise failure

    async def _next(self, pieces: Pieces, began: float) -> ModelPiece | None:
        now = asyncio.get_running_loop().time()
        left, between = began + self.limits.total - now, self.limits.between_tokens
        try:
            async with asyncio.timeout(min(left, between)):
                return await anext(pieces, None)
        except TimeoutError:
            raise ModelTimedOutError("between_tokens" if between < left else "total") from None

    @asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        """One of the places that this process has for calls of the model."""
        try:
            async with asyncio.timeout(self.limits.queue):
                await self._places.acquire()
        except TimeoutError:
            raise ModelUnavailableError("Every place for a call of the model is taken.") from None
        try:
            yield
        finally:
            self._places.release()

    async def _record(self, error: ModelError | None) -> None:
        if error is None or isinstance(error, COUNTED):
            await self.breaker.record(failed=error is not None)


def _is_worth_a_try(error: BaseException) -> bool:
    return isinstance(error, COUNTED) and not isinstance(error, RestingError)


def _wished(error: BaseException) -> float:
    """What the model asks for by `Retry-After`."""
    return getattr(error, "retry_after", None) or 0.0
