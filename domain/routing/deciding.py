"""Who is asked to take what: the whole rule of the queue, without any outside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from domain.conversation.desk_events import OfferEnd
from domain.routing.events import Status
from domain.routing.policy import UNSEEN, Terms


class Hindrance(StrEnum):
    """Why nobody is asked to take a conversation that waits."""

    OUT_OF_HOURS = "out_of_hours"
    NOBODY_IN_TEAM = "nobody_in_team"
    NOBODY_ONLINE = "nobody_online"
    NOBODY_SPEAKS_LANGUAGE = "nobody_speaks_language"
    NOBODY_KNOWS_TOPIC = "nobody_knows_topic"
    EVERYBODY_PASSED = "everybody_passed"
    EVERYBODY_BUSY = "everybody_busy"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A conversation in the queue: where it came in, since when it waits, and what it is about, if that is known.

    With `for_team` only the people of its inbox's teams take it. `rank` grows with its priority.
    """

    id: UUID
    inbox_id: UUID
    rank: int
    since: datetime
    for_team: bool = False
    language: str | None = None
    topic: str | None = None
    passed: Mapping[UUID, datetime] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def place(self) -> tuple[int, datetime, UUID]:
        """What the queue is in the order of."""
        return -self.rank, self.since, self.id

    def relaxed(self, terms: Terms, at: datetime) -> Waiting:
        """With what it still needs after its wait: the topic is given up first, then the language, the team never."""
        waited = (at - self.since).total_seconds()
        topic = self.topic if waited < terms.topic else None
        language = self.language if waited < terms.language else None
        is_as_before = (topic, language) == (self.topic, self.language)
        return self if is_as_before else replace(self, topic=topic, language=language)


@dataclass(frozen=True, slots=True)
class Person:
    """An agent at work: `load` is what they have and are asked to take; `asked_at` when they were asked last.

    `inbox_ids` are those of their teams; `everywhere` those take the others, too, whose rights reach all inboxes.
    """

    id: UUID
    capacity: int
    load: int
    seen_at: datetime
    status: Status = Status.ONLINE
    languages: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    inbox_ids: frozenset[UUID] = frozenset()
    everywhere: bool = True
    asked_at: datetime | None = None

    def is_there(self, at: datetime) -> bool:
        """Whether they are online, and were seen of late."""
        return self.status is Status.ONLINE and self.seen_at + UNSEEN > at

    def has_room(self, at: datetime) -> bool:
        """Whether they are there, and can be asked to take one more."""
        return self.load < self.capacity and self.is_there(at)

    def is_of_team(self, one: Waiting) -> bool:
        """Whether it is theirs to take."""
        return one.inbox_id in self.inbox_ids or (self.everywhere and not one.for_team)

    def speaks(self, one: Waiting) -> bool:
        """Whether they know its language: one of a region knows them all."""
        return one.language is None or not self.languages or _stem(one.language) in self.languages

    def knows(self, one: Waiting) -> bool:
        """Whether they know what it is about."""
        return one.topic is None or not self.topics or one.topic.casefold() in self.topics


@dataclass(frozen=True, slots=True)
class Asked:
    """An open offer."""

    conversation_id: UUID
    agent_id: UUID
    until: datetime


@dataclass(frozen=True, slots=True)
class Ended:
    """An offer that is over."""

    conversation_id: UUID
    end: OfferEnd


@dataclass(frozen=True, slots=True)
class Match:
    """Who is to be asked to take what."""

    conversation_id: UUID
    agent_id: UUID


