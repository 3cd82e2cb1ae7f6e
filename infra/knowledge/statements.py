"""What is asked of the tables to find what fits a question: by meaning, in one model's vectors, and by words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sqlalchemy import TextClause, text
from sqlalchemy.dialects.postgresql import JSONB

from infra.knowledge.spaces import Space

CANDIDATES = 60
"""Passages that meaning and words bring in each."""
PHRASES = 100
"""Phrases looked at, nearest first."""


def _scope(table: str) -> str:
    return f"""{table}.organization_id = :organization AND {table}.audience = ANY(CAST(:audiences AS text[]))
    AND (CAST(:sources AS uuid[]) IS NULL OR {table}.source_id = ANY(CAST(:sources AS uuid[])))"""


# A plan made for any tenant would walk the vector index for a small one, and give up before it found its rows.
PREPARE = text("""
SELECT set_config('plan_cache_mode', 'force_custom_plan', true),
    set_config('hnsw.iterative_scan', 'strict_order', true), set_config('hnsw.ef_search', '100', true),
    (SELECT jsonb_object_agg(model, fingerprint) FROM knowledge_model
     WHERE organization_id = :organization AND model = ANY(CAST(:models AS text[]))) AS learned,
    (SELECT jsonb_object_agg(lexeme, cardinality(positions)) FROM unnest(to_tsvector('english', :question))) AS said,
    (SELECT jsonb_object_agg(lexeme, cardinality(positions)) FROM unnest(to_tsvector('english', :history))) AS before
""").columns(learned=JSONB, said=JSONB, before=JSONB)

LEARNED = text("SELECT weights FROM knowledge_model WHERE organization_id = :organization AND model = :model")

ARTICLES = text(f"""
SELECT id, title, link FROM article
WHERE id = ANY(CAST(:ids AS uuid[])) AND published_number IS NOT NULL AND {_scope("article")}
""")  # noqa: S608

TEXTS = text(f"""
SELECT id, article_id, title, headings, text, link FROM passage
WHERE id = ANY(CAST(:ids AS uuid[])) AND {_scope("passage")}
""")  # noqa: S608

BM25 = "weight * often * 2.2 / (often + 1.2 * (0.25 + 0.75 * length(passage.search) / :length))"


@dataclass(frozen=True, slots=True)
class Statements:
    """What is asked of the vectors of one space; cosines come as that space has them, None without a vector."""

    nearest: TextClause
    closest: TextClause
    passages: TextClause


@cache
def statements_of(space: Space) -> Statements:
    """The statements of a space."""
    return Statements(text(_nearest(space)), text(_closest(space)), text(_passages(space)))


def _nearest(space: Space) -> str:
    phrase, asked = space.compared("phrase"), space.asked("vector")
    return f"""
SELECT article_id, max(similarity) AS similarity FROM (
    SELECT phrase.article_id, -({phrase} <#> {asked}) AS similarity FROM {space.source("phrase")}
    WHERE {_scope("phrase")} AND {phrase} IS NOT NULL ORDER BY {phrase} <#> {asked} LIMIT {PHRASES}
) AS near GROUP BY article_id
"""  # noqa: S608


def _closest(space: Space) -> str:
    passage, asked = space.compared("passage"), space.asked("vector")
    return f"""
SELECT -({passage} <#> {asked}) FROM {space.source("passage")}
WHERE {_scope("passage")} AND {passage} IS NOT NULL ORDER BY {passage} <#> {asked} LIMIT 1
"""  # noqa: S608


def _passages(space: Space) -> str:
    passage, asked, scope = space.compared("passage"), space.asked("vector"), _scope("passage")
    return f"""
WITH near AS MATERIALIZED (
    SELECT passage.id FROM {space.source("passage")} WHERE {scope} AND {passage} IS NOT NULL
    ORDER BY {passage} <#> {asked} LIMIT {CANDIDATES}
), worded AS MATERIALIZED (
    SELECT id FROM passage WHERE {scope} AND search @@ CAST(:query AS tsquery)
    ORDER BY ts_rank(search, CAST(:query AS tsquery)) DESC, id LIMIT {CANDIDATES}
), told AS MATERIALIZED (
    SELECT id FROM passage WHERE {scope} AND article_id = ANY(CAST(:told AS uuid[])) ORDER BY ordinal LIMIT {CANDIDATES}
), found AS (SELECT id FROM near UNION SELECT id FROM worded UNION SELECT id FROM told)
SELECT passage.id, passage.article_id, -({passage} <#> {asked}) AS similarity,
    -({passage} <#> {space.asked("alone")}) AS alone, (
    SELECT coalesce(sum({BM25}), 0)
    FROM (SELECT lexeme, cardinality(positions) AS often FROM unnest(passage.search)) AS held
    JOIN unnest(CAST(:lexemes AS text[]), CAST(:weights AS float8[])) AS asked (lexeme, weight) USING (lexeme)
) AS words
FROM found JOIN {space.source_of_all("passage")} ON passage.id = found.id
"""  # noqa: S608
