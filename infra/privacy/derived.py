"""What was made of a conversation by people who learn from it: gaps, test cases and runs, curated answers, articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.privacy.words import ERASED
from infra.knowledge.rows import article_versions, articles
from infra.learning.rows import (
    article_origins,
    curated_answers,
    gap_questions,
    suite_runs,
    test_cases,
    trials,
)
from infra.privacy.places import named

REGAP = text("""
UPDATE gap SET embedding = rest.mean, label = coalesce(rest.label, :erased),
               state = CASE WHEN rest.label IS NULL THEN 'dismissed' ELSE state END
FROM (
  SELECT g.id, (SELECT avg(q.embedding) FROM gap_question AS q WHERE q.gap_id = g.id) AS mean,
         (SELECT m.text FROM gap_question AS q JOIN message AS m ON m.id = q.message_id
          WHERE q.gap_id = g.id ORDER BY q.asked_at DESC, q.message_id LIMIT 1) AS label
  FROM gap AS g WHERE g.id = ANY(:gaps)
) AS rest WHERE gap.id = rest.id
""")
"""What is left of a gap is called by another question, and is where the mean of the others is."""


@dataclass(frozen=True)
class Derived:
    """What was made of one conversation, before the rows go that say so; the connection is `rewriting`."""

    connection: AsyncConnection
    conversation_id: UUID

    async def erase(self) -> Sequence[str]:
        """Take its words out; the streams of the journal that tell of it."""
        return [*await self._gaps(), *await self._cases(), *await self._curated(), *await self._articles()]

    async def _gaps(self) -> Sequence[str]:
        q = gap_questions.c
        gone = delete(gap_questions).where(q.conversation_id == self.conversation_id).returning(q.gap_id)
        found = sorted(set(await self.connection.scalars(gone)))
        if found:
            await self.connection.execute(REGAP, {"gaps": found, "erased": ERASED})
        return named(found, "gap")

    async def _cases(self) -> Sequence[str]:
        """Test cases go by themselves; runs keep what they had of them, in words that say nothing."""
        c, t, r = test_cases.c, trials.c, suite_runs.c
        mine = select(c.id, c.suite_id).where(c.conversation_id == self.conversation_id)
        found = {row.id: row.suite_id for row in await self.connection.execute(mine)}
        if not found:
            return []
        said = update(trials).where(t.case_id.in_(found)).values(text=ERASED, failures=[], cited=[])
        await self.connection.execute(said)
        of_suites = select(r.id, r.cases).where(r.suite_id.in_(set(found.values())))
        ids = {str(case_id) for case_id in found}
        for row in (await self.connection.execute(of_suites.with_for_update())).all():
            cases = [_unsaid(case) if case["id"] in ids else case for case in row.cases]
            await self.connection.execute(update(suite_runs).where(r.id == row.id).values(cases=cases))
        return named(list(found), "testcase")

    async def _curated(self) -> Sequence[str]:
        c = curated_answers.c
        mine = select(c.id).where(c.conversation_id == self.conversation_id)
        return named((await self.connection.scalars(mine)).all(), "curatedanswer")

    async def _articles(self) -> Sequence[str]:
        """Drafts go; of what was published, which people have read and answer for, only the published text stays."""
        o, a, v = article_origins.c, articles.c, article_versions.c
        mine = select(o.article_id).where(o.conversation_id == self.conversation_id)
        found = (await self.connection.scalars(mine)).all()
        if not found:
            return []
        drafts = delete(articles).where(a.id.in_(found), a.published_number.is_(None)).returning(a.id)
        gone = set(await self.connection.scalars(drafts))
        published = select(a.published_number).where(a.id == v.article_id).scalar_subquery()
        others = (v.article_id.in_([one for one in found if one not in gone]), v.number != published)
        words: dict[str, Any] = {"title": ERASED, "body": ERASED, "questions": []}
        await self.connection.execute(update(article_versions).where(*others).values(**words))
        current = select(v.title).where(v.article_id == a.id, v.number == a.published_number).scalar_subquery()
        await self.connection.execute(update(articles).where(a.id.in_(found)).values(title=current))
        return named(found, "article")


def _unsaid(case: dict[str, Any]) -> dict[str, Any]:
    """A case of a run with neither the customer's words nor what was expected of the answer."""
    script = case["script"] | {"must_say": [], "must_not_say": [], "tools": {}}
    return case | {"name": ERASED, "script": script | {"turns": [ERASED for _ in script["turns"]]}}
