"""What one actor finds: the newest that fits, ranked, and the part of each text where the words are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, TableValuedAlias

from domain.base import FieldProblem, InvalidInputError
from domain.ports import Page, PageRequest
from domain.search.excerpt import WORD, Matches, excerpt, folded
from domain.search.ports import Findings, Hit
from domain.search.query import Kind, Search
from infra.reads import SqlReads
from infra.search.statements import (
    MOST,
    PREPARED,
    STEMS,
    Asked,
    Source,
    conversations_of,
    seen,
    source_of,
)

ENOUGH = 200
"""When so many fit that the actor may see, older ones are not looked for."""
RANKED = 500
FRESH = timedelta(days=90)
"""What is so much older counts half."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What was found so far, how many fit before it was asked who may see them, and since when that is all."""

    rows: Sequence[Row[Any]]
    matched: int
    since: datetime | None

    @property
    def is_enough(self) -> bool:
        """Whether older ones are not looked for: nothing is older, enough may be seen, or too much would be ranked."""
        return self.since is None or len(self.rows) >= ENOUGH or self.matched >= MOST

    @property
    def lacking(self) -> int:
        """How many more must fit so that enough of them may be seen, if as many of them may be as of those so far."""
        missing = ENOUGH - len(self.rows)
        return max(missing * self.matched // max(len(self.rows), 1), ENOUGH)

    def and_older(self, older: Reach) -> Reach:
        """What was found so far, and then."""
        return Reach([*self.rows, *older.rows], self.matched + older.matched, older.since)


class SqlSearchReads(SqlReads):
    """The reads of one operation that finds something."""

    async def findings(self, wanted: Search, page: PageRequest) -> Findings:
        """What fits a search, the best first; at most 500 in all its pages."""
        after = _after(page)
        asked = await self._asked(wanted, after[0] if after else None)
        if asked is None:
            return Findings(Page([], [], has_next=False, has_previous=False), None)
        ranked: list[tuple[float, UUID, Kind, Row[Any]]] = []
        since: list[datetime] = []
        for kind in wanted.kinds:
            if source := source_of(self._actor, kind, wanted.filter):
                reach = await self._reach(asked, kind, source)
                ranked += [(_score(row, asked.until), row.id, kind, row) for row in reach.rows]
                since += [reach.since] if reach.since else []
        ranked = sorted(ranked, key=lambda one: one[:2], reverse=True)[:RANKED]
        rest = [one for one in ranked if after is None or one[:2] < after[1:]]
        hits = await self._hits(asked, rest[: page.size])
        keys = [(asked.until.isoformat(), repr(hit.score), str(hit.id)) for hit in hits]
        shown = Page(hits, keys, has_next=len(rest) > page.size, has_previous=len(rest) < len(ranked))
        return Findings(shown, max(since, default=None))

    async def _asked(self, wanted: Search, until: datetime | None) -> Asked | None:
        values = {"text": wanted.text, "opening": wanted.opening, "prefix": wanted.prefix}
        row = (await self._rows(PREPARED.bindparams(**values)))[0]
        if not row.nodes:
            return None
        among = conversations_of(self._actor, wanted.filter)
        ids = None if among is None else [row.id for row in await self._rows(among)]
        ends = [each for each in (until or row.now, wanted.filter.until) if each]
        return Asked(wanted, row.asked, min(ends), ids)

    async def _reach(self, asked: Asked, kind: Kind, source: Source) -> Reach:
        """Go back in time until there is enough, or too much to rank, or nothing more."""
        if asked.is_narrow(kind):
            return await self._step(asked.within(kind), source, asked)
        reach = await self._step(asked.recent(kind), source, asked)
        while reach.since and not reach.is_enough:
            most = MOST - reach.matched
            older = asked.back(kind, reach.since, enough=min(reach.lacking, most), most=most)
            further = await self._step(older, source, asked)
            if further.since == reach.since:
                break
            reach = reach.and_older(further)
        return reach

    async def _step(self, found: TableValuedAlias, source: Source, asked: Asked) -> Reach:
        rows = await self._rows(seen(found, source))
        told = next(row for row in rows if row.id is None)
        earliest = asked.wanted.filter.since
        since = None if told.at is None or (earliest and told.at <= earliest) else told.at
        return Reach([row for row in rows if row.id is not None], told.seen, since)

    async def _hits(self, asked: Asked, chosen: Sequence[tuple[float, UUID, Kind, Row[Any]]]) -> list[Hit]:
        said: dict[UUID, str] = {}
        for kind in {kind for _, _, kind, _ in chosen}:
            if source := source_of(self._actor, kind, asked.wanted.filter):
                ids = [identity for _, identity, of, _ in chosen if of is kind]
                said |= {row.id: row.text or "" for row in await self._rows(source.texts(ids))}
        matches = await self._matches(asked.wanted, said.values())
        return [
            Hit(kind, identity, row.conversation_id, row.at, score, excerpt(said[identity], matches))
            for score, identity, kind, row in chosen
            if identity in said
        ]

    async def _matches(self, wanted: Search, texts: Any) -> Matches:
        """Whether a word is one that was looked for: itself, another form of it, or one that begins with the last."""
        exact = {folded(word) for word in wanted.words}
        words = {folded(word) for text in texts for word in WORD.findall(text)} | exact
        rows = await self._rows(STEMS.bindparams(words=sorted(words)))
        stems = {row.word: tuple(row.stem or ()) for row in rows}
        asked = {stems[word] for word in exact if stems[word]}
        prefix = folded(wanted.prefix)
        return lambda word: word in exact or stems[word] in asked or bool(prefix and word.startswith(prefix))


def _score(row: Row[Any], until: datetime) -> float:
    """How well it fits, a little less the older it is."""
    age: float = max((until - row.at) / FRESH, 0.0)
    return round(float(row.rank) * (1 + 1 / (1 + age)), 9)


def _after(page: PageRequest) -> tuple[datetime, float, UUID] | None:
    if page.after is None:
        return None
    try:
        until, score, identity = page.after
        return datetime.fromisoformat(until).astimezone(UTC), float(score), UUID(identity)
    except (ValueError, OverflowError):
        raise InvalidInputError(FieldProblem("after", "This is not a cursor of this list.")) from None