def skills(languages: Iterable[str], topics: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Languages and topics as they are compared."""
    return frozenset(map(_stem, languages)), frozenset(topic.casefold() for topic in topics)


def settle(asked: Sequence[Asked], people: Sequence[Person], at: datetime) -> list[Ended]:
    """The offers that are over: their time is up, their agent is not there, or has too much already."""
    known = {person.id: person for person in people}
    lapsed = [one for one in asked if one.until <= at]
    excess = Counter({person.id: person.load - person.capacity for person in people})
    excess.subtract(one.agent_id for one in lapsed)
    ended = [Ended(one.conversation_id, OfferEnd.LAPSED) for one in lapsed]
    for one in sorted(asked, key=lambda each: each.until, reverse=True):
        person = known.get(one.agent_id)
        if one.until > at and (person is None or not person.is_there(at) or excess[one.agent_id] > 0):
            ended.append(Ended(one.conversation_id, OfferEnd.WITHDRAWN))
            excess[one.agent_id] -= 1
    return ended


def decide(waiting: Sequence[Waiting], people: Sequence[Person], terms: Terms, at: datetime) -> list[Match]:
    """Who is asked to take what, first come first served within each priority; each is asked for as much as fits.

    Of those who fit and have room the one is asked who has the least to do for their capacity, then who was asked
    longest ago. Nobody who fits is left with room while something that they could take waits.
    """
    room = {person.id: person for person in people if person.has_room(at)}
    loads = {person.id: person.load for person in room.values()}
    turns = {person.id: _turn(person, person.load, person.asked_at) for person in room.values()}
    fitting: dict[object, list[UUID]] = {}
    matches: list[Match] = []
    for one in sorted(waiting, key=lambda each: each.place):
        if not turns:
            break
        needs = one.relaxed(terms, at)
        kind = (one.inbox_id, one.for_team, needs.language, needs.topic)
        if kind not in fitting:
            fitting[kind] = [person.id for person in room.values() if _fits(needs, person)]
        able = (each for each in fitting[kind] if each in turns and not _passed(one, each, at))
        if chosen := min(able, key=turns.__getitem__, default=None):
            matches.append(Match(one.id, chosen))
            loads[chosen] += 1
            turns[chosen] = _turn(room[chosen], loads[chosen], at)
            if loads[chosen] >= room[chosen].capacity:
                del turns[chosen]
    return matches


def laden(people: Sequence[Person], matches: Sequence[Match], at: datetime) -> list[Person]:
    """The same people with what they are asked to take."""
    more = Counter(match.agent_id for match in matches)
    return [
        replace(person, load=person.load + more[person.id], asked_at=at) if more[person.id] else person
        for person in people
    ]


def hindrances(one: Waiting, people: Sequence[Person], terms: Terms, at: datetime, *, is_open: bool) -> list[Hindrance]:
    """Why nobody is asked, if that is so: the step at which nobody is left, and that it is out of hours."""
    found = [] if is_open else [Hindrance.OUT_OF_HOURS]
    needs, left = one.relaxed(terms, at), list(people)
    for hindrance, remains in (
        (Hindrance.NOBODY_IN_TEAM, lambda person: person.is_of_team(one)),
        (Hindrance.NOBODY_ONLINE, lambda person: person.is_there(at)),
        (Hindrance.NOBODY_SPEAKS_LANGUAGE, lambda person: person.speaks(needs)),
        (Hindrance.NOBODY_KNOWS_TOPIC, lambda person: person.knows(needs)),
        (Hindrance.EVERYBODY_PASSED, lambda person: not _passed(one, person.id, at)),
        (Hindrance.EVERYBODY_BUSY, lambda person: person.load < person.capacity),
    ):
        left = [person for person in left if remains(person)]
        if not left:
            return [*found, hindrance]
    return found


def moments(
    asked: Sequence[Asked], people: Sequence[Person], left: Sequence[Waiting], terms: Terms, at: datetime
) -> Iterator[datetime]:
    """When something changes by the passing of time alone: what is to come, in no order."""
    grace, waits = timedelta(seconds=terms.grace), (terms.topic, terms.language)
    busy = {one.agent_id for one in asked}
    times = [one.until for one in asked]
    times += [person.seen_at + UNSEEN for person in people if person.id in busy]
    times += [person.seen_at + grace for person in people if person.status is not Status.OFFLINE]
    for one in left:
        times += [one.since + timedelta(seconds=wait) for wait in waits]
        times += one.passed.values()
    return (time for time in times if time > at)


def _fits(needs: Waiting, person: Person) -> bool:
    return person.is_of_team(needs) and person.speaks(needs) and person.knows(needs)


def _passed(one: Waiting, agent_id: UUID, at: datetime) -> bool:
    not_before = one.passed.get(agent_id)
    return not_before is not None and not_before > at


def _turn(person: Person, load: int, asked_at: datetime | None) -> tuple[float, float, UUID]:
    """By what people are chosen, the least first."""
    return load / person.capacity, asked_at.timestamp() if asked_at else 0.0, person.id


def _stem(language: str) -> str:
    return language.partition("-")[0].casefold()
