"""Finds what fits a question in an organization's published knowledge: by meaning, by words and by what was learned."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import Row, TextClause, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.assistant import Embedder, Turn
from infra.ai.context import standing
from infra.ai.learned import Learned
from infra.ai.ranking import Candidate, Phrases, Ranked, Topic, rank, topics
from infra.ai.terms import Counts, Weighed

CANDIDATES = 60
"""Passages that meaning and words bring in each."""
PHRASES = 100
"""Phrases looked at, nearest first."""
TOLD = 5
"""Articles whose phrases fit best bring their passages in, however far these are."""
TOPICS = 20
HISTORY_TURNS = 14
TURN_LENGTH = 200
"""Turns that count as history, and characters of each: the beginning of an answer names its topic."""
HISTORY_MEANING = 0.5
HISTORY_WORDS = 0.3
"""What the history weighs beside a question that finds nothing by itself."""
CLEAR = 0.9
UNCLEAR = 0.5
"""At these cosines of what a question finds by itself, its history counts for nothing, and fully."""
CLEARLY = 0.1
"""The cosine by which a question must find more together with what it points at than alone."""
REMEMBERED = 64

SCOPE = """organization_id = :organization AND audience = ANY(CAST(:audiences AS text[]))
    AND (CAST(:sources AS uuid[]) IS NULL OR source_id = ANY(CAST(:sources AS uuid[])))"""
VECTOR = "CAST(CAST(:vector AS real[]) AS vector)"

# A plan made for any tenant would walk the vector index for a small one, and give up before it found its rows.
PREPARE = text("""
SELECT set_config('plan_cache_mode', 'force_custom_plan', true),
    set_config('hnsw.iterative_scan', 'strict_order', true), set_config('hnsw.ef_search', '100', true),
    (SELECT fingerprint FROM knowledge_model WHERE organization_id = :organization) AS fingerprint,
    (SELECT jsonb_object_agg(lexeme, cardinality(positions)) FROM unnest(to_tsvector('english', :question))) AS said,
    (SELECT jsonb_object_agg(lexeme, cardinality(positions)) FROM unnest(to_tsvector('english', :history))) AS before
