"""An assistant that passes on what a model says: for tests of models that are about nothing else."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, cast

from redis.asyncio import Redis

from domain.assistant import Answer, Delta, Piece, Provenance, Question
from domain.model import LanguageModel, ModelDone, ModelMessage, ModelPiece, ModelRequest, Purpose, Role, TextPiece
from infra.models.breaker import Breaker
from infra.models.declared import DeclaredModel, Limits
from infra.models.limits import Guarded
from infra.models.openai import OpenAIModel
from tests.models.server import ModelServer


@dataclass
class Plain:
    """The model's text, as it comes."""

    model: LanguageModel
    name: str = field(init=False)

    def __post_init__(self) -> None:
        self.name = self.model.name

    async def answer(self, question: Question) -> AsyncIterator[Piece]:
        """The answer, on the model's word alone."""
        request = ModelRequest(
            question.organization_id, Purpose.ANSWER, (ModelMessage(Role.USER, question.text),), most_tokens=2_000
        )
        text = ""
        async with aclosing(cast(AsyncGenerator[ModelPiece, None], self.model.generate(request))) as pieces:
            async for piece in pieces:
                if isinstance(piece, TextPiece):
                    text += piece.text
                    yield Delta(piece.text)
                elif isinstance(piece, ModelDone):
                    yield Answer(text, (), Provenance(piece.model, 1.0, 0.5, usage=piece.usage))


def guarded(server: ModelServer, redis: Redis, name: str = "first", **limits: Any) -> Guarded:
    """A model of the server, within limits."""
    chosen = Limits(**limits)
    declared = DeclaredModel(base_url=server.base_url, model=name, limits=chosen)
    breaker = Breaker(name, redis, failures=chosen.failures, rest=chosen.rest, probe=chosen.first_token)
    return Guarded(OpenAIModel(name, declared), chosen, breaker)
