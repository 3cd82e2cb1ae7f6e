"""Facts in Postgres: conversations that something happened to are folded anew, and replace what was known of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
import orjson

from domain.account.settings import Settings
from domain.analytics.business import BusinessTime
from domain.analytics.fact import EPOCH, FACTS, VALUES, Fact
from domain.analytics.folding import Happening, Surroundings, facts_of
from domain.analytics.measure import SPREAD, Dimension
from domain.base import Clock
from infra.analytics.sql import filling as sql
from infra.analytics.sql.rolling import BY_DAY
from infra.database import Database

BATCH = 5_000
"""Events of which the conversations are folded at once."""
SOME = 500
"""Conversations that a rebuild folds at once."""
NAMES = {kind: name for name, kind in FACTS.items()}
LATE = timedelta(minutes=10)
"""How long after its time something may be committed."""
FOLDED = tuple(name for name in FACTS if name != "delivery")
"""What the events of conversations tell; deliveries are in a table of their own."""
_at = attrgetter("at")


class Told(NamedTuple):
    """What the journal holds of one conversation."""

    owner: str
    conversation: str
    history: list[Happening]


class Rebuilt(NamedTuple):
    """How many conversations were folded, and the last of them; None once there are no more."""

    conversations: int
    last: UUID | None


class SqlFacts:
    """Folds over all organizations; one worker at a time does, whatever the others try."""

    def __init__(self, database: Database, clock: Clock, *, months: int = 0) -> None:
        self._database = database
        self._clock = clock
        self._months = months
        self._made: set[tuple[str, int, int]] = set()
        self._forgotten = EPOCH

    async def follow(self, most: int = BATCH) -> int:
        """Fold what the next events of the journal touch; how many events that were, 0 where another worker does."""
        async with self._database.analytics() as connection:
            if not await connection.fetchval(sql.ALONE):
                return 0
            place = await connection.fetchval(sql.PLACE) or 0
            news = await connection.fetchrow(sql.NEWS, place, most)
            if news is None or not news["events"]:
                return 0
            await self._refold(connection, [one.split(" ") for one in news["touched"]])
            await connection.execute(sql.MOVE, news["position"], self._clock())
        return int(news["events"])

    async def follow_deliveries(self, most: int = BATCH, *, anew: bool = False) -> int:
        """Count what was sent and what became of it, since the last look or anew; how many have changed."""
        now, oldest = self._clock(), self._oldest()
        await self._months_of({}, before=2)
        async with self._database.analytics() as connection:
            if not await connection.fetchval(sql.ALONE):
                return 0
            looked = EPOCH if anew else await connection.fetchval(sql.LOOKED) or EPOCH
            changed = int(await connection.fetchval(sql.DELIVERIES, max(looked - LATE, oldest), oldest, most))
            if changed < most:
                await connection.execute(sql.LOOK, now)
        return changed

    async def forget(self) -> int:
        """Drop the months that are not kept any more, and what was rolled up of them; how many partitions that were."""
        oldest = self._oldest()
        if oldest == self._forgotten:
            return 0
        async with self._database.analytics() as connection:
            made = {row["relname"] for row in await connection.fetch(sql.MONTHS)}
        old = sorted(name for name in made if name[-7:] < f"{oldest:%Y_%m}")  # the rest, `_rest`, sorts after digits
        for name in old:
            async with self._database.analytics() as connection:
                await connection.execute(sql.DROP.format(partition=name))
        async with self._database.analytics() as connection:
            names = [*FACTS, *(measure.name for spread in SPREAD.values() for measure in spread)]
            names += [name + BY_DAY for name in names]
            for statement in sql.FORGET_ROLLUPS:
                await connection.execute(statement, names, ["all", *Dimension], oldest)
        self._made.clear()
        self._forgotten = oldest
        return len(old)

    async def rebuild(self, after: UUID, most: int = SOME) -> Rebuilt:
        """Fold the next conversations after one, in the order of their ids."""
        async with self._database.analytics() as connection:
            await connection.fetchval(sql.IN_TURN)
            found = [(row["owner"], row["conversation"]) for row in await connection.fetch(sql.NEXT, after, most)]
            await self._refold(connection, found)
            if len(found) < most:
                await connection.execute(sql.ALL_DUE, list(FACTS))
        return Rebuilt(len(found), UUID(found[-1][1]) if len(found) == most else None)

    async def _refold(self, connection: asyncpg.Connection, touched: Sequence[Sequence[str]]) -> None:
        if not touched:
            return
        told = await _told(connection, touched)
        around = await _around(connection, told)
        found: dict[str, list[Fact]] = {name: [] for name in FACTS}
        for one in told:
            for fact in facts_of(one.conversation, one.history, around[one.owner]):
                found[NAMES[type(fact)]].append(fact)
        await self._replace(connection, [one.conversation for one in told], found)

    async def _replace(
        self, connection: asyncpg.Connection, conversations: Sequence[str], found: Mapping[str, list[Fact]]
    ) -> None:
        since = self._oldest()
        began = min(map(_at, found["conversation"]), default=since)
        kept = {name: [fact for fact in facts if fact.at >= since] for name, facts in found.items()}
        await self._months_of(kept)
        for name in FOLDED:
            await connection.execute(sql.FORGETS[name], conversations, began)
            if kept[name]:
                columns = zip(*map(VALUES[FACTS[name]], kept[name]), strict=True)
                await connection.execute(sql.WRITES[name], *columns)

    async def _months_of(self, found: Mapping[str, list[Fact]], *, before: int = 0) -> None:
        """Have a partition for each month that facts are in, for some months before this one and for the next.

        Each is made in a transaction of its own: it waits for whoever reads the table, who must not wait for us.
        """
        now = self._clock()
        near = (now + timedelta(days=31) * number for number in range(-before, 2))
        ahead = {(at.year, at.month) for at in near if at >= self._oldest()}
        wanted = {
            (name, *month)
            for name in FACTS
            for month in ahead | {(fact.at.year, fact.at.month) for fact in found.get(name, ())}
        }
        if wanted <= self._made:
            return
        async with self._database.analytics() as connection:
            made = {row["relname"] for row in await connection.fetch(sql.MONTHS)}
        for name, year, month in sorted(wanted):
            label = f"{year:04}_{month:02}"
            if f"{name}_{label}" not in made:
                start, end = date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)
                async with self._database.analytics() as connection:
                    await connection.execute(sql.MONTH.format(name=name, month=label, start=start, end=end))
        self._made |= wanted

    def _oldest(self) -> datetime:
        """The beginning of the first month that is kept."""
        if not self._months:
            return EPOCH
        now = self._clock().astimezone(UTC)
        months = now.year * 12 + now.month - 1 - self._months
        return datetime(months // 12, months % 12 + 1, 1, tzinfo=UTC)


async def _told(connection: asyncpg.Connection, touched: Sequence[Sequence[str]]) -> Sequence[Told]:
    """The whole history of each conversation, in the order of its versions and never of arrival."""
    told = {conversation: Told(owner, conversation, []) for owner, conversation in touched}
    streams = [f"{concept}:{conversation}" for conversation in told for concept in ("conversation", "classification")]
    for conversation, kind, payload, by, at in await connection.fetch(sql.HISTORY, streams):
        told[conversation].history.append(Happening(kind, payload, by, at))
    for one in told.values():
        one.history.sort(key=_is_aside)  # classifications may sort before the beginning
    return [one for one in told.values() if one.history]


def _is_aside(happening: Happening) -> bool:
    return happening.kind == "ConversationClassified"


async def _around(connection: asyncpg.Connection, told: Sequence[Told]) -> Mapping[str, Surroundings]:
    """What is known of the organizations, inboxes and customers that histories are about, in one statement."""
    customers = {
        happening.content["customer_id"]
        for one in told
        for happening in one.history
        if happening.kind == "ConversationStarted"
    }
    owners = {one.owner for one in told}
    known: dict[str, dict[str, str]] = {"hours": {}, "channel": {}, "team": {}, "verified": {}}
    for what, identity, value in await connection.fetch(sql.AROUND, list(owners), list(customers)):
        known[what][identity] = value
    verified = {one: EPOCH + timedelta(microseconds=int(at)) for one, at in known["verified"].items()}
    moments = [happening.at for one in told for happening in one.history]
    since, until = min(moments, default=EPOCH), max(moments, default=EPOCH) + timedelta(days=1)
    return {
        owner: Surroundings(
            owner, _time(known["hours"].get(owner), since, until), known["channel"], known["team"], verified
        )
        for owner in owners
    }


def _time(hours: str | None, since: datetime, until: datetime) -> BusinessTime:
    stored: dict[str, Any] = {"business_hours": orjson.loads(hours)} if hours else {}
    return BusinessTime(Settings.of(stored).business_hours, since, until)
