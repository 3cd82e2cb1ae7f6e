"""Finds what fits a question in an organization's published knowledge: by meaning, by words and by what was learned."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Container, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import Row, TextClause
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.assistant import Embedder, Turn
from domain.model import ModelError
from infra.ai.context import standing
from infra.knowledge.spaces import Space
from infra.knowledge.statements import ARTICLES, LEARNED, PREPARE, TEXTS, Statements, statements_of
from infra.matching.learned import Learned
from infra.matching.ranking import Candidate, Phrases, Ranked, Topic, longness, rank, topics
from infra.matching.terms import Counts, Weighed

TOLD = 5
"""Articles whose phrases fit best bring their passages in, however far these are."""
TOPICS = 20
HISTORY_TURNS = 14
TURN_LENGTH = 200
"""Turns that count as history, and characters of each: the beginning of an answer names its topic."""
HISTORY_MEANING = 0.5
HISTORY_WORDS = 0.3
"""What the history weighs beside a question that finds nothing by itself; among short passages its meaning weighs half:
each of them answers a question of its own, and does not go on where another ended."""
CLEAR = 0.9
UNCLEAR = 0.5
"""At these cosines of what a question finds by itself, its history counts for nothing, and fully."""
CLEARLY = 0.1
"""The cosine by which a question must find more together with what it points at than alone."""
REMEMBERED = 64


@dataclass(frozen=True, slots=True)
class ScoredPassage:
    """A passage that was found: `score` ranks, `similarity` is its cosine, `confidence` (0 to 1) its article's."""

    passage_id: UUID
    article_id: UUID
    title: str
    headings: tuple[str, ...]
    text: str
    link: str | None
    score: float
    similarity: float
    confidence: float


@dataclass(frozen=True, slots=True)
class ScoredTopic:
    """An article that was found, whether or not one of its passages was; `confidence` is from 0 to 1."""

    article_id: UUID
    title: str
    link: str | None
    evidence: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Found:
    """What fits a question, best first."""

    passages: tuple[ScoredPassage, ...]
    topics: tuple[ScoredTopic, ...]


@dataclass(frozen=True, slots=True)
class _Asked:
    """One question within what its asker may see, in the vectors of one model."""

    connection: AsyncConnection
    scope: Mapping[str, Any]
    embedder: Embedder
    statements: Statements
    text: str
    vector: Sequence[float]
    history: Sequence[float] | None
    said: Counts
    before: Counts
    learned: Learned

    def cosine(self, found: float | None) -> float:
        """A cosine that was found, in the built-in model's terms; 0 where there is no vector."""
        return 0.0 if found is None else self.learned.scale(float(found))

    async def rows(self, statement: TextClause | Any, **values: Any) -> Sequence[Row[Any]]:
        """What a statement finds within the scope, by default by the question's own meaning."""
        found = await self.connection.execute(statement, {**self.scope, "vector": self.vector, **values})
        return found.all()


@dataclass(frozen=True, slots=True)
class _Topical:
    """What articles' phrases say to a question, the cosine of the closest thing there is, and those articles."""

    phrases: Phrases
    closest: float
    articles: Mapping[UUID, Row[Any]]


