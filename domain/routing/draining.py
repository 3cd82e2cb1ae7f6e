"""The queue is drained: offers that are over end, people who vanished give back, and who has room is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from domain.account.stored import Opening
from domain.base import Clock, system_of
from domain.conversation.aggregate import Conversation
from domain.conversation.desk_events import OfferEnd, ReturnCause
from domain.hours import is_open, opens_after
from domain.ports import Receipt
from domain.retry import retried_once
from domain.routing.deciding import Asked, Match, Person, Waiting, decide, laden, moments, settle
from domain.routing.events import QueueDue
from domain.routing.policy import Terms
from domain.routing.ports import House, RoutingUnit

PAGE = 200
"""How many of the queue are looked at at once."""
MOST_OFFERS = 50
"""How many offers one unit of work makes: what it locks waits for it."""
MOST_ROUNDS = 100
SOON = timedelta(seconds=1)
"""After what time something is looked at again that somebody was changing."""


@dataclass
class Round:
    """One unit of work: who is at work and what they are asked, as it finds and as it leaves them."""

    organization_id: UUID
    unit: RoutingUnit
    at: datetime
    house: House
    people: Sequence[Person]
    asked: Sequence[Asked]
    left: list[Waiting] = field(default_factory=list)
    has_missed: bool = False
    """Whether somebody was changing what was to be changed here."""

    @property
    def terms(self) -> Terms:
        """How long everything takes."""
        return self.house.terms

    async def settle(self) -> bool:
        """End what is over; whether anything was."""
        ended = {one.conversation_id: one.end for one in settle(self.asked, self.people, self.at)}
        grace = timedelta(seconds=self.terms.grace)
        lost = {person.id for person in self.people if person.seen_at + grace <= self.at}
        if not ended and not lost:
            return False
        held = await self.unit.floor.held_by(lost) if lost else {}
        found = await self.unit.conversations.unlocked({*ended, *held})
        self.has_missed = len(found) < len({*ended, *held})
        for identity, end in ended.items():
            if identity in found:
                found[identity].end_offer(end, self._pause() if end is OfferEnd.LAPSED else None)
        gone = [await self._lose(each, held, found) for each in sorted(lost)]
        return any(gone) or any(each.pending for each in found.values())

    async def match(self) -> list[Match]:
        """Who is to be asked to take what; at most `MOST_OFFERS`."""
        matches: list[Match] = []
        after: Waiting | None = None
        while len(matches) < MOST_OFFERS and any(person.has_room(self.at) for person in self.people):
            page = await self.unit.floor.head(self.house, self.people, self.at, after)
            found = decide(page, self.people, self.terms, self.at)[: MOST_OFFERS - len(matches)]
            self.people = laden(self.people, found, self.at)
            taken = {match.conversation_id for match in found}
            self.left += [one for one in page if one.id not in taken]
            matches += found
            if len(page) < PAGE:
                break
            after = page[-1]
        return matches

    async def ask(self, matches: Sequence[Match]) -> int:
        """Make the offers; how many could be made. What somebody is changing right now is left for the next look."""
        found = await self.unit.conversations.unlocked([match.conversation_id for match in matches])
        until = self.at + timedelta(seconds=self.terms.offer)
        made = [match for match in matches if self._is_free(found.get(match.conversation_id))]
        for match in made:
            found[match.conversation_id].offer(match.agent_id, until)
            self.asked = [*self.asked, Asked(match.conversation_id, match.agent_id, until)]
        self.has_missed |= len(made) < len(matches)
        if made:
            await self.unit.floor.was_asked({match.agent_id for match in made}, self.at)
        return len(made)

    async def set_timer(self) -> None:
        """Have it looked at again when something has changed by the passing of time alone."""
        times = list(moments(self.asked, self.people, self.left, self.terms, self.at))
        opens = opens_after(self.house.hours, self.at)
        times += [opens] if opens > self.at else []
        times += [self.at + SOON] if self.has_missed else []
        if times:
            await self.unit.timers.set("queue", self.organization_id, min(times), QueueDue())

    async def _lose(self, agent_id: UUID, held: Mapping[UUID, UUID], found: Mapping[UUID, Conversation]) -> bool:
        """Let somebody who vanished be offline, and give back what they have: all of it, or nothing yet."""
        theirs = [identity for identity, holder in held.items() if holder == agent_id]
        if any(identity not in found for identity in theirs):
            return False
        availability = await self.unit.availabilities.get(agent_id)
        if not availability.vanish(self.at, timedelta(seconds=self.terms.grace)):
            return False
        for identity in theirs:
            found[identity].give_back(agent_id, ReturnCause.VANISHED, self._pause())
        return True

    def _is_free(self, conversation: Conversation | None) -> bool:
        return conversation is not None and conversation.is_queued and conversation.offering.agent_id is None

    def _pause(self) -> datetime:
        return self.at + timedelta(seconds=self.terms.pause)


@dataclass(frozen=True)
class Draining:
    """Gives out the work of an organization; whoever else does it at the same moment takes turns with this."""

    units: Opening[RoutingUnit]
    clock: Clock

    async def drain(self, organization_id: UUID) -> int:
        """Let everything happen that is due; how many offers were made."""
        made = 0
        for _ in range(MOST_ROUNDS):
            offers, goes_on = await self._round(organization_id)
            made += offers
            if not goes_on:
                break
        return made

    @retried_once
    async def _round(self, organization_id: UUID) -> tuple[int, bool]:
        """One unit of work; how many offers it made, and whether there may be more to do."""
        async with self.units(system_of(organization_id)) as unit:
            await unit.floor.lock()
            floor, at = unit.floor, self.clock()
            people = await floor.people()
            asked = await floor.asked()
            if not (people or asked):
                return 0, False
            one = Round(organization_id, unit, at, await floor.house(), people, asked)
            if await one.settle():
                await unit.commit(Receipt(organization_id))
                return 0, True
            matches = await one.match() if is_open(one.house.hours, at) else []
            made = await one.ask(matches) if matches else 0
            await one.set_timer()
            await unit.commit(Receipt(organization_id))
            return made, len(matches) == MOST_OFFERS
