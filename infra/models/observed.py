"""A language model whose calls are watched: a span each for traces, and times, tokens and ends for Prometheus."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import cast

from opentelemetry.trace import Span, SpanKind, StatusCode

from domain.model import LanguageModel, ModelDone, ModelError, ModelPiece, ModelRequest
from infra.metrics import MODEL_CALLS, MODEL_FIRST_TOKEN, MODEL_TOKENS
from infra.telemetry import tracer

Pieces = AsyncGenerator[ModelPiece, None]

KNOWN_REASONS = frozenset({"stop", "tool_calls", "length", "content_filter"})
"""What endpoints may say besides is their own, and would make a series for each word."""


@dataclass
class ObservedModel:
    """Passes every piece on as it is; no span and no metric holds what was asked or said."""

    model: LanguageModel
    name: str = field(init=False)

    def __post_init__(self) -> None:
        self.name = self.model.name

    async def generate(self, request: ModelRequest) -> AsyncIterator[ModelPiece]:
        """The model's pieces."""
        with _observed(request, self.name) as seen:
            async with aclosing(cast(Pieces, self.model.generate(request))) as pieces:
                async for piece in pieces:
                    seen.see(piece)
                    yield piece


@dataclass
class _Call:
    """What is seen of one call; `outcome` is `closed` until something else ended it."""

    request: ModelRequest
    name: str
    span: Span
    began: float = field(default_factory=perf_counter)
    has_piece: bool = False
    outcome: str = "closed"

    def see(self, piece: ModelPiece) -> None:
        if isinstance(piece, ModelDone):
            self._end(piece)
        elif not self.has_piece:
            self.has_piece = True
            MODEL_FIRST_TOKEN.labels(self.name).observe(perf_counter() - self.began)
            self.span.add_event("first token")

    def _end(self, done: ModelDone) -> None:
        self.outcome = done.reason if done.reason in KNOWN_REASONS else "other"
        self.span.set_attribute("gen_ai.response.model", done.model)
        self.span.set_attribute("gen_ai.response.finish_reasons", [self.outcome])
        if usage := done.usage:
            self.span.set_attribute("gen_ai.usage.input_tokens", usage.read)
            self.span.set_attribute("gen_ai.usage.output_tokens", usage.written)
            for kind in ("read", "cached", "written"):
                MODEL_TOKENS.labels(self.name, kind).inc(getattr(usage, kind))

    def fail(self, error: Exception) -> None:
        self.outcome = getattr(error, "code", ModelError.code)
        self.span.set_attribute("error.type", self.outcome)
        self.span.set_status(StatusCode.ERROR, type(error).__name__)

    def close(self) -> None:
        MODEL_CALLS.labels(self.name, self.request.purpose.value, self.outcome).inc()
        self.span.set_attribute("parley.outcome", self.outcome)
        self.span.end()


@contextmanager
def _observed(request: ModelRequest, name: str) -> Iterator[_Call]:
    attributes: dict[str, str | int | float] = {
        "gen_ai.operation.name": "chat",
        "gen_ai.request.model": name,
        "parley.purpose": request.purpose.value,
        "parley.correlation_id": request.correlation_id,
    }
    if request.temperature is not None:
        attributes["gen_ai.request.temperature"] = request.temperature
    if request.most_tokens is not None:
        attributes["gen_ai.request.max_tokens"] = request.most_tokens
    seen = _Call(request, name, tracer.start_span(f"chat {name}", kind=SpanKind.CLIENT, attributes=attributes))
    try:
        yield seen
    except Exception as error:
        seen.fail(error)
        raise
    finally:
        seen.close()
