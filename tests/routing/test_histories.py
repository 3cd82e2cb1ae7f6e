"""Ten thousand histories by chance: never two owners, never two offers, never too much, nobody forgotten."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from random import Random
from uuid import UUID

import pytest

from domain.conversation import ConversationState
from domain.routing.deciding import Person, Waiting
from domain.routing.draining import SOON
from domain.routing.events import Status
from domain.routing.policy import UNSEEN
from tests.routing.world import TERMS, KilledError, World, hire, steps

HISTORIES, LENGTH = 10_000, 10


def may_take(person: Person, one: Waiting, world: World) -> bool:
    """Whether somebody who is there could be asked, said in other words than the rule says it."""
    waited = (world.at - one.since).total_seconds()
    is_theirs = one.inbox_id in person.inbox_ids or (not one.for_team and person.everywhere)
    speaks = waited >= TERMS.language or not one.language or not person.languages or one.language in person.languages
    knows = waited >= TERMS.topic or not one.topic or not person.topics or one.topic in person.topics
    is_asked_again = one.id not in world.told or one.passed.get(person.id, world.at) <= world.at
    return is_theirs and speaks and knows and is_asked_again


def is_there(person: Person, world: World) -> bool:
    return person.status is Status.ONLINE and world.at - person.seen_at < UNSEEN


def check(world: World) -> None:
    """What holds after each drain that nobody killed and that missed nothing."""
    people, left = world.people(), world.waiting()
    for person in people:
        owned = sum(one.owner == person.id for one in world.told.values())
        assert person.load <= max(person.capacity, owned), "more than they can, and not by their own hand"
        if not is_there(person, world):
            assert person.load == owned, "asked while they are not there"
        if world.at - person.seen_at >= timedelta(seconds=TERMS.grace) and person.status is not Status.OFFLINE:
            raise AssertionError("vanished, and still counted on")
        if is_there(person, world) and person.load < person.capacity:
            assert [one.id for one in left if may_take(person, one, world)] == [], "waits while somebody has room"
    check_order(world, {person.id: person for person in people}, left)


def check_order(world: World, people: dict[UUID, Person], left: Sequence[Waiting]) -> None:
    """Nobody was given something while something more urgent that they could take was left."""
    for identity, agent in world.offered:
        conversation = world.open[identity]
        given = replace(world.facts[identity], passed=conversation.offering.passed)
        assert may_take(people[agent], given, world), "asked to take what they cannot"
        place = (-conversation.triage.priority.rank, given.since, given.id)
        sooner = [one.id for one in left if one.place < place and may_take(people[agent], one, world)]
        assert sooner == [], "the more urgent waits"


def drained(world: World) -> None:
    """Drain until nothing was in the way: what somebody changes at the moment is left for a moment later."""
    for _ in range(50):
        world.drain()
        if not world.has_missed:
            return
        assert world.due is not None and world.due <= world.at + SOON
    raise AssertionError("never done")


def lived(seed: int) -> World:
    """One history, in which workers die now and then in the middle of a drain, and some drains never begin."""
    world = World(Random(seed))
    hire(world)
    for _ in range(LENGTH):
        steps(world)
        fate = world.chance.random()
        world.dies = fate < 0.1
        if world.dies:
            with suppress(KilledError):
                world.drain()
            world.dies = False
        elif fate < 0.6:
            drained(world)
            check(world)
    return world


@pytest.mark.parametrize("part", range(4))
def test_whatever_happens_nobody_is_asked_or_owns_twice_or_is_left(part: int) -> None:
    owners = 0
    for seed in range(part, HISTORIES, 4):
        world = lived(seed)
        owners += sum(one.owner is not None for one in world.told.values())
        ends_well(world)
    assert owners > HISTORIES // 16  # otherwise little would have happened


def ends_well(world: World) -> None:
    """Once somebody comes who can take everything, everything that waits is offered."""
    drained(world)
    world.at += timedelta(seconds=max(TERMS.pause, TERMS.language))
    everybody = Person(UUID(int=7), 100, 0, world.at, inbox_ids=frozenset(one.inbox_id for one in world.facts.values()))
    world.agents[everybody.id] = everybody
    drained(world)
    assert world.waiting() == []
    for identity, told in world.told.items():
        conversation = world.conversation(identity)
        assert (conversation.assignee_id, conversation.offering.agent_id) == (told.owner, told.asked)
        assert (conversation.state is ConversationState.WAITING) is told.is_waiting