class Retrieval:
    """Searches within one organization, one or more audiences and, if wanted, some of its sources.

    `embedder` is the built-in one, whose vectors are always there. Of the `chosen` ones the first counts from whose
    vectors something was learned for the organization, which happens when all of them are there; when it cannot be
    reached, the built-in one does.
    """

    def __init__(self, embedder: Embedder, chosen: Sequence[Embedder] = ()) -> None:
        self.embedder = embedder
        self._chosen = chosen
        self._models = [one.name for one in (*chosen, embedder)]
        self._learned: OrderedDict[tuple[UUID, str], tuple[str, Learned]] = OrderedDict()
        self._served: dict[UUID, Embedder] = {}

    async def get_ready(self, organization_id: UUID, question: str, history: Sequence[Turn] = ()) -> None:
        """Let the chosen model that counted last time embed a question, before a connection is held for `find`.

        Such a model is far away; both remember what they made.
        """
        if embedder := self._served.get(organization_id):
            together = standing(question, history)
            with suppress(ModelError):
                await embedder.embed([*_texts(question, history), *([together] if together else [])])

    async def find(
        self,
        connection: AsyncConnection,
        organization_id: UUID,
        question: str,
        *,
        history: Sequence[Turn] = (),
        audiences: Sequence[str],
        first: int,
        sources: Sequence[UUID] | None = None,
    ) -> Found:
        """The `first` best passages, and articles that may answer, in a transaction of that organization.

        `history` is the conversation before the question, oldest first. What has no vector yet is found by its
        words alone.
        """
        scope = {"organization": organization_id, "audiences": list(audiences), "sources": sources and list(sources)}
        asked = await self._asked(connection, scope, question, history)
        asked, topical = await self._resolved(asked, question, history)
        candidates = await _candidates(asked, topical)
        ranked = rank(candidates, topical.phrases, asked.learned.terms.length)[:first]
        texts = {row.id: row for row in await asked.rows(TEXTS, ids=[one.passage_id for one in ranked])}
        passages = [_passage(one, texts[one.passage_id]) for one in ranked if one.passage_id in texts]
        best = topics(candidates, topical.phrases)[:TOPICS]
        articles = await _articles(asked, topical.articles, [one.article_id for one in best])
        named = [_topic(one, articles[one.article_id]) for one in best if one.article_id in articles]
        return Found(tuple(passages), tuple(named))

    async def _asked(
        self, connection: AsyncConnection, scope: Mapping[str, Any], question: str, history: Sequence[Turn]
    ) -> _Asked:
        texts, organization_id = _texts(question, history), scope["organization"]
        values = {"organization": organization_id, "question": question, "history": "".join(texts[1:])}
        row = (await connection.execute(PREPARE, values | {"models": self._models})).one()
        fingerprints: Mapping[str, str] = row.learned or {}
        embedder, vectors = await self._embedded(organization_id, texts, fingerprints)
        learned = await self._known(connection, organization_id, embedder.name, fingerprints.get(embedder.name))
        return _Asked(
            connection,
            {**scope, "model": embedder.name},
            embedder,
            statements_of(Space.of(embedder, beside=embedder is not self.embedder)),
            question,
            vectors[0],
            vectors[1] if len(vectors) > 1 else None,
            row.said or {},
            row.before or {},
            learned,
        )

    async def _embedded(
        self, organization_id: UUID, texts: Sequence[str], fingerprints: Container[str]
    ) -> tuple[Embedder, Sequence[Sequence[float]]]:
        """The vectors of a question and its history, by the model that counts for the organization."""
        self._served.pop(organization_id, None)
        for embedder in self._chosen:
            if embedder.name in fingerprints:
                self._served.setdefault(organization_id, embedder)
                with suppress(ModelError):
                    return embedder, await embedder.embed(texts)
        return self.embedder, await self.embedder.embed(texts)

    async def _resolved(self, asked: _Asked, question: str, history: Sequence[Turn]) -> tuple[_Asked, _Topical]:
        """The question, read together with what it points at where that finds clearly more."""
        alone = await _topics(asked)
        if alone.closest >= UNCLEAR or (together := standing(question, history)) is None:
            return asked, alone
        try:
            resolved = replace(asked, text=together, vector=(await asked.embedder.embed([together]))[0])
        except ModelError:
            return asked, alone
        found = await _topics(resolved)
        return (resolved, found) if found.closest - CLEARLY >= alone.closest else (asked, alone)

    async def _known(
        self, connection: AsyncConnection, organization_id: UUID, model: str, fingerprint: str | None
    ) -> Learned:
        """What was learned; read again when the stored fingerprint is another."""
        if fingerprint is None:
            return Learned()
        key = organization_id, model
        kept = self._learned.get(key)
        if kept is None or kept[0] != fingerprint:
            stored = await connection.scalar(LEARNED, {"organization": organization_id, "model": model})
            kept = fingerprint, Learned.from_bytes(stored or b"")
            self._learned[key] = kept
        self._learned.move_to_end(key)
        while len(self._learned) > REMEMBERED:
            self._learned.popitem(last=False)
        return kept[1]


