"""Who is asked, by the rule alone; and that drains which are asked for at once are one."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from domain.conversation.desk_events import OfferEnd
from domain.routing.deciding import Asked, Ended, Hindrance, Match, Person, Waiting, decide, hindrances, moments, settle
from domain.routing.events import Status
from domain.routing.policy import Terms
from workers.desk.draining import Coalesced

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
INBOX, TERMS = uuid4(), Terms()
WAITS = Waiting(uuid4(), INBOX, 1, AT)
PERSON = Person(UUID(int=1), 2, 0, AT)


def later(seconds: float) -> datetime:
    return AT + timedelta(seconds=seconds)


def test_the_least_laden_for_their_capacity_is_asked_then_who_was_asked_longest_ago() -> None:
    large, small = replace(PERSON, id=UUID(int=5), capacity=10, load=2), replace(PERSON, id=UUID(int=6), load=1)
    idle = [replace(PERSON, id=UUID(int=number), asked_at=later(-number)) for number in (7, 8)]
    assert decide([WAITS], [large, small], TERMS, AT) == [Match(WAITS.id, large.id)]
    assert decide([WAITS], [large, *idle], TERMS, AT) == [Match(WAITS.id, idle[1].id)]


def test_people_take_turns_until_nobody_has_room() -> None:
    queue = [replace(WAITS, id=uuid4(), since=later(number)) for number in range(6)]
    people = [PERSON, replace(PERSON, id=UUID(int=2))]
    asked = [match.agent_id.int for match in decide(queue, people, TERMS, AT)]
    assert asked == [1, 2, 1, 2]


@pytest.mark.parametrize(
    ("person", "one", "hindrance"),
    [
        ({}, {"for_team": True}, Hindrance.NOBODY_IN_TEAM),
        ({"everywhere": False}, {}, Hindrance.NOBODY_IN_TEAM),
        ({"status": Status.AWAY}, {}, Hindrance.NOBODY_ONLINE),
        ({"seen_at": later(-45)}, {}, Hindrance.NOBODY_ONLINE),
        ({"languages": frozenset({"fr"})}, {"language": "de-CH"}, Hindrance.NOBODY_SPEAKS_LANGUAGE),
        ({"topics": frozenset({"returns"})}, {"topic": "Repairs"}, Hindrance.NOBODY_KNOWS_TOPIC),
        ({}, {"passed": {PERSON.id: later(1)}}, Hindrance.EVERYBODY_PASSED),
        ({"load": 2}, {}, Hindrance.EVERYBODY_BUSY),
    ],
)
def test_why_nobody_is_asked_is_the_step_at_which_nobody_is_left(
    person: dict[str, object], one: dict[str, object], hindrance: Hindrance
) -> None:
    who, what = replace(PERSON, **person), replace(WAITS, **one)  # type: ignore[arg-type]
    assert decide([what], [who], TERMS, AT) == []
    assert hindrances(what, [who], TERMS, AT, is_open=True) == [hindrance]
    assert hindrances(what, [who], TERMS, AT, is_open=False) == [Hindrance.OUT_OF_HOURS, hindrance]
    assert (
        hindrances(what, [who, replace(PERSON, id=uuid4(), inbox_ids=frozenset({INBOX}))], TERMS, AT, is_open=True)
        == []
    )


def test_too_many_offers_are_taken_back_from_the_newest_and_what_lapses_makes_room() -> None:
    asked = [Asked(uuid4(), PERSON.id, later(seconds)) for seconds in (0, 10, 20)]
    laden = replace(PERSON, load=4)  # one of their own, and three that they are asked to take
    assert settle(asked, [laden], AT) == [
        Ended(asked[0].conversation_id, OfferEnd.LAPSED),
        Ended(asked[2].conversation_id, OfferEnd.WITHDRAWN),
    ]
    assert settle(asked[1:], [replace(PERSON, load=2)], AT) == []
    assert [one.end for one in settle(asked[1:], [], AT)] == [OfferEnd.WITHDRAWN] * 2


def test_the_queue_is_looked_at_again_when_time_alone_changes_something() -> None:
    asked = [Asked(uuid4(), PERSON.id, later(60))]
    assert min(moments(asked, [PERSON], [], TERMS, AT)) == later(45)
    assert min(moments([], [PERSON], [], TERMS, AT)) == later(TERMS.grace)
    assert min(moments([], [], [WAITS], TERMS, AT)) == later(TERMS.topic)
    assert min(moments([], [], [replace(WAITS, passed={PERSON.id: later(5)})], TERMS, AT)) == later(5)
    assert list(moments([], [], [], TERMS, AT)) == []


async def test_drains_that_are_asked_for_at_once_are_one_that_begins_after_all_of_them() -> None:
    gate, runs = asyncio.Semaphore(0), 0

    async def run(_: UUID) -> None:
        nonlocal runs
        runs += 1
        await gate.acquire()

    drain, first, others = Coalesced(run), uuid4(), []
    running = asyncio.create_task(drain(first))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    others = [asyncio.create_task(drain(first)) for _ in range(20)]
    elsewhere = asyncio.create_task(drain(uuid4()))
    await asyncio.sleep(0.01)
    assert runs == 2 and not any(each.done() for each in (running, elsewhere, *others))
    for _ in range(3):
        gate.release()
    await asyncio.gather(running, elsewhere, *others)
    assert runs == 3


async def test_a_drain_that_fails_is_told_to_all_who_wait_for_it_and_the_next_one_runs() -> None:
    failures = [ValueError("away")]

    async def run(_: UUID) -> None:
        if failures:
            raise failures.pop()

    drain, place = Coalesced(run), uuid4()
    found = await asyncio.gather(drain(place), drain(place), return_exceptions=True)
    assert [type(one) for one in found] == [ValueError, ValueError]
    await drain(place)
