"""The built-in assistant: answers in the words of the organization's own articles, or says that it cannot."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Protocol
from uuid import UUID

from domain.assistant import (
    Answer,
    Clarification,
    ConsideredPassage,
    Delta,
    Handoff,
    HandoffReason,
    Outcome,
    Piece,
    Provenance,
    Question,
    Speaker,
    pieces,
)
from infra.ai import composing
from infra.ai.intent import Intent, Intents
from infra.knowledge.retrieval import Found, ScoredTopic

THRESHOLD = 0.45
"""Confidence from which a question is answered where the organization has not chosen one."""
TIE = 0.02
"""Articles whose evidence is this close to the best one's are asked about."""
MOST_CHOICES = 3
QUOTED = 300
"""Characters of a customer's message in a summary."""

TALK = {
    Intent.GREETING: composing.GREETING,
    Intent.THANKS: composing.THANKS,
    Intent.FAREWELL: composing.FAREWELL,
    Intent.ASSENT: composing.ASSENT,
}


class Search(Protocol):
    """What the assistant can look up."""

    async def __call__(self, question: Question) -> Found:
        """What fits a question, among what customers may see."""
        ...


Thresholds = Callable[[UUID], Awaitable[float | None]]
"""The threshold that an organization has chosen, from 0 (answer everything) to 1; None where it has not."""


@dataclass
class LocalAssistant:
    """Decides by measured confidence: a person who is asked for, small talk, a tie, nothing that fits, an answer.

    `model` names the embedding model in the provenance; `words_per_second` paces the text, 0 for at once.
    """

    search: Search
    intents: Intents
    threshold_of: Thresholds
    model: str
    words_per_second: float = 80.0
    name: str = "local"

    async def answer(self, question: Question) -> AsyncGenerator[Piece, None]:
        """The answer word by word, then its outcome, whose provenance tells how it was decided."""
        started = perf_counter()
        outcome = await self._outcome(question)
        for piece in pieces(outcome.text):
            if self.words_per_second:
                await asyncio.sleep(1 / self.words_per_second)
            yield Delta(piece)
        assert outcome.provenance is not None  # noqa: S101
        total = 1000 * (perf_counter() - started)
        yield replace(outcome, provenance=replace(outcome.provenance, total_ms=total))

    async def _outcome(self, question: Question) -> Outcome:
        chosen = await self.threshold_of(question.organization_id)
        threshold = THRESHOLD if chosen is None else chosen
        intent = await self.intents.of(question.text)
        if intent is Intent.PERSON:
            why = Provenance(self.model, 1.0, threshold, decision="the customer asks for a person")
            return Handoff(HandoffReason.CUSTOMER_ASKED, _story(question), composing.PERSON, why)
        if intent in TALK:
            why = Provenance(self.model, 1.0, threshold, decision=f"small talk: {intent}")
            return Answer(TALK[intent], (), why)
        started = perf_counter()
        found = await self.search(question)
        why = self._provenance(found, threshold, 1000 * (perf_counter() - started))
        return _decided(question, found, why)

    def _provenance(self, found: Found, threshold: float, took: float) -> Provenance:
        considered = tuple(
            ConsideredPassage(one.passage_id, one.article_id, one.title, one.score, one.similarity)
            for one in found.passages
        )
        confidence = found.passages[0].confidence if found.passages else 0.0
        return Provenance(self.model, confidence, threshold, considered, retrieval_ms=took)


def _decided(question: Question, found: Found, why: Provenance) -> Outcome:
    if not found.passages or why.confidence < why.threshold:
        return _not_known(question, found, why)
    tied = _tied(question, found, why.threshold)
    if tied:
        text, choices = composing.clarification(tied)
        return Clarification(text, choices, replace(why, decision=f"{len(tied)} articles fit alike"))
    best = found.passages[0]
    text, citations = composing.answer(best, composing.related_to(best, found.passages, why.threshold))
    return Answer(text, citations, replace(why, decision="confident enough"))


def _tied(question: Question, found: Found, threshold: float) -> Sequence[ScoredTopic]:
    """The articles that fit alike, if the customer was not asked just before; none where one stands out."""
    said = [turn.text for turn in question.history if turn.speaker is Speaker.ASSISTANT]
    if said and said[-1].startswith(composing.CLARIFYING):
        return ()
    quotable = {passage.article_id for passage in found.passages}
    topics = [one for one in found.topics if one.article_id in quotable and one.confidence >= threshold]
    close = [one for one in topics if topics[0].evidence - one.evidence < TIE]
    named = list({one.title: one for one in close}.values())[:MOST_CHOICES]
    return named if len(named) > 1 else ()


def _not_known(question: Question, found: Found, why: Provenance) -> Handoff:
    near = f" Nearest article: “{found.passages[0].title}”." if found.passages else ""
    decision = replace(why, decision="nothing fits well enough" if found.passages else "nothing found")
    return Handoff(HandoffReason.NOT_IN_KNOWLEDGE, _story(question) + near, composing.UNKNOWN, decision)


def _story(question: Question) -> str:
    """The conversation for whoever takes over: where it began, what was asked last, what was before."""
    first = next((turn.text for turn in question.history if turn.speaker is Speaker.CUSTOMER), None)
    story = f"The customer writes: “{_quoted(question.text)}”."
    if first is not None:
        story += f" The conversation began with: “{_quoted(first)}”."
    return f"{story} Before: {_quoted(question.summary)}" if question.summary else story


def _quoted(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= QUOTED else flat[: QUOTED - 1].rstrip() + "…"
