"""Embeddings by any endpoint that speaks OpenAI's protocol, as an `Embedder`."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from time import monotonic

import httpx2
import numpy as np
from numpy.typing import NDArray
from openai import AsyncOpenAI

from domain.model import ModelReplyError, ModelTimedOutError, ModelUnavailableError
from infra.models.declared import DeclaredModel, expect_allowed, is_loopback
from infra.models.openai import Reply, translated

QUESTION_TEXTS = 4
"""So many texts at once are a question: somebody waits for it, so it has little time, and may come again."""
QUESTION_TIMEOUT = 4.0
QUESTION_TRIES = 1
BULK_TEXTS = 64
BULK_TIMEOUT = 60.0
BULK_TRIES = 4
"""Further tries of the package's own, with its pauses, which honour `Retry-After` up to a minute."""
REST = 10.0
"""Seconds for which questions do not ask an endpoint again that has just failed."""
LONGEST = 8_000
"""Characters of a text that are sent: the models read about 8,000 tokens, and refuse more."""
REMEMBERED = 2_048

Vector = list[float]


class EndpointEmbedder:
    """See `domain.assistant.Embedder`. Raises `ModelError`, and RealModelError where real models are off.

    Longer vectors than declared are cut and made of length 1 again, as models that are trained for it want it.
    """

    def __init__(self, declared: DeclaredModel) -> None:
        expect_allowed(declared.base_url)
        assert declared.dimensions is not None  # noqa: S101  the settings take no other
        self.dimensions = declared.dimensions
        self.name = f"{declared.model}/{declared.dimensions}"
        self._declared = declared
        self._client = AsyncOpenAI(
            api_key=declared.key or "none",
            base_url=declared.base_url,
            organization="",
            project="",
            max_retries=BULK_TRIES,
            timeout=httpx2.Timeout(BULK_TIMEOUT, connect=declared.limits.connect),
            http_client=httpx2.AsyncClient(follow_redirects=False, trust_env=not is_loopback(declared.base_url)),
        )
        self._hurried = self._client.with_options(max_retries=QUESTION_TRIES)
        self._remembered: OrderedDict[str, Vector] = OrderedDict()
        self._rests_until = 0.0

    async def close(self) -> None:
        """Close all connections."""
        await self._client.close()

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        """One vector a text, in order. Raises: ModelError."""
        if len(texts) <= QUESTION_TEXTS:
            return await self._recall(texts)
        found: list[Vector] = []
        for start in range(0, len(texts), BULK_TEXTS):
            began, batch = monotonic(), texts[start : start + BULK_TEXTS]
            found += await self._ask(self._client, batch)
            await asyncio.sleep(max(0.0, len(batch) / self._declared.texts_per_second - (monotonic() - began)))
        return found

    async def _recall(self, texts: Sequence[str]) -> list[Vector]:
        """A question is embedded before its search begins, and again within it: once is enough."""
        if missing := [text for text in dict.fromkeys(texts) if text not in self._remembered]:
            if monotonic() < self._rests_until:
                raise ModelUnavailableError("The embeddings endpoint failed a moment ago.")
            try:
                async with asyncio.timeout(QUESTION_TIMEOUT):
                    made = await self._ask(self._hurried, missing)
            except ModelUnavailableError:
                self._rests_until = monotonic() + REST
                raise
            except TimeoutError:
                self._rests_until = monotonic() + REST
                raise ModelTimedOutError("total") from None
            self._remembered.update(zip(missing, made, strict=True))
        found = [self._remembered[text] for text in texts]
        for text in texts:
            self._remembered.move_to_end(text)
        while len(self._remembered) > REMEMBERED:
            self._remembered.popitem(last=False)
        return found

    async def _ask(self, client: AsyncOpenAI, texts: Sequence[str]) -> list[Vector]:
        sent = [text[:LONGEST].strip() or "-" for text in texts]
        try:
            with translated(Reply(self._declared.limits.most_characters)):
                answer = await client.embeddings.create(input=sent, model=self._declared.model)
            rows = [one.embedding[: self.dimensions] for one in sorted(answer.data, key=lambda one: one.index)]
            return _checked(np.array(rows, np.float64), (len(texts), self.dimensions))
        except (AttributeError, TypeError, ValueError) as error:
            raise ModelReplyError(f"The endpoint did not give vectors: {type(error).__name__}.") from error


def _checked(vectors: NDArray[np.float64], shape: tuple[int, int]) -> list[Vector]:
    """The vectors (texts by dimensions) with length 1. Raises ModelReplyError."""
    if vectors.shape != shape:
        raise ModelReplyError(f"The endpoint did not give {shape[0]} vectors of {shape[1]} numbers.")
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    if not np.all(np.isfinite(vectors)) or not np.all(lengths > 0):
        raise ModelReplyError("The endpoint gave a vector that has no direction.")
    return [[float(number) for number in row] for row in vectors / lengths]
