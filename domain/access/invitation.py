"""Invitations: asking somebody by e-mail to work here, in a role that whoever asks could have themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from domain.account.agent import AgentUnit, Hierarchy
from domain.account.events import InvitationAccepted, InvitationCreated, InvitationResent, InvitationRevoked
from domain.account.permission import Permission, Scope
from domain.account.role import checked_reason, current
from domain.account.stored import Opening, Stored
from domain.base import (
    STAFF,
    Actor,
    ActorKind,
    Aggregate,
    Clock,
    Event,
    FieldProblem,
    ForbiddenError,
    Identifiers,
    InvalidInputError,
    InvalidStateError,
    NotFoundError,
)
from domain.login.person import email_address
from domain.ports import IdempotencyKey, Receipt
from domain.retry import retried_once
from domain.text import checked

LIFETIME = timedelta(days=7)
RESENT_AT_MOST_EVERY = timedelta(minutes=1)
MOST_OPEN = 500
MOST_A_DAY = 1_000
MOST_TEAMS = 20
LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Who is invited, as what, and into which teams."""

    email: str
    name: str
    role_id: UUID
    team_ids: tuple[UUID, ...] = ()


@dataclass
class Invitation(Aggregate):
    """Open until it is accepted, revoked, or a week old; sent again, it has another week and another link."""

    email: str = ""
    name: str = ""
    role_id: UUID | None = None
    team_ids: tuple[UUID, ...] = ()
    invited_by: str = ""
    expires_at: datetime | None = None
    accepted_at: datetime | None = None
    revoked_at: datetime | None = None

    def create(self, actor: Actor, newcomer: Newcomer, *, at: datetime) -> None:
        """Begin; the mail follows from the event."""
        self.invited_by, self.expires_at = str(actor), at + LIFETIME
        self._record(
            InvitationCreated(
                email=newcomer.email, name=newcomer.name, role_id=newcomer.role_id, team_ids=newcomer.team_ids
            )
        )

    def resend(self, *, at: datetime) -> None:
        """Have another mail sent, after which only its link works."""
        self._require_open()
        if self.expires_at is not None and at < self.expires_at - LIFETIME + RESENT_AT_MOST_EVERY:
            raise InvalidStateError("This invitation was sent less than a minute ago. Wait a little.")
        self.expires_at = at + LIFETIME
        self._record(InvitationResent())

    def revoke(self, *, reason: str | None, at: datetime) -> None:
        """Be worth nothing from now on; one that is revoked already stays as it is."""
        if self.revoked_at is None:
            self._require_open()
            self.revoked_at = at
            self._record(InvitationRevoked(reason=reason))

    def accept(self, agent_id: UUID, *, at: datetime) -> None:
        """Be taken up, by somebody who is an agent from now on."""
        self._require_open()
        if self.expires_at is not None and self.expires_at <= at:
            raise InvalidStateError("This invitation is over. Ask for another one.")
        self.accepted_at = at
        self._record(InvitationAccepted(agent_id=agent_id))

    def _require_open(self) -> None:
        if self.accepted_at is not None:
            raise InvalidStateError("This invitation was accepted. Suspend the agent instead.")
        if self.revoked_at is not None:
            raise InvalidStateError("This invitation was revoked. Make another one.")

    def _apply(self, event: Event) -> None:
        if isinstance(event, InvitationCreated):
            self.email, self.name = event.email, event.name
            self.role_id, self.team_ids = event.role_id, event.team_ids


class InvitationRepository(Stored[Invitation], Protocol):
    """Invitations of the actor's organization, to change."""

    async def open_for(self, email: str) -> bool:
        """Whether an invitation to this address is open."""
        ...

    async def mailed_since(self, email: str, at: datetime) -> bool:
        """Whether an invitation to this address, whatever became of it, was sent after a moment."""
        ...

    async def count_since(self, at: datetime) -> int:
        """How many were made after a moment, whatever became of them."""
        ...

    async def count_open(self) -> int:
        """How many are open."""
        ...

    async def works_here(self, email: str) -> bool:
        """Whether the person of this address is an agent already, suspended or not."""
        ...

    async def know_teams(self, ids: Collection[UUID]) -> bool:
        """Whether all of these are teams of the organization."""
        ...


class InvitationUnit(AgentUnit, Protocol):
    """A unit of work that holds invitations, and what they are to."""

    @property
    def invitations(self) -> InvitationRepository:
        """Invitations, to change."""
        ...


class InvitationPost(Protocol):
    """Where invitations are mailed."""

    async def send(self, organization_id: UUID, invitation_id: UUID) -> None:
        """Mail a new link for an open invitation; the ones before do not work any more. One that is over gets none."""
        ...