""").columns(said=JSONB, before=JSONB)

LEARNED = text("SELECT weights FROM knowledge_model WHERE organization_id = :organization")

NEAREST = text(f"""
SELECT article_id, max(similarity) AS similarity FROM (
    SELECT article_id, -(embedding <#> {VECTOR}) AS similarity FROM phrase
    WHERE {SCOPE} AND embedding IS NOT NULL ORDER BY embedding <#> {VECTOR} LIMIT {PHRASES}
) AS near GROUP BY article_id
""")  # noqa: S608

CLOSEST = text(f"""
SELECT -(embedding <#> {VECTOR}) FROM passage
WHERE {SCOPE} AND embedding IS NOT NULL ORDER BY embedding <#> {VECTOR} LIMIT 1
""")  # noqa: S608

ARTICLES = text(f"""
SELECT id, title, link FROM article WHERE id = ANY(CAST(:ids AS uuid[])) AND published_number IS NOT NULL AND {SCOPE}
""")  # noqa: S608

BM25 = "weight * often * 2.2 / (often + 1.2 * (0.25 + 0.75 * length(passage.search) / :length))"
PASSAGES = text(f"""
WITH near AS MATERIALIZED (
    SELECT id FROM passage WHERE {SCOPE} AND embedding IS NOT NULL ORDER BY embedding <#> {VECTOR} LIMIT {CANDIDATES}
), worded AS MATERIALIZED (
    SELECT id FROM passage WHERE {SCOPE} AND search @@ CAST(:query AS tsquery)
    ORDER BY ts_rank(search, CAST(:query AS tsquery)) DESC, id LIMIT {CANDIDATES}
), told AS MATERIALIZED (
    SELECT id FROM passage WHERE {SCOPE} AND article_id = ANY(CAST(:told AS uuid[])) ORDER BY ordinal LIMIT {CANDIDATES}
), found AS (SELECT id FROM near UNION SELECT id FROM worded UNION SELECT id FROM told)
SELECT id, article_id, coalesce(-(embedding <#> {VECTOR}), 0) AS similarity,
    coalesce(-(embedding <#> CAST(CAST(:alone AS real[]) AS vector)), 0) AS alone, (
    SELECT coalesce(sum({BM25}), 0)
    FROM (SELECT lexeme, cardinality(positions) AS often FROM unnest(passage.search)) AS held
    JOIN unnest(CAST(:lexemes AS text[]), CAST(:weights AS float8[])) AS asked (lexeme, weight) USING (lexeme)
) AS words
FROM found JOIN passage USING (id)
""")  # noqa: S608

TEXTS = text(f"""
SELECT id, article_id, title, headings, text, link FROM passage WHERE id = ANY(CAST(:ids AS uuid[])) AND {SCOPE}
""")  # noqa: S608


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
    """One question within what its asker may see."""

    connection: AsyncConnection
    scope: Mapping[str, Any]
    vector: Sequence[float]
    history: Sequence[float] | None
    said: Counts
    before: Counts
    learned: Learned

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
    """Searches within one organization, one or more audiences and, if wanted, some of its sources."""

    def __init__(self, embedder: Embedder) -> None:
        self.embedder = embedder
        self._learned: OrderedDict[UUID, tuple[str, Learned]] = OrderedDict()

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
        before = "\n".join(turn.text[:TURN_LENGTH] for turn in history[-HISTORY_TURNS:])
        vectors = await self.embedder.embed([question, before] if before.strip() else [question])
        values = {"organization": scope["organization"], "question": question, "history": before}
        row = (await connection.execute(PREPARE, values)).one()
        learned = await self._known(connection, scope["organization"], row.fingerprint)
        context = vectors[1] if len(vectors) > 1 else None
        return _Asked(connection, scope, vectors[0], context, row.said or {}, row.before or {}, learned)

    async def _resolved(self, asked: _Asked, question: str, history: Sequence[Turn]) -> tuple[_Asked, _Topical]:
        """The question, read together with what it points at where that finds clearly more."""
        alone = await _topics(asked)
        if alone.closest >= UNCLEAR or (together := standing(question, history)) is None:
            return asked, alone
        resolved = replace(asked, vector=(await self.embedder.embed([together]))[0])
        found = await _topics(resolved)
        return (resolved, found) if found.closest - CLEARLY >= alone.closest else (asked, alone)

    async def _known(self, connection: AsyncConnection, organization_id: UUID, fingerprint: str | None) -> Learned:
        """What was learned; read again when the stored fingerprint is another."""
        if fingerprint is None:
            return Learned()
        kept = self._learned.get(organization_id)
        if kept is None or kept[0] != fingerprint:
            stored = await connection.scalar(LEARNED, {"organization": organization_id})
            kept = fingerprint, Learned.from_bytes(stored or b"")
            self._learned[organization_id] = kept
        self._learned.move_to_end(organization_id)
        while len(self._learned) > REMEMBERED:
            self._learned.popitem(last=False)
        return kept[1]


async def _topics(asked: _Asked) -> _Topical:
    """What phrases say to the question without its history.

    An article that the head does not know, being new, counts by its nearest phrase.
    """
    nearest = {row.article_id: float(row.similarity) for row in await asked.rows(NEAREST)}
    head = asked.learned.head
    known = head.evidence(asked.vector, nearest) if head else {}
    likely = set(list(known)[:TOPICS]) | nearest.keys()
    evidence = nearest | {topic: amount for topic, amount in known.items() if topic in likely}
    order = {topic: place for place, topic in enumerate(known)}
    articles = await _articles(asked, {}, list(evidence))
    best = sorted(articles, key=lambda topic: (-evidence[topic], order.get(topic, 0)))
    closest = [float(row[0]) for row in await asked.rows(CLOSEST)] if asked.history is not None else []
    phrases = Phrases({topic: evidence[topic] for topic in best}, known.keys())
    return _Topical(phrases, max([*closest, *nearest.values()], default=0.0), articles)


async def _candidates(asked: _Asked, topical: _Topical) -> list[Candidate]:
    """Passages that may fit, by the question and, as far as it is unclear by itself, its history."""
    vector, share = asked.vector, 0.0
    if asked.history is not None:
        share = min(max((CLEAR - topical.closest) / (CLEAR - UNCLEAR), 0.0), 1.0)
        vector = _mixed(vector, asked.history, HISTORY_MEANING * share)
    terms = asked.learned.terms
    weighed = terms.weigh(asked.said, asked.before, HISTORY_WORDS * share)
    told = list(topical.phrases.evidence)[:TOLD]
    wanted = {"vector": vector, "alone": asked.vector, "told": told, "length": terms.length}
    rows = await asked.rows(PASSAGES, **wanted, **_words(weighed))
    return [
        Candidate(row.id, row.article_id, float(row.alone), float(row.similarity), float(row.words)) for row in rows
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
