"""A grounded assistant whose model plays a script over passages that the test writes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid4, uuid5

from domain.assistant import Delta, Outcome, Piece, Question, Restarted, Tools
from domain.model import CallPiece, ModelDone, ModelPiece, ScriptedModel, Usage
from domain.prompt.content import DEFAULT, PromptContent
from domain.prompt.prompt import PromptVersion
from infra.grounded.assistant import GroundedAssistant
from infra.grounded.support import Support
from infra.knowledge.retrieval import Found, ScoredPassage

ORGANIZATION = UUID(int=7)
DONE = ModelDone("tool_calls", "played-1", Usage(100, 10), 250)


def passage(text: str, title: str = "Returns", *, link: str | None = None, confidence: float = 0.8) -> ScoredPassage:
    """A passage as the search gives it; its ids follow from its text."""
    article_id = uuid5(ORGANIZATION, title)
    return ScoredPassage(uuid5(article_id, text), article_id, title, (), text, link, 1.0, 0.7, confidence)


def calling(
    name: str, *, size: int = 7, index: int = 0, done: ModelDone | None = DONE, **arguments: Any
) -> list[ModelPiece]:
    """A reply that calls a tool, its arguments in pieces of `size` characters."""
    return raw(name, json.dumps(arguments), size=size, index=index, done=done)


def raw(name: str, text: str, *, size: int = 7, index: int = 0, done: ModelDone | None = DONE) -> list[ModelPiece]:
    """The same with arguments as they are."""
    cut = [text[start : start + size] for start in range(0, len(text), size)]
    pieces: list[ModelPiece] = [CallPiece(index, "", f"call-{index}", name)]
    pieces += [CallPiece(index, piece) for piece in cut]
    return [*pieces, done] if done else pieces


@dataclass
class Nearby:
    """An embedder that knows nothing: every text is as far from every other."""

    name: str = "nothing"
    dimensions: int = 2

    async def embed(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        return [[1.0, 0.0] if number == 0 else [0.0, 1.0] for number, _ in enumerate(texts)]


async def is_talk(message: str) -> bool:
    """Finds small talk in one word."""
    return message == "Hello"


@dataclass
class Played:
    """What came of a question: all that was said, and the last text of it that counts."""

    pieces: list[Piece]

    @property
    def outcome(self) -> Outcome:
        last = self.pieces[-1]
        assert not isinstance(last, Delta | Restarted)
        return last

    @property
    def seen(self) -> str:
        """Everything that a reader may have seen, also what was taken back."""
        return "".join(piece.text for piece in self.pieces if isinstance(piece, Delta))

    @property
    def text(self) -> str:
        """What stays."""
        start = max((n for n, piece in enumerate(self.pieces) if isinstance(piece, Restarted)), default=-1)
        return "".join(piece.text for piece in self.pieces[start + 1 :] if isinstance(piece, Delta))

    @property
    def is_restarted(self) -> bool:
        return any(isinstance(piece, Restarted) for piece in self.pieces)


@dataclass
class Stage:
    """An assistant over a script."""

    passages: Sequence[ScoredPassage]
    replies: Sequence[Sequence[ModelPiece | Exception]]
    content: PromptContent = DEFAULT
    tools: Tools | None = None
    searched: list[Question] = field(default_factory=list)
    model: ScriptedModel = field(init=False)

    def __post_init__(self) -> None:
        self.model = ScriptedModel(list(self.replies))

    async def search(self, question: Question) -> Found:
        self.searched.append(question)
        return Found(tuple(self.passages), ())

    async def prompt(self, organization_id: UUID, number: int | None = None) -> PromptVersion:
        return PromptVersion(uuid4(), 3 if number is None else number, "", self.content)

    async def threshold(self, organization_id: UUID) -> float | None:
        return 0.5

    @property
    def assistant(self) -> GroundedAssistant:
        support = Support(Nearby())
        return GroundedAssistant(self.model, self.search, self.prompt, self.threshold, support, is_talk, self.tools)

    async def play(self, text: str = "How long may I return it?", **values: Any) -> Played:
        """What the assistant says to a question; every delta of what stays must be in the outcome, to the byte."""
        question = replace(Question(uuid4(), ORGANIZATION, text), **values)
        played = Played([piece async for piece in self.assistant.answer(question)])
        assert played.text == played.outcome.text
        return played
