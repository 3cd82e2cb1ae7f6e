"""What routing needs of the database, and what people see of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.account.role import RoleUnit
from domain.account.settings import BusinessHours
from domain.account.stored import Stored
from domain.conversation.aggregate import Conversation
from domain.ports import ConversationRepository, Page, PageRequest
from domain.routing.availability import Availability
from domain.routing.deciding import Asked, Hindrance, Person, Waiting
from domain.routing.events import Status
from domain.routing.policy import InboxNeeds, RoutingPolicy, Terms
from domain.timer import Timers


@dataclass(frozen=True, slots=True)
class House:
    """How an organization wants it: its terms, its hours, and which inboxes are some team's."""

    terms: Terms
    hours: BusinessHours | None
    of_teams: frozenset[UUID]


class Floor(Protocol):
    """The people at work in the actor's organization, and the queue before them."""

    async def lock(self) -> None:
        """Let nobody else give out work in the organization until this unit of work ends."""
        ...

    async def house(self) -> House:
        """How the organization wants it."""
        ...

    async def people(self) -> Sequence[Person]:
        """Everybody who is not offline, and may answer customers."""
        ...

    async def person(self, agent_id: UUID) -> Person | None:
        """One agent, offline or not; None for who is none, is suspended, or may not answer customers."""
        ...

    async def asked(self) -> Sequence[Asked]:
        """Every open offer."""
        ...

    async def held_by(self, agent_ids: Collection[UUID]) -> Mapping[UUID, UUID]:
        """The conversations that some people have: the id of each, and whose it is."""
        ...

    async def head(
        self, house: House, people: Sequence[Person], at: datetime, after: Waiting | None
    ) -> Sequence[Waiting]:
        """The first in the queue, after one, that one of these people may fit; fewer than a `PAGE` at its end."""
        ...

    async def saw(self, agent_id: UUID, at: datetime) -> None:
        """An agent is there at this moment; nothing for who never said whether they take conversations."""
        ...

    async def was_asked(self, agent_ids: Collection[UUID], at: datetime) -> None:
        """Remember who was asked when, so that people take turns."""
        ...


class RoutedConversations(ConversationRepository, Protocol):
    """Conversations, many at a time."""

    async def unlocked(self, ids: Collection[UUID]) -> Mapping[UUID, Conversation]:
        """Those of them that nobody is changing at this moment, locked; nobody is waited for."""
        ...


class Needs(Stored[InboxNeeds], Protocol):
    """What inboxes need."""

    async def of(self, inbox_id: UUID) -> InboxNeeds:
        """What one needs, locked; nothing where nobody said; `NotFoundError` where there is no such inbox."""
        ...


class Availabilities(Stored[Availability], Protocol):
    """Who takes conversations."""

    async def of(self, agent_id: UUID) -> Availability:
        """An agent's, locked; offline where they never said; `NotFoundError` where there is no such agent."""
        ...


class RoutingPolicies(Protocol):
    """How long everything takes."""

    async def own(self) -> RoutingPolicy:
        """The organization's, locked; the usual one where nobody decided."""
        ...


class RoutingUnit(RoleUnit, Protocol):
    """A unit of work that gives out conversations."""

    @property
    def conversations(self) -> RoutedConversations:
        """Conversations, to change."""
        ...

    @property
    def floor(self) -> Floor:
        """The people and the queue."""
        ...

    @property
    def availabilities(self) -> Availabilities:
        """Who takes conversations, to change."""
        ...

    @property
    def inbox_needs(self) -> Needs:
        """What inboxes need, to change."""
        ...

    @property
    def routing_policies(self) -> RoutingPolicies:
        """How long everything takes, to change."""
        ...

    @property
    def timers(self) -> Timers:
        """Timers."""
        ...


class Workplaces(Protocol):
    """Where there is a queue to drain, over all organizations."""

    async def at_work(self) -> Sequence[UUID]:
        """The organizations in which somebody is not offline."""
        ...


@dataclass(frozen=True, slots=True)
class AvailabilityView:
    """Whether an agent takes conversations, which and how many; `load` is what they have and are asked to take."""

    agent_id: UUID
    status: Status
    capacity: int
    load: int
    languages: Sequence[str]
    topics: Sequence[str]
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class OfferView:
    """An open offer."""

    conversation_id: UUID
    agent_id: UUID
    until: datetime


@dataclass(frozen=True, slots=True)
class QueueEntryView:
    """A conversation that waits: its place from 1, how long that may take, what it needs, and why nobody is asked.

    `position` is counted up to a limit; `seconds_left` is None while nobody took anything of late.
    """

    conversation_id: UUID
    position: int
    waiting_since: datetime
    seconds_left: int | None
    for_team: bool
    language: str | None
    topic: str | None
    offer: OfferView | None
    hindrances: Sequence[Hindrance]


class RoutingReads(Protocol):
    """What one actor may see of routing: the people at work; nothing for customers."""

    async def availabilities(self, ids: Sequence[UUID]) -> Sequence[AvailabilityView | None]:
        """Availability by the ids of agents."""
        ...

    async def inbox_needs(self, ids: Sequence[UUID]) -> Sequence[InboxNeeds | None]:
        """What inboxes need by themselves, by their ids."""
        ...

    async def queue_entries(self, ids: Sequence[UUID]) -> Sequence[QueueEntryView | None]:
        """The places of conversations in the queue; None for those that do not wait."""
        ...

    async def queue_page(self, page: PageRequest) -> Page[QueueEntryView]:
        """The queue, in its order."""
        ...

    async def my_offers(self) -> Sequence[OfferView]:
        """What the actor is asked to take, the first to lapse first."""
        ...

    async def routing_terms(self) -> Terms:
        """How long everything takes."""
        ...
