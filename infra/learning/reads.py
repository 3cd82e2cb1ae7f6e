"""What one actor may see of curated answers, suites and their runs: nothing without the permission for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, Table, func, select, text, true

from domain.account.permission import Permission
from domain.knowledge.ports import ArticleView
from domain.learning.case import OutcomeKind
from domain.learning.curated import CuratedAnswerView, SimilarAnswer
from domain.learning.events import GapState, MissReason, RunState
from domain.learning.gap import GapQuestionView, GapView
from domain.learning.rehearsing import Trial
from domain.learning.run import SuiteRunView
from domain.learning.service import CaseResult
from domain.learning.statistics import Tally
from domain.learning.suite import SuiteView, TestCaseView
from domain.ports import ConversationView, Page, PageRequest
from infra.accounts.key_reads import SqlAccessReads
from infra.learning.rows import (
    article_origins,
    curated_answers,
    gap_questions,
    gaps,
    suite_runs,
    suites,
    test_cases,
    trials,
)
from infra.learning.stored import cases_of, rates_of, script_of
from infra.rows import conversations, messages
from infra.storage.paging import keyset, paged
from infra.storage.sight import reached

SIMILAR = 5
ALIKE = 0.6
"""The cosine from which two ways of asking are shown side by side."""

NEAR = text(f"""
SELECT a.id, max(-(q.embedding <#> CAST(CAST(:vector AS real[]) AS vector))) AS similarity
FROM curated_question AS q JOIN curated_answer AS a ON a.id = q.curated_answer_id
WHERE q.organization_id = :organization AND q.model = :model
GROUP BY a.id HAVING max(-(q.embedding <#> CAST(CAST(:vector AS real[]) AS vector))) >= {ALIKE}
ORDER BY similarity DESC, a.id LIMIT {SIMILAR}
""")  # noqa: S608

LIKE = text(f"""
SELECT mine.curated_answer_id AS of, q.curated_answer_id AS id, max(-(q.embedding <#> mine.embedding)) AS similarity
FROM curated_question AS mine JOIN curated_question AS q
    ON q.organization_id = mine.organization_id AND q.model = mine.model
    AND q.curated_answer_id <> mine.curated_answer_id
WHERE mine.organization_id = :organization AND mine.ordinal = 0 AND mine.curated_answer_id = ANY(CAST(:ids AS uuid[]))
GROUP BY 1, 2 HAVING max(-(q.embedding <#> mine.embedding)) >= {ALIKE}
ORDER BY 1, similarity DESC, 2
""")  # noqa: S608


@dataclass(frozen=True)
class _Listing:
    """What each object of a table has a list of, in its order."""

    of: Table
    mine: Select[Any]
    order: Sequence[tuple[Any, Callable[[str], Any]]]
    view: Callable[[Row[Any]], Any]
    place: Callable[[Row[Any]], tuple[str, ...]]
    descending: bool


class SqlLearningReads(SqlAccessReads):
    """The reads of one operation, in its one snapshot."""

    async def curated_answers(self, ids: Sequence[UUID]) -> Sequence[CuratedAnswerView | None]:
        """Curated answers by id."""
        return await self._found(curated_answers, ids, Permission.READ_ASSISTANT, _answer)

    async def curated_answer_page(self, page: PageRequest) -> Page[CuratedAnswerView]:
        """Curated answers, newest first."""
        self._actor.require(Permission.READ_ASSISTANT)
        return await self._newest_first(curated_answers, page, _answer)

    async def similar_answers(self, texts: Sequence[str]) -> Sequence[Sequence[SimilarAnswer]]:
        """For each text the curated answers that are asked for alike, nearest first."""
        self._actor.require(Permission.READ_ASSISTANT)
        vectors = await self._retrieval.embedder.embed(texts)
        return [await self._near(vector) for vector in vectors]

    async def _near(self, vector: Sequence[float]) -> Sequence[SimilarAnswer]:
        scope = {"organization": self._actor.tenant, "model": self._retrieval.embedder.name, "vector": list(vector)}
        near = {row.id: row.similarity for row in await self._rows(NEAR.bindparams(**scope))}
        views = await self.curated_answers(list(near))
        return [SimilarAnswer(view, near[view.id]) for view in views if view is not None]

    async def similar_to(self, ids: Sequence[UUID]) -> Sequence[Sequence[SimilarAnswer]]:
        """For each curated answer the others that are asked for alike, by its first question; nearest first."""
        self._actor.require(Permission.READ_ASSISTANT)
        scope = {"organization": self._actor.tenant, "ids": list(ids)}
        rows = await self._rows(LIKE.bindparams(**scope))
        views = await self.curated_answers(list({row.id for row in rows}))
        known = {view.id: view for view in views if view is not None}
        found: dict[UUID, list[SimilarAnswer]] = {identity: [] for identity in ids}
        for row in rows:
            found[row.of].append(SimilarAnswer(known[row.id], row.similarity))
        return [found[identity][:SIMILAR] for identity in ids]

    async def article_lists(self, keys: Sequence[tuple[UUID, ...]]) -> Sequence[Sequence[ArticleView]]:
        """For each list of ids the articles that the actor may see, in its order."""
        views = await self.articles(list({identity for key in keys for identity in key}))
        known = {view.id: view for view in views if view is not None}
        return [[known[identity] for identity in key if identity in known] for key in keys]

    async def article_origins(self, ids: Sequence[UUID]) -> Sequence[ConversationView | None]:
        """For each article the conversation that it was learned from, if there is one that the actor may see."""
        if not self._actor.may(Permission.READ_INTERNAL_KNOWLEDGE):
            return [None] * len(ids)
        c = article_origins.c
        rows = await self._rows(self._mine(article_origins).where(c.article_id.in_(ids)))
        views = await self.conversations([row.conversation_id for row in rows])
        found = {row.article_id: view for row, view in zip(rows, views, strict=True)}
        return [found.get(identity) for identity in ids]

    async def gaps(self, ids: Sequence[UUID]) -> Sequence[GapView | None]:
        """Gaps by id."""
        return await self._found(gaps, ids, Permission.READ_ASSISTANT, _gap)

    async def gap_page(self, page: PageRequest, state: GapState) -> Page[GapView]:
        """Gaps in a state, the largest first."""
        self._actor.require(Permission.READ_ASSISTANT)
        c = gaps.c
        wanted = keyset(self._mine(gaps).where(c.state == state), page, (c.size, int), (c.id, UUID), descending=True)
        return paged(await self._rows(wanted), page, _gap, lambda row: (str(row.size), str(row.id)))

    async def gap_question_pages(self, keys: Sequence[tuple[UUID, PageRequest]]) -> Sequence[Page[GapQuestionView]]:
        """For each gap a page of its questions in conversations that the actor may see, newest first."""
        q, m = gap_questions.c, messages.c
        shown = (q.message_id, q.conversation_id, q.reason, q.asked_at, m.text)
        joined = gap_questions.join(messages, m.id == q.message_id)
        joined = joined.join(conversations, conversations.c.id == q.conversation_id)
        seen = reached(self._actor, Permission.READ_CONVERSATIONS)
        mine = select(*shown).select_from(joined).where(q.gap_id == gaps.c.id, seen)
        order = ((q.asked_at, datetime.fromisoformat), (q.message_id, UUID))
        return await self._pages(keys, _Listing(gaps, mine, order, _question, _by_asking, descending=True))

    async def suites(self, ids: Sequence[UUID]) -> Sequence[SuiteView | None]:
        """Suites by id."""
        if not self._actor.may(Permission.READ_ASSISTANT):
            return [None] * len(ids)
        found = {row.id: _suite(row) for row in await self._rows(self._suites().where(suites.c.id.in_(ids)))}
        return [found.get(identity) for identity in ids]

    async def all_suites(self) -> Sequence[SuiteView]:
        """Every suite, by name."""
        self._actor.require(Permission.READ_ASSISTANT)
        return [_suite(row) for row in await self._rows(self._suites().order_by(suites.c.name, suites.c.id))]

    async def test_cases(self, ids: Sequence[UUID]) -> Sequence[TestCaseView | None]:
        """Test cases by id."""
        return await self._found(test_cases, ids, Permission.READ_ASSISTANT, _case)

    async def suite_cases(self, ids: Sequence[UUID]) -> Sequence[Sequence[TestCaseView]]:
        """For each suite its test cases, oldest first."""
        self._actor.require(Permission.READ_ASSISTANT)
        c = test_cases.c
        found: dict[UUID, list[TestCaseView]] = {}
        for row in await self._rows(self._mine(test_cases).where(c.suite_id.in_(ids)).order_by(c.created_at, c.id)):
            found.setdefault(row.suite_id, []).append(_case(row))
        return [found.get(identity, []) for identity in ids]

    async def suite_runs(self, ids: Sequence[UUID]) -> Sequence[SuiteRunView | None]:
        """Runs by id."""
        return await self._found(suite_runs, ids, Permission.READ_ASSISTANT, _run)

    async def run_pages(self, keys: Sequence[tuple[UUID, PageRequest]]) -> Sequence[Page[SuiteRunView]]:
        """For each suite a page of its runs, newest first, in one statement for all of them."""
        c = suite_runs.c
        order = ((c.created_at, datetime.fromisoformat), (c.id, UUID))
        mine = self._mine(suite_runs).where(c.suite_id == suites.c.id)
        return await self._pages(keys, _Listing(suites, mine, order, _run, _by_time, descending=True))

    async def trial_pages(self, keys: Sequence[tuple[UUID, PageRequest]]) -> Sequence[Page[Trial]]:
        """For each run a page of its trials, by case and number, in one statement for all of them."""
        c = trials.c
        order = ((c.case_id, UUID), (c.number, int))
        mine = self._mine(trials).where(c.run_id == suite_runs.c.id)
        return await self._pages(keys, _Listing(suite_runs, mine, order, _trial, _by_number, descending=False))

    async def run_results(self, ids: Sequence[UUID]) -> Sequence[Sequence[CaseResult]]:
        """For each run what came of its cases, in their order."""
        runs = await self.suite_runs(ids)
        t = trials.c
        wrong = func.array_agg(func.array_to_string(t.failures, "\n")).filter(~t.passed).label("wrong")
        tallied = select(
            t.run_id, t.case_id, func.count().filter(t.passed).label("passed"), func.count().label("tried"), wrong
        )
        mine = tallied.where(t.organization_id == self._actor.tenant, t.run_id.in_(ids)).group_by(t.run_id, t.case_id)
        found = {(row.run_id, row.case_id): row for row in await self._rows(mine)}
        return [_results(run, found) if run else () for run in runs]

    async def _pages(self, keys: Sequence[tuple[UUID, PageRequest]], listing: _Listing) -> Sequence[Page[Any]]:
        """For each object of a table a page of what it has, in one statement; all requests have the same shape."""
        self._actor.require(Permission.READ_ASSISTANT)
        page, ids, of = keys[0][1], [key for key, _ in keys], listing.of.c
        one = keyset(listing.mine, page, *listing.order, descending=listing.descending).lateral("wanted")
        found: dict[UUID, list[Row[Any]]] = {identity: [] for identity in ids}
        wanted = select(one, of.id.label("of")).select_from(listing.of.join(one, true())).where(of.id.in_(ids))
        places = [one.c[column.name] for column, _ in listing.order]
        downward = listing.descending is not page.backward
        ordered = wanted.order_by(*(each.desc() if downward else each.asc() for each in places))
        for row in await self._rows(ordered.where(of.organization_id == self._actor.tenant)):
            found[row.of].append(row)
        return [paged(found[identity], page, listing.view, listing.place) for identity in ids]

    def _suites(self) -> Select[Any]:
        counted = select(func.count()).where(test_cases.c.suite_id == suites.c.id).scalar_subquery()
        return select(suites, counted.label("case_count")).where(suites.c.organization_id == self._actor.tenant)


def _answer(row: Row[Any]) -> CuratedAnswerView:
    return CuratedAnswerView(
        id=row.id,
        questions=tuple(row.questions),
        text=row.text,
        article_ids=tuple(row.article_ids),
        enabled=row.enabled,
        conversation_id=row.conversation_id,
        created_at=row.created_at,
    )


def _gap(row: Row[Any]) -> GapView:
    return GapView(row.id, row.label, GapState(row.state), row.size, row.last_seen_at, row.created_at)


def _question(row: Row[Any]) -> GapQuestionView:
    return GapQuestionView(row.message_id, row.conversation_id, row.text, MissReason(row.reason), row.asked_at)


def _by_asking(row: Row[Any]) -> tuple[str, str]:
    return row.asked_at.isoformat(), str(row.message_id)


def _suite(row: Row[Any]) -> SuiteView:
    return SuiteView(row.id, row.name, row.trials, row.is_gate, row.case_count, row.created_at)


def _case(row: Row[Any]) -> TestCaseView:
    script = script_of(row.script)
    return TestCaseView(row.id, row.suite_id, row.name, row.critical, script, row.conversation_id, row.created_at)


def _run(row: Row[Any]) -> SuiteRunView:
    return SuiteRunView(
        id=row.id,
        suite_id=row.suite_id,
        state=RunState(row.state),
        trials=row.trials,
        cases=cases_of(row.cases),
        prompt_number=row.prompt_number,
        model=row.model,
        knowledge=row.knowledge,
        done=row.done,
        passed=row.passed,
        rates=rates_of(row.rates),
        version=row.version,
        created_at=row.created_at,
        finished_at=row.finished_at,
    )


def _trial(row: Row[Any]) -> Trial:
    return Trial(
        case_id=row.case_id,
        number=row.number,
        failures=tuple(row.failures),
        outcome=OutcomeKind(row.outcome) if row.outcome else None,
        text=row.text,
        cited=tuple(row.cited),
        model=row.model,
        took_ms=row.took_ms,
    )


def _by_time(row: Row[Any]) -> tuple[str, str]:
    return row.created_at.isoformat(), str(row.id)


def _by_number(row: Row[Any]) -> tuple[str, str]:
    return str(row.case_id), str(row.number)


def _results(run: SuiteRunView, found: Mapping[tuple[UUID, UUID], Row[Any]]) -> Sequence[CaseResult]:
    tried = [(case, found[run.id, case.id]) for case in run.cases if (run.id, case.id) in found]
    return [CaseResult(case, Tally(row.passed, row.tried), _distinct(row.wrong or ())) for case, row in tried]


def _distinct(joined: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line for lines in joined for line in lines.split("\n") if line))
