"""A desk in memory: the real rules over events that are kept in lists, with people, time and crashes made by chance."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Collection, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, TypeVar, cast
from uuid import UUID

from domain.assistant import HandoffReason
from domain.base import Actor, ActorKind, DomainError, Event
from domain.conversation.aggregate import Conversation
from domain.conversation.desk_events import (
    ConversationAssigned,
    ConversationReturned,
    OfferEnded,
    OfferMade,
    ReturnCause,
)
from domain.conversation.events import (
    ConversationResolved,
    ConversationTakenOver,
    HandoffRequested,
    Message,
    MessageKind,
)
from domain.conversation.triage import ConversationSnoozed, ConversationWoken, Priority, PriorityChanged
from domain.ports import Receipt
from domain.routing.availability import Availability
from domain.routing.deciding import Asked, Person, Waiting, skills
from domain.routing.draining import Draining
from domain.routing.events import Status
from domain.routing.policy import Terms
from domain.routing.ports import House

T = TypeVar("T")
NOWHERE = UUID(int=0)
INBOXES = [UUID(int=number) for number in (1, 2, 3)]
OF_TEAM = frozenset(INBOXES[1:])
LANGUAGES, TOPICS = ("de", "fr"), ("returns", "repairs")
LINE = Message(NOWHERE, 1, 1, ActorKind.ASSISTANT, None, MessageKind.HANDOFF, "Somebody will answer here.")
HANDOFF = HandoffRequested(HandoffReason.CUSTOMER_ASKED, "Help?", LINE)
TERMS = Terms(offer=60, pause=300, grace=180, topic=120, language=600)
RANKS = {priority: priority.rank for priority in Priority}
HOUSE = House(TERMS, None, OF_TEAM)
CUSTOMER = Actor(ActorKind.CUSTOMER, UUID(int=9), NOWHERE)


class KilledError(Exception):
    """A worker ends before it has committed."""


def finished(work: Coroutine[Any, Any, T]) -> T:
    """What something that is awaited comes to which waits for nobody."""
    try:
        work.send(None)
    except StopIteration as end:
        return cast(T, end.value)
    raise AssertionError("Nothing here waits.")


@dataclass
class Told:
    """What the events of one conversation say, counted by hand: its owner, its live offer, what is wrong with them."""

    owner: UUID | None = None
    asked: UUID | None = None
    is_waiting: bool = False

    def hear(self, event: Event) -> None:
        match event:
            case HandoffRequested():
                self.owner, self.is_waiting = None, True
            case OfferMade(agent_id):
                assert self.asked is None and self.owner is None and self.is_waiting, "offered twice"
                self.asked = agent_id
            case OfferEnded(agent_id):
                assert self.asked == agent_id, "an offer ended that was not open"
                self.asked = None
            case ConversationTakenOver(agent_id):
                assert self.owner is None and self.asked in (None, agent_id), "owned by two"
                self.owner, self.asked, self.is_waiting = agent_id, None, False
            case ConversationAssigned(agent_id):
                assert self.asked in (None, agent_id)
                self.owner, self.asked, self.is_waiting = agent_id, None, False
            case ConversationReturned(agent_id):
                assert self.owner == agent_id
                self.owner, self.is_waiting = None, True
            case ConversationResolved():
                assert self.asked is None
                self.owner, self.is_waiting = None, False


@dataclass
class World:
    """One organization; `agents` are its people, `stories` the events of its conversations."""

    chance: Random
    at: datetime = datetime(2026, 11, 2, 9, tzinfo=UTC)
    agents: dict[UUID, Person] = field(default_factory=dict)
    stories: dict[UUID, list[Event]] = field(default_factory=dict)
    told: dict[UUID, Told] = field(default_factory=dict)
    facts: dict[UUID, Waiting] = field(default_factory=dict)
    due: datetime | None = None
    """When the queue is to be looked at again."""
    has_missed: bool = False
    """Whether somebody was changing what the last round of the drain wanted to change."""
    dies: bool = False
    gone: set[UUID] = field(default_factory=set)
    """Who crashed: nobody sees them any more."""
    open: dict[UUID, Conversation] = field(default_factory=dict)
    offered: list[tuple[UUID, UUID]] = field(default_factory=list)
    """What the drain at hand offered, to whom, in its order."""

    def conversation(self, identity: UUID) -> Conversation:
        """Rebuilt from its events."""
        found = Conversation(identity, NOWHERE, inbox_id=self.facts[identity].inbox_id)
        found.replay(self.stories[identity])
        return found

    def store(self, conversation: Conversation) -> None:
        for event in conversation.pending:
            self.told[conversation.id].hear(event)
            if isinstance(event, OfferMade):
                person = self.agents[event.agent_id]
                assert self.load(person.id) <= person.capacity, "asked to take more than they can"
                self.offered.append((conversation.id, person.id))
        self.stories[conversation.id] += conversation.pending
        conversation.pending.clear()
        self.open[conversation.id] = conversation

    def load(self, agent_id: UUID) -> int:
        return sum(agent_id in (one.owner, one.asked) for one in self.told.values())

    def waiting(self) -> list[Waiting]:
        """What waits and is offered to nobody, in the order of the queue."""
        found = []
        for identity, one in self.open.items():
            if one.is_queued and one.offering.agent_id is None:
                fact = self.facts[identity]
                rank, skills = RANKS[one.triage.priority], (fact.language, fact.topic)
                passed = one.offering.passed
                found.append(Waiting(identity, fact.inbox_id, rank, fact.since, fact.for_team, *skills, passed))
        return sorted(found, key=lambda each: each.place)

    def people(self) -> list[Person]:
        loads = Counter(agent for one in self.told.values() for agent in (one.owner, one.asked))
        seen = {each.id: each.seen_at if each.id in self.gone else self.at for each in self.agents.values()}
        return [_as_of(each, loads[each.id], seen[each.id]) for each in self.agents.values()]

    def drain(self) -> None:
        """By the real service, of which everything outside is here."""
        self.offered = []
        finished(Draining(cast(Any, self._unit), lambda: self.at).drain(NOWHERE))

    @asynccontextmanager
    async def _unit(self, actor: Actor, key: object = None) -> AsyncIterator[Unit]:
        yield Unit(self)


def _as_of(one: Person, load: int, seen_at: datetime) -> Person:
    """Somebody as they are now; made by hand, since this is most of what the histories do."""
    what = (one.languages, one.topics, one.inbox_ids, one.everywhere, one.asked_at)
    return Person(one.id, one.capacity, load, seen_at, one.status, *what)


@dataclass
class Unit:
    """A unit of work: everything that draining asks of one. What is not committed never was."""

    world: World
    held: list[Conversation] = field(default_factory=list)
    available: list[Availability] = field(default_factory=list)

    @property
    def floor(self) -> Unit:
        return self

    @property
    def conversations(self) -> Unit:
        return self

    @property
    def availabilities(self) -> Unit:
        return self

    @property
    def timers(self) -> Unit:
        return self

    async def lock(self) -> None:
        self.world.has_missed = False

    async def house(self) -> House:
        return HOUSE

    async def people(self) -> Sequence[Person]:
        return [person for person in self.world.people() if person.status is not Status.OFFLINE]

    async def asked(self) -> Sequence[Asked]:
        found = [one for one in self.world.open.values() if one.offering.agent_id]
        return [Asked(one.id, cast(UUID, one.offering.agent_id), cast(datetime, one.offering.until)) for one in found]

    async def held_by(self, agent_ids: Collection[UUID]) -> Mapping[UUID, UUID]:
        return {
            identity: one.owner for identity, one in self.world.told.items() if one.owner in agent_ids and one.owner
        }

    async def head(self, house: House, people: object, at: datetime, after: Waiting | None) -> Sequence[Waiting]:
        return [one for one in self.world.waiting() if after is None or one.place > after.place]

    async def was_asked(self, agent_ids: Collection[UUID], at: datetime) -> None:
        self.world.agents |= {each: replace(self.world.agents[each], asked_at=at) for each in agent_ids}

    async def unlocked(self, ids: Collection[UUID]) -> Mapping[UUID, Conversation]:
        found = {each: self.world.conversation(each) for each in ids if self.world.chance.random() < 0.95}
        self.held += found.values()
        self.world.has_missed |= len(found) < len(ids)
        return found

    async def get(self, agent_id: UUID) -> Availability:
        person = self.world.agents[agent_id]
        seen_at = person.seen_at if agent_id in self.world.gone else self.world.at
        found = Availability(agent_id, NOWHERE, 1, status=person.status, seen_at=seen_at)
        self.available.append(found)
        return found

    async def set(self, name: str, key: object, due_at: datetime, event: Event) -> None:
        self.world.due = due_at

    async def commit(self, receipt: Receipt) -> Receipt:
        if self.world.dies:
            raise KilledError
        for conversation in self.held:
            self.world.store(conversation)
        for one in self.available:
            self.world.agents[one.id] = replace(self.world.agents[one.id], status=one.status)
            keeps = one.pending and any(told.owner == one.id for told in self.world.told.values())
            assert not keeps, "vanished, and keeps what they have"
        return receipt


def steps(world: World) -> None:
    """One thing happens, by chance."""
    chance = world.chance
    world.at += timedelta(seconds=chance.choice((0, 1, 5, 30, 90, 400)))
    kind = chance.choice(HAPPENINGS)
    with suppress(DomainError):  # refused: nothing happened
        kind(world)


def arrive(world: World) -> None:
    chance, identity = world.chance, UUID(int=world.chance.getrandbits(64))
    inbox = chance.choice(INBOXES)
    world.facts[identity] = Waiting(
        identity,
        inbox,
        1,
        world.at,
        for_team=inbox in OF_TEAM,
        language=chance.choice((None, None, *LANGUAGES)),
        topic=chance.choice((None, None, *TOPICS)),
    )
    world.stories[identity], world.told[identity] = [], Told()
    conversation = Conversation(identity, NOWHERE, inbox_id=inbox)
    conversation._record(HANDOFF)
    if (priority := chance.choice(list(Priority))) is not Priority.NORMAL:
        conversation.sort(PriorityChanged(priority))
    world.store(conversation)


def hire(world: World) -> None:
    chance, identity = world.chance, UUID(int=world.chance.getrandbits(64))
    languages, topics = skills(*(chance.sample(all, chance.randrange(3)) for all in (LANGUAGES, TOPICS)))
    world.agents[identity] = Person(
        identity,
        chance.randrange(4),
        0,
        world.at,
        languages=languages,
        topics=topics,
        inbox_ids=frozenset(chance.sample(INBOXES, chance.randrange(3))),
        everywhere=chance.random() < 0.8,
    )


def come_and_go(world: World) -> None:
    if agent := _one(world, world.agents):
        world.agents[agent] = replace(world.agents[agent], status=world.chance.choice(list(Status)), seen_at=world.at)
        world.gone.discard(agent)


def change_capacity(world: World) -> None:
    if agent := _one(world, world.agents):
        world.agents[agent] = replace(world.agents[agent], capacity=world.chance.randrange(5))


def crash(world: World) -> None:
    if agent := _one(world, world.agents):
        world.agents[agent] = replace(world.agents[agent], seen_at=world.at)
        world.gone.add(agent)


def answer_offer(world: World) -> None:
    asked = {identity: one.asked for identity, one in world.told.items() if one.asked}
    if identity := _one(world, asked):
        who = asked[identity] if world.chance.random() < 0.8 else _one(world, world.agents)
        conversation, agent = world.conversation(identity), Actor(ActorKind.AGENT, who, NOWHERE)
        until = conversation.offering.until
        if world.chance.random() < 0.6:
            conversation.accept(agent, world.at)
            assert until is not None and until >= world.at, "accepted too late"
        else:
            conversation.decline(agent, world.at + timedelta(seconds=TERMS.pause))
        world.store(conversation)


def take_by_hand(world: World) -> None:
    identity, agent = _one(world, world.stories), _one(world, world.agents)
    if identity and agent and world.load(agent) < world.agents[agent].capacity + 1:
        conversation = world.conversation(identity)
        conversation.take_over(Actor(ActorKind.AGENT, agent, NOWHERE), "")
        world.store(conversation)


def pass_on(world: World) -> None:
    identity, agent = _one(world, world.stories), _one(world, world.agents)
    if identity and agent:
        conversation = world.conversation(identity)
        conversation.assign(Actor(ActorKind.ADMIN, NOWHERE, NOWHERE), agent, "", None)
        world.store(conversation)


def let_go(world: World) -> None:
    owned = {identity: one.owner for identity, one in world.told.items() if one.owner}
    if identity := _one(world, owned):
        conversation, owner = world.conversation(identity), owned[identity]
        if world.chance.random() < 0.3:
            conversation.give_back(owner, ReturnCause.GIVEN_BACK, world.at + timedelta(seconds=TERMS.pause))
        else:
            conversation.resolve(Actor(ActorKind.AGENT, owner, NOWHERE), "")
        world.store(conversation)


def sort_again(world: World) -> None:
    if identity := _one(world, world.stories):
        conversation = world.conversation(identity)
        event = world.chance.choice((ConversationSnoozed(None), ConversationWoken(), PriorityChanged(Priority.URGENT)))
        conversation.sort(event)
        world.store(conversation)


def customer_resolves(world: World) -> None:
    if identity := _one(world, world.stories):
        conversation = world.conversation(identity)
        conversation.resolve(CUSTOMER, "")
        world.store(conversation)


def _one(world: World, among: Mapping[UUID, object]) -> UUID | None:
    return world.chance.choice(list(among)) if among else None


HAPPENINGS = (
    *(arrive, arrive, arrive, hire, hire, answer_offer, answer_offer, answer_offer),
    *(come_and_go, change_capacity, crash, take_by_hand, pass_on, let_go, let_go, sort_again, customer_resolves),
)
