"""Teams: agents who work together on the inboxes given to them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from domain.account.events import TeamChanged, TeamCreated, TeamDeleted
from domain.account.permission import Permission, Scope
from domain.account.role import RoleUnit, allowed_now, checked_reason
from domain.account.stored import Opening, Stored
from domain.base import (
    Actor,
    Aggregate,
    Event,
    FieldProblem,
    ForbiddenError,
    Identifiers,
    InvalidInputError,
    InvalidStateError,
    NotFoundError,
)
from domain.ports import IdempotencyKey, Receipt
from domain.retry import retried_once
from domain.text import checked

LONGEST_NAME = 100
MOST_TEAMS = 200
MOST_AGENTS = 500
MOST_INBOXES = 100


@dataclass(frozen=True, slots=True)
class Roster:
    """What a team is to be: None leaves a part as it is, a list is the whole of it."""

    name: str | None = None
    agent_ids: Iterable[UUID] | None = None
    inbox_ids: Iterable[UUID] | None = None


@dataclass
class Team(Aggregate):
    """Agents, and the inboxes whose conversations those of them see whose rights reach as far as their teams."""

    name: str = ""
    agent_ids: tuple[UUID, ...] = ()
    inbox_ids: tuple[UUID, ...] = ()
    deleted: bool = False

    def create(self, actor: Actor, roster: Roster) -> None:
        """Begin, with a name at least."""
        self._record(TeamCreated(name=_name(roster.name or "")))
        self.change(actor, roster, reason=None)

    def change(self, actor: Actor, roster: Roster, *, reason: str | None) -> None:
        """Have another name, other people or other inboxes.

        Whoever adds to a team shows somebody conversations, so that only those add who may read them all.
        """
        name = self.name if roster.name is None else _name(roster.name)
        agents = _listed(roster.agent_ids, self.agent_ids, "input.agentIds", MOST_AGENTS)
        inboxes = _listed(roster.inbox_ids, self.inbox_ids, "input.inboxIds", MOST_INBOXES)
        widens = not (set(agents) <= set(self.agent_ids) and set(inboxes) <= set(self.inbox_ids))
        if widens and actor.grants.get(Permission.READ_CONVERSATIONS) is not Scope.ALL:
            raise ForbiddenError("Only who may read all conversations adds people or inboxes to a team.")
        if (name, agents, inboxes) != (self.name, self.agent_ids, self.inbox_ids):
            self._record(TeamChanged(name=name, agent_ids=agents, inbox_ids=inboxes, reason=reason))

    def delete(self, *, reason: str | None) -> None:
        """End; its people and its inboxes stay."""
        self._record(TeamDeleted(reason=reason))

    def _apply(self, event: Event) -> None:
        match event:
            case TeamCreated():
                self.name = event.name
            case TeamChanged():
                self.name, self.agent_ids, self.inbox_ids = event.name, event.agent_ids, event.inbox_ids
            case TeamDeleted():
                self.deleted = True


def _name(name: str) -> str:
    return checked(name, "input.name", longest=LONGEST_NAME)


def _listed(wanted: Iterable[UUID] | None, held: tuple[UUID, ...], path: str, most: int) -> tuple[UUID, ...]:
    """Each once, in one order, so that equal lists are equal."""
    if wanted is None:
        return held
    found = tuple(sorted(set(wanted)))
    if len(found) > most:
        raise InvalidInputError(FieldProblem(path, f"At most {most} are allowed."))
    return found


@dataclass(frozen=True, slots=True)
class TeamView:
    """A team."""

    id: UUID
    name: str


class TeamRepository(Stored[Team], Protocol):
    """Teams of the actor's organization, to change."""

    async def named(self, name: str) -> UUID | None:
        """The id of the team of that name."""
        ...

    async def count(self) -> int:
        """How many there are."""
        ...

    async def know_agents(self, ids: Collection[UUID]) -> bool:
        """Whether all of these are agents of the organization."""
        ...

    async def know_inboxes(self, ids: Collection[UUID]) -> bool:
        """Whether all of these are inboxes of the organization."""
        ...


class TeamUnit(RoleUnit, Protocol):
    """A unit of work that holds teams, and the roles of those who change them."""

    @property
    def teams(self) -> TeamRepository:
        """Teams, to change."""
        ...


@dataclass(frozen=True)
class Teams:
    """The commands on teams."""

    units: Opening[TeamUnit]
    new_id: Identifiers

    @retried_once
    async def create(self, actor: Actor, roster: Roster, *, key: IdempotencyKey | None = None) -> Receipt:
        """Make a team; `InvalidStateError` when there is one of this name."""
        actor.require(Permission.MANAGE_TEAMS)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            actor = await allowed_now(unit, actor, Permission.MANAGE_TEAMS)
            if await unit.teams.count() >= MOST_TEAMS:
                raise InvalidStateError(f"There are {MOST_TEAMS} teams already. Delete one first.")
            team = Team(self.new_id(), actor.tenant)
            team.create(actor, roster)
            await _check(unit, team)
            unit.teams.add(team)
            return await unit.commit(Receipt(team.id))

    @retried_once
    async def change(
        self,
        actor: Actor,
        team_id: UUID,
        roster: Roster,
        *,
        reason: str | None = None,
        key: IdempotencyKey | None = None,
    ) -> Receipt:
        """Give a team another name, other people or other inboxes; they see at once what they are to see."""
        actor.require(Permission.MANAGE_TEAMS)
        reason = checked_reason(reason)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            actor = await allowed_now(unit, actor, Permission.MANAGE_TEAMS)
            team = await unit.teams.get(team_id)
            team.change(actor, roster, reason=reason)
            await _check(unit, team)
            return await unit.commit(Receipt(team.id))

    async def delete(
        self, actor: Actor, team_id: UUID, *, reason: str | None = None, key: IdempotencyKey | None = None
    ) -> Receipt:
        """Remove a team."""
        actor.require(Permission.MANAGE_TEAMS)
        reason = checked_reason(reason)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            team = await unit.teams.get(team_id)
            team.delete(reason=reason)
            return await unit.commit(Receipt(team.id))


async def _check(unit: TeamUnit, team: Team) -> None:
    """What the rows have to say: foreign keys alone would take another tenant's agents and inboxes."""
    if (await unit.teams.named(team.name) or team.id) != team.id:
        raise InvalidStateError(f"There is a team with the name “{team.name}” already.")
    if not await unit.teams.know_agents(team.agent_ids):
        raise NotFoundError("agent")
    if not await unit.teams.know_inboxes(team.inbox_ids):
        raise NotFoundError("inbox")
