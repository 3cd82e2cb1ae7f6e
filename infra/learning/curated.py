"""Curated answers in front of the assistant: what people wrote is said where it matches, word for word."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, Protocol, cast
from uuid import UUID

from sqlalchemy import Row, text

from domain.assistant import (
    Answer,
    Assistant,
    Citation,
    ConsideredPassage,
    Delta,
    Embedder,
    Piece,
    Provenance,
    Question,
    pieces,
)
from infra.ai.context import leans
from infra.ai.intent import Intent
from infra.matching.learning import Tenants

MATCH = 0.8
"""The cosine from which a question is one that the answer was written for, by the built-in model.

With either half of the topics of BANKING77 curated (5 variants each) and questions about all of them, 90 or 94 of 100
that match are answered rightly, and 38 or 39 of 100 that could match do; of CLINC150's matches 95 or 97 of 100 are
right, of HINT3's 92 and 88 (`bench/curated.py`).
"""
MARGIN = 0.05
"""How much nearer it must be than to any other curated answer: between two that fit alike, neither is said."""
NEAREST = 10
MODEL = "curated answer"

# The whole list of a tenant is compared, some thousands at most: an index over all tenants would miss some of theirs.
NEAR = text(f"""
SELECT a.id, a.text, a.article_ids, max(-(q.embedding <#> CAST(CAST(:vector AS real[]) AS vector))) AS similarity
FROM curated_question AS q JOIN curated_answer AS a ON a.id = q.curated_answer_id
WHERE q.organization_id = :organization AND q.model = :model AND a.enabled
GROUP BY a.id ORDER BY similarity DESC, a.id LIMIT {NEAREST}
""")  # noqa: S608
CITED = text("""
SELECT DISTINCT ON (a.id) a.id, a.title, a.link, p.id AS passage_id, p.headings FROM article AS a
JOIN passage AS p ON p.article_id = a.id AND p.audience = 'everyone' AND p.organization_id = :organization
WHERE a.id = ANY(CAST(:ids AS uuid[])) AND a.organization_id = :organization AND a.published_number IS NOT NULL
ORDER BY a.id, p.ordinal
""")


class Intents(Protocol):
    """What messages want."""

    async def of(self, message: str) -> Intent:
        """What one of them wants."""
        ...


@dataclass(frozen=True, slots=True)
class Match:
    """A curated answer that fits a question, with what it cites of the articles that everyone may read."""

    id: UUID
    text: str
    citations: tuple[Citation, ...]
    similarity: float


class CuratedSearch:
    """Finds the one curated answer that a question was foreseen by."""

    def __init__(self, tenant: Tenants, embedder: Embedder) -> None:
        self._tenant = tenant
        self._embedder = embedder

    async def __call__(self, organization_id: UUID, question: str) -> Match | None:
        """The answer, where one is near enough and no other as near."""
        vector = (await self._embedder.embed([question]))[0]
        scope = {"organization": organization_id, "model": self._embedder.name, "vector": list(vector)}
        async with self._tenant(organization_id) as connection:
            found = (await connection.execute(NEAR, scope)).all()
            if not found or not _stands_out(found):
                return None
            ids = {"ids": found[0].article_ids, "organization": organization_id}
            cited = (await connection.execute(CITED, ids)).all() if found[0].article_ids else ()
        return Match(found[0].id, found[0].text, tuple(map(_citation, cited)), found[0].similarity)


def _stands_out(found: Sequence[Row[Any]]) -> bool:
    second = found[1].similarity if len(found) > 1 else -1.0
    return bool(found[0].similarity >= MATCH and found[0].similarity - second >= MARGIN)


def _citation(row: Row[Any]) -> Citation:
    return Citation(row.passage_id, row.id, row.title, tuple(row.headings), row.link)


@dataclass
class Curated:
    """An assistant made of an assistant: curated answers first, whatever they leave open is for the one behind.

    A message that leans on what was said before is never matched by its own words, and one that asks for a person is
    not answered at all here.
    """

    search: CuratedSearch
    intents: Intents
    behind: Assistant
    words_per_second: float = 80.0
    name: str = field(init=False)

    def __post_init__(self) -> None:
        self.name = self.behind.name  # which answers most

    async def answer(self, question: Question) -> AsyncIterator[Piece]:
        """The curated answer word by word, or whatever the assistant behind says."""
        started = perf_counter()
        match = await self._match(question)
        if match is None:
            async with aclosing(cast(AsyncGenerator[Piece, None], self.behind.answer(question))) as said:
                async for piece in said:
                    yield piece
            return
        for word in pieces(match.text):
            if self.words_per_second:
                await asyncio.sleep(1 / self.words_per_second)
            yield Delta(word)
        yield Answer(match.text, match.citations, _provenance(match, 1000 * (perf_counter() - started)))

    async def _match(self, question: Question) -> Match | None:
        if question.history and leans(question.text):
            return None
        match = await self.search(question.organization_id, question.text)
        if match is None or await self.intents.of(question.text) is not Intent.OTHER:
            return None
        return match


def _provenance(match: Match, took: float) -> Provenance:
    return Provenance(
        MODEL,
        confidence=match.similarity,
        threshold=MATCH,
        passages=tuple(
            ConsideredPassage(one.passage_id, one.article_id, one.title, match.similarity, match.similarity)
            for one in match.citations
        ),
        total_ms=took,
        decision="a curated answer matches",
        curated_answer_id=match.id,
    )
