"""Agents: people at work in an organization, each with one role that only their betters give and take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.account.events import AgentAdded, AgentReinstated, AgentRenamed, AgentRoleAssigned, AgentSuspended
from domain.account.permission import BuiltinRole, Permission, within
from domain.account.role import Role, RoleUnit, allowed_now, checked_reason
from domain.account.stored import Opening, Stored
from domain.base import STAFF, Actor, ActorKind, Aggregate, Clock, Event, ForbiddenError, InvalidStateError
from domain.login.open_session import SessionUnit
from domain.ports import IdempotencyKey, Receipt
from domain.retry import retried_once
from domain.text import checked

LONGEST_NAME = 100
SUSPENDED = "agent_suspended"
"""What ended the sessions of somebody who was suspended."""
UNTOUCHABLE = "You cannot give, or take away, a role that allows what you may not do yourself."


@dataclass
class Agent(Aggregate):
    """A person at work in one organization."""

    name: str = ""
    person_id: UUID | None = None
    role_id: UUID = field(default_factory=lambda: UUID(int=0))
    suspended_at: datetime | None = None

    def join(self, person_id: UUID, role_id: UUID, name: str) -> None:
        """Begin to work here."""
        self._record(AgentAdded(person_id=person_id, role_id=role_id, name=name))

    def rename(self, name: str) -> None:
        """Be called otherwise, by customers too."""
        name = checked(name, "input.name", longest=LONGEST_NAME)
        if name != self.name:
            self._record(AgentRenamed(name=name))

    def assign(self, role: Role, *, reason: str | None) -> None:
        """Have another role."""
        if role.id != self.role_id:
            self._record(AgentRoleAssigned(role_id=role.id, reason=reason))

    def suspend(self, *, reason: str | None, at: datetime) -> None:
        """Not get in any more; who is suspended already stays as they are."""
        if self.suspended_at is None:
            self.suspended_at = at
            self._record(AgentSuspended(reason=reason))

    def reinstate(self, *, reason: str | None) -> None:
        """Get in again."""
        if self.suspended_at is not None:
            self._record(AgentReinstated(reason=reason))

    def _apply(self, event: Event) -> None:
        match event:
            case AgentAdded():
                self.name, self.person_id, self.role_id = event.name, event.person_id, event.role_id
            case AgentRenamed():
                self.name = event.name
            case AgentRoleAssigned():
                self.role_id = event.role_id
            case AgentReinstated():
                self.suspended_at = None


@dataclass(frozen=True)
class Hierarchy:
    """Who the owners of an organization are, while nobody else can make or unmake one."""

    owners: Sequence[Agent]

    def check(self, actor: Actor, *roles: Role) -> None:
        """Refuse to give or take roles that the actor could not have: only owners make and unmake owners."""
        is_owner = actor.kind is ActorKind.SYSTEM or actor.id in [owner.id for owner in self.owners]
        if not is_owner and any(role.builtin == BuiltinRole.OWNER for role in roles):
            raise ForbiddenError("Only owners make and unmake owners.")
        if not all(within(role.given, actor.grants) for role in roles):
            raise ForbiddenError(UNTOUCHABLE)

    def keep_one(self, leaving: Agent) -> None:
        """Refuse to lose the last owner who gets in."""
        if [owner.id for owner in self.owners] == [leaving.id]:
            raise InvalidStateError("This is the last owner. Make somebody else an owner first.")


@dataclass(frozen=True, slots=True)
class AgentView:
    """Somebody who helps: customers are told their name, and nothing of how they stand here.

    `email` is for whoever manages agents, and None for agents without a person behind them.
    """

    id: UUID
    name: str
    role: str
    role_id: UUID | None = None
    suspended_at: datetime | None = None
    email: str | None = None


class AgentRepository(Stored[Agent], Protocol):
    """Agents of the actor's organization, to change."""

    async def owners(self) -> Sequence[Agent]:
        """The owners who are not suspended, locked; whoever else asks waits until this unit of work ends."""
        ...


class AgentUnit(RoleUnit, SessionUnit, Protocol):
    """A unit of work that holds agents, their roles and their sessions."""

    @property
    def agents(self) -> AgentRepository:
        """Agents, to change."""
        ...


@dataclass(frozen=True)
class Agents:
    """The commands on agents.

    Those that change who may do what take turns within an organization, so that two owners who unmake each other at
    the same moment do not leave it without one.
    """

    units: Opening[AgentUnit]
    clock: Clock

    async def rename(self, actor: Actor, name: str, *, key: IdempotencyKey | None = None) -> Receipt:
        """Call oneself otherwise; for agents."""
        actor.require_kind(*STAFF)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            agent = await unit.agents.get(actor.identity)
            agent.rename(name)
            return await unit.commit(Receipt(agent.id))

    @retried_once
    async def assign_role(
        self,
        actor: Actor,
        agent_id: UUID,
        role_id: UUID,
        *,
        reason: str | None = None,
        key: IdempotencyKey | None = None,
    ) -> Receipt:
        """Give an agent another role; it holds at once, on open sockets too."""
        actor.require(Permission.MANAGE_AGENTS)
        reason = checked_reason(reason)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            hierarchy = Hierarchy(await unit.agents.owners())
            actor = await allowed_now(unit, actor, Permission.MANAGE_AGENTS)
            agent = await unit.agents.get(agent_id)
            role = await unit.roles.get(role_id)
            hierarchy.check(actor, role, await unit.roles.get(agent.role_id))
            if role.builtin != BuiltinRole.OWNER:
                hierarchy.keep_one(agent)
            agent.assign(role, reason=reason)
            return await unit.commit(Receipt(agent.id))

    @retried_once
    async def suspend(
        self, actor: Actor, agent_id: UUID, *, reason: str | None = None, key: IdempotencyKey | None = None
    ) -> Receipt:
        """Let an agent in no more; their open sockets close. Nobody suspends themselves, nor the last owner."""
        actor.require(Permission.MANAGE_AGENTS)
        reason = checked_reason(reason)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            hierarchy = Hierarchy(await unit.agents.owners())
            actor = await allowed_now(unit, actor, Permission.MANAGE_AGENTS)
            agent = await unit.agents.get(agent_id)
            if actor.id == agent.id:
                raise ForbiddenError("Nobody suspends themselves: ask a colleague.")
            hierarchy.check(actor, await unit.roles.get(agent.role_id))
            hierarchy.keep_one(agent)
            agent.suspend(reason=reason, at=self.clock())
            return await unit.commit(Receipt(agent.id))

    @retried_once
    async def reinstate(
        self, actor: Actor, agent_id: UUID, *, reason: str | None = None, key: IdempotencyKey | None = None
    ) -> Receipt:
        """Let a suspended agent in again, who then has to sign in anew.

        All sessions from before end here, for good: a device that was lost, and is perhaps why somebody was suspended,
        does not come back with its owner. They end no sooner, so that a suspended agent is told that they are
        suspended, rather than that their session is over.
        """
        actor.require(Permission.MANAGE_AGENTS)
        reason = checked_reason(reason)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            hierarchy = Hierarchy(await unit.agents.owners())
            actor = await allowed_now(unit, actor, Permission.MANAGE_AGENTS)
            agent = await unit.agents.get(agent_id)
            hierarchy.check(actor, await unit.roles.get(agent.role_id))
            if agent.suspended_at is not None:
                for session in await unit.sessions.open_of(agent.id):
                    session.end(SUSPENDED, self.clock(), reason=reason)
            agent.reinstate(reason=reason)
            return await unit.commit(Receipt(agent.id))
