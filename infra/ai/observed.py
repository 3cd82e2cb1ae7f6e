"""An assistant that is watched while it answers: a span for its trace, and its times and outcomes for Prometheus."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import cast

from opentelemetry import trace
from opentelemetry.trace import Span, SpanKind, StatusCode

from domain.assistant import Assistant, Delta, Piece, Question, Restarted
from infra.metrics import ANSWER, ANSWERS, FIRST_TEXT
from infra.telemetry import tracer

Pieces = AsyncGenerator[Piece, None]


@dataclass
class Observation:
    """What is seen of one answer."""

    span: Span
    began: float = field(default_factory=perf_counter)
    outcome: str = "failed"
    has_text: bool = False

    def see(self, piece: Piece) -> None:
        """A piece came."""
        if isinstance(piece, Restarted):
            self.span.add_event("restarted")
        elif not isinstance(piece, Delta):
            self.outcome = type(piece).__name__.lower()
        elif not self.has_text:
            self.has_text = True
            FIRST_TEXT.observe(perf_counter() - self.began)
            self.span.add_event("first text")

    def end(self) -> None:
        """Nothing more comes."""
        ANSWERS.labels(self.outcome).inc()
        if self.outcome not in ("failed", "stopped"):
            ANSWER.observe(perf_counter() - self.began)
        self.span.set_attribute("parley.outcome", self.outcome)
        self.span.end()


@contextmanager
def _observed(question: Question, name: str) -> Iterator[Observation]:
    attributes = {
        "gen_ai.operation.name": "chat",
        "gen_ai.request.model": name,
        "parley.question_id": str(question.id),
        "parley.correlation_id": question.correlation_id,
    }
    seen = Observation(tracer.start_span("answer", kind=SpanKind.CLIENT, attributes=attributes))
    try:
        yield seen
    except (asyncio.CancelledError, GeneratorExit):
        seen.outcome = "stopped" if seen.outcome == "failed" else seen.outcome
        raise
    except Exception as error:
        seen.outcome = "failed"
        seen.span.set_status(StatusCode.ERROR, type(error).__name__)
        raise
    finally:
        seen.end()


class ObservedAssistant:
    """Passes everything on as it is; what the assistant does belongs to the span, what its reader does does not."""

    def __init__(self, assistant: Assistant) -> None:
        self.name = assistant.name
        self._assistant = assistant

    async def answer(self, question: Question) -> AsyncIterator[Piece]:
        """The assistant's pieces."""
        with _observed(question, self.name) as seen:
            async with aclosing(cast(Pieces, self._assistant.answer(question))) as pieces:
                while (piece := await _next(pieces, seen.span)) is not None:
                    seen.see(piece)
                    yield piece


async def _next(pieces: Pieces, span: Span) -> Piece | None:
    with trace.use_span(span, record_exception=False, set_status_on_exception=False):
        return await anext(pieces, None)