@dataclass(frozen=True)
class Invitations:
    """The commands on invitations. They take turns within an organization, so that nobody is invited twice at once."""

    units: Opening[InvitationUnit]
    new_id: Identifiers
    clock: Clock

    @retried_once
    async def create(
        self,
        actor: Actor,
        email: str,
        name: str,
        role_id: UUID,
        *,
        team_ids: Iterable[UUID] = (),
        key: IdempotencyKey | None = None,
    ) -> Receipt:
        """Invite somebody; the mail goes out in the background.

        Only people do, so that an API key that got out leaves nobody behind who outlives it.
        """
        actor.require(Permission.MANAGE_AGENTS)
        actor.require_kind(*STAFF, ActorKind.SYSTEM)
        newcomer = _checked(email, name, role_id, team_ids)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            await _require_grantable(unit, actor, newcomer.role_id, into_teams=bool(newcomer.team_ids))
            await _require_new(unit, newcomer)
            await _require_seldom(unit, newcomer, at=self.clock())
            invitation = Invitation(self.new_id(), actor.tenant)
            invitation.create(actor, newcomer, at=self.clock())
            unit.invitations.add(invitation)
            return await unit.commit(Receipt(invitation.id))

    @retried_once
    async def resend(self, actor: Actor, invitation_id: UUID, *, key: IdempotencyKey | None = None) -> Receipt:
        """Mail another link, good for another week; only for who could make the invitation now."""
        actor.require(Permission.MANAGE_AGENTS)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            invitation = await unit.invitations.get(invitation_id)
            if invitation.role_id is not None:
                await _require_grantable(unit, actor, invitation.role_id, into_teams=bool(invitation.team_ids))
            invitation.resend(at=self.clock())
            return await unit.commit(Receipt(invitation.id))

    async def revoke(
        self, actor: Actor, invitation_id: UUID, *, reason: str | None = None, key: IdempotencyKey | None = None
    ) -> Receipt:
        """End an invitation: its link does not work any more."""
        actor.require(Permission.MANAGE_AGENTS)
        reason = checked_reason(reason)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            invitation = await unit.invitations.get(invitation_id)
            invitation.revoke(reason=reason, at=self.clock())
            return await unit.commit(Receipt(invitation.id))


def _checked(email: str, name: str, role_id: UUID, team_ids: Iterable[UUID]) -> Newcomer:
    name, teams = checked(name, "input.name", longest=LONGEST_NAME), tuple(sorted(set(team_ids)))
    if len(teams) > MOST_TEAMS:
        raise InvalidInputError(FieldProblem("input.teamIds", f"Name at most {MOST_TEAMS} teams."))
    return Newcomer(email_address(email, "input.email"), name, role_id, teams)


async def _require_grantable(unit: InvitationUnit, actor: Actor, role_id: UUID, *, into_teams: bool) -> None:
    """Refuse who may not give this role, or add to teams, by the rights of this very moment."""
    hierarchy = Hierarchy(await unit.agents.owners())
    actor = await current(unit, actor)
    actor.require(Permission.MANAGE_AGENTS)
    hierarchy.check(actor, await unit.roles.get(role_id))
    if into_teams:
        actor.require(Permission.MANAGE_TEAMS)
        if actor.grants.get(Permission.READ_CONVERSATIONS) is not Scope.ALL:
            raise ForbiddenError("Only who may read all conversations adds people to a team.")


async def _require_new(unit: InvitationUnit, newcomer: Newcomer) -> None:
    if not await unit.invitations.know_teams(newcomer.team_ids):
        raise NotFoundError("team")
    if await unit.invitations.works_here(newcomer.email):
        raise InvalidStateError("Somebody with this address works here already.")
    if await unit.invitations.open_for(newcomer.email):
        raise InvalidStateError("This address is invited already. Send that invitation again, or revoke it first.")
    if await unit.invitations.count_open() >= MOST_OPEN:
        raise InvalidStateError(f"There are {MOST_OPEN} open invitations already. Revoke some first.")


async def _require_seldom(unit: InvitationUnit, newcomer: Newcomer, *, at: datetime) -> None:
    """Those that were revoked count too: their mail has left, and is not to be a way to flood somebody with more."""
    if await unit.invitations.mailed_since(newcomer.email, at - RESENT_AT_MOST_EVERY):
        raise InvalidStateError("This address was invited less than a minute ago. Wait a little.")
    if await unit.invitations.count_since(at - timedelta(days=1)) >= MOST_A_DAY:
        raise InvalidStateError(f"There were {MOST_A_DAY:,} invitations within a day. Go on tomorrow.")


class InvitationState(StrEnum):
    """What became of an invitation."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REVOKED = "revoked"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class InvitationView:
    """An invitation; `inviter_id` is None when it was no agent who made it."""

    id: UUID
    email: str
    name: str
    role_id: UUID
    inviter_id: UUID | None
    state: InvitationState
    created_at: datetime
    expires_at: datetime
    accepted_at: datetime | None
    revoked_at: datetime | None