def _texts(question: str, history: Sequence[Turn]) -> list[str]:
    """The question, and the conversation before it where there is one."""
    before = "\n".join(turn.text[:TURN_LENGTH] for turn in history[-HISTORY_TURNS:])
    return [question, before] if before.strip() else [question]


async def _topics(asked: _Asked) -> _Topical:
    """What phrases say to the question without its history.

    An article that the head does not know, being new, counts by its nearest phrase.
    """
    found = await asked.rows(asked.statements.nearest)
    nearest = {row.article_id: asked.cosine(row.similarity) for row in found}
    head, scale = asked.learned.head, asked.learned.scale
    known = head.evidence(asked.text, asked.vector, nearest, scale) if head else {}
    likely = set(list(known)[:TOPICS]) | nearest.keys()
    evidence = nearest | {topic: amount for topic, amount in known.items() if topic in likely}
    order = {topic: place for place, topic in enumerate(known)}
    articles = await _articles(asked, {}, list(evidence))
    best = sorted(articles, key=lambda topic: (-evidence[topic], order.get(topic, 0)))
    passages = await asked.rows(asked.statements.closest) if asked.history is not None else ()
    closest = [asked.cosine(row[0]) for row in passages]
    phrases = Phrases({topic: evidence[topic] for topic in best}, known.keys())
    return _Topical(phrases, max([*closest, *nearest.values()], default=0.0), articles)


async def _candidates(asked: _Asked, topical: _Topical) -> list[Candidate]:
    """Passages that may fit, by the question and, as far as it is unclear by itself, its history."""
    vector, share, terms = asked.vector, 0.0, asked.learned.terms
    if asked.history is not None:
        share = min(max((CLEAR - topical.closest) / (CLEAR - UNCLEAR), 0.0), 1.0)
        vector = _mixed(vector, asked.history, HISTORY_MEANING * share * (1 + longness(terms.length)) / 2)
    weighed = terms.weigh(asked.said, asked.before, HISTORY_WORDS * share)
    told = list(topical.phrases.evidence)[:TOLD]
    wanted = {"vector": vector, "alone": asked.vector, "told": told, "length": terms.length}
    rows = await asked.rows(asked.statements.passages, **wanted, **_words(weighed))
    return [
        Candidate(row.id, row.article_id, asked.cosine(row.alone), asked.cosine(row.similarity), float(row.words))
        for row in rows
    ]


def _words(weighed: Weighed) -> dict[str, Any]:
    return {"query": weighed.query, "lexemes": list(weighed.weights), "weights": list(weighed.weights.values())}


def _mixed(vector: Sequence[float], other: Sequence[float], share: float) -> list[float]:
    """The vector with a share of another, of length 1 again."""
    mixed = [one + share * two for one, two in zip(vector, other, strict=True)]
    length = sum(number * number for number in mixed) ** 0.5 or 1.0
    return [number / length for number in mixed]


async def _articles(asked: _Asked, known: Mapping[UUID, Row[Any]], ids: Sequence[UUID]) -> dict[UUID, Row[Any]]:
    """The articles among these that may be shown; those that are known already are not looked up again."""
    missing = [one for one in ids if one not in known]
    found = await asked.rows(ARTICLES, ids=missing) if missing else ()
    return {**known, **{row.id: row for row in found}}


def _passage(one: Ranked, row: Row[Any]) -> ScoredPassage:
    return ScoredPassage(
        one.passage_id,
        one.article_id,
        row.title,
        tuple(row.headings),
        row.text,
        row.link,
        one.score,
        one.similarity,
        one.confidence,
    )


def _topic(one: Topic, article: Row[Any]) -> ScoredTopic:
    return ScoredTopic(one.article_id, article.title, article.link, one.evidence, one.confidence)
