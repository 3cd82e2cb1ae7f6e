"""How people come to work somewhere: by founding an organization, or by accepting an invitation to one."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import delete, exists, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.account.agent import Agent
from domain.account.events import OrganizationCreated, VerificationRequested
from domain.account.organization import role_of
from domain.account.permission import BuiltinRole
from domain.base import (
    Clock,
    ConflictError,
    FieldProblem,
    ForbiddenError,
    Identifiers,
    InvalidInputError,
    InvalidStateError,
)
from domain.login.person import Membership, Person, allows, email_address
from domain.login.session import Device, Session, Sessions
from domain.login.signing_in import Founder, SignedIn
from domain.text import checked
from infra.accounts.founding import found
from infra.accounts.rows import invitations, people, recovery_codes, team_agents
from infra.database import Database
from infra.identity.standing import hash_of
from infra.identity.throttle import Devices
from infra.login.everywhere import Change, Everywhere
from infra.login.letters import Letters, Purpose
from infra.login.people import person_by_email
from infra.login.recovery import Recovery
from infra.rows import organizations

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
LONGEST_NAME = 100
STRATEGY = "invitation"
OVER = "This invitation was accepted or revoked, or its time is up, or a newer one was sent."


@dataclass(frozen=True, slots=True)
class Welcome:
    """An open invitation, and the person who has its address already, if anybody."""

    invitation_id: UUID
    organization_id: UUID
    organization: str
    email: str
    name: str
    token_hash: bytes = field(repr=False)
    settings: Mapping[str, Any]
    person: Person | None

    @property
    def is_for_somebody_new(self) -> bool:
        """Whether they choose a password now; one that somebody set for an address never shown to be theirs is void."""
        return self.person is None or not self.person.email_verified

    @property
    def opens_a_session(self) -> bool:
        """Whether the link and a new password are a way in there."""
        return self.is_for_somebody_new and allows(self.settings.get("sign_in") or {}, STRATEGY)


@dataclass(frozen=True)
class Joining:
    """Makes people, and makes them agents."""

    database: Database
    everywhere: Everywhere
    recovery: Recovery
    sessions: Sessions
    devices: Devices
    clock: Clock
    new_id: Identifiers
    is_open: bool

    async def sign_up(self, founder: Founder, device: Device) -> None:
        """Found an organization and mail its founder a link, who cannot sign in before using it.

        For an address that somebody has already nothing is made, and the mail is one for a new password: whoever asks
        gets the same answer. Raises `ForbiddenError` where signing up is closed, `InvalidInputError`.
        """
        if not self.is_open:
            raise ForbiddenError("Nobody can sign up here: ask for an invitation.")
        founder = _checked(founder)
        async with self.database.accounts() as connection:
            await require_free(connection, founder.slug)
            known = await person_by_email(connection, founder.email)
        hashed = await self.recovery.hashed(founder.password, [founder.name, founder.email, founder.organization])
        if known is not None:
            self.recovery.forgot(founder.email, device)
            return
        async with self._changing() as change:
            person_id = await self._add_person(change, founder.email, founder.name, hashed, verified=False)
            membership = await self.establish(change, founder, person_id, device.address)
            wanted = VerificationRequested(agent_id=membership.agent_id, person_id=person_id)
            await change.tell(membership.actor(device.address), wanted)

    async def found(self, founder: Founder, letters: Letters) -> str | None:
        """Found an organization for the owner of an address, from a shell, whose word is enough.

        Gives the link by which they choose a password, within an hour; None for who has an account already. Raises
        `InvalidInputError`, or `ConflictError`.
        """
        founder = _checked(founder)
        async with self._changing() as change:
            await require_free(change.connection, founder.slug)
            owner = await person_by_email(change.connection, founder.email)
            person_id = (
                owner.id if owner else await self._add_person(change, founder.email, founder.name, None, verified=False)
            )
            await self.establish(change, founder, person_id, None)
            if owner is not None and owner.email_verified:
                return None
            person = Person(person_id, founder.email, founder.name)
            return await letters.new_link(change.connection, person, Purpose.RESET)

    async def establish(self, change: Change, founder: Founder, person_id: UUID, address: str | None) -> Membership:
        """Store an organization with a person as its owner."""
        organization_id, agent_id = self.new_id(), self.new_id()
        names = (founder.organization, founder.slug)
        membership = Membership(agent_id, organization_id, *names, BuiltinRole.OWNER)
        unit = await change.unit(membership.actor(address))
        await found(change.connection, organization_id, *names, settings={}, at=change.at)
        await change.tell(unit.actor, OrganizationCreated(name=founder.organization, slug=founder.slug))
        agent = Agent(agent_id, organization_id)
        agent.join(person_id, role_of(organization_id, BuiltinRole.OWNER), founder.name)
        unit.agents.add(agent)
        await unit.agents.save()
        return membership

    async def accept(self, token: str, password: str | None, name: str | None, device: Device) -> SignedIn | None:
        """Make whoever got the link an agent, once; somebody new is signed in where passwords are a way in.

        Somebody who has an account is not: the link shows that a mail was read, which is one factor of maybe two. They
        sign in as they are used to. Raises `InvalidStateError` for an invitation that is over, `InvalidInputError`.
        """
        welcome = await self._welcome(token)
        name, hashed = checked(name or welcome.name, "name", longest=LONGEST_NAME), None
        if welcome.is_for_somebody_new:
            if password is None:
                raise InvalidInputError(FieldProblem("password", "must be given: choose one."))
            hashed = await self.recovery.hashed(password, [name, welcome.email, welcome.organization])
        async with self._changing() as change:
            person_id = await self._person(change, welcome, name, hashed)
            membership = await self._join(change, welcome, person_id, name, device)
        if not welcome.opens_a_session:
            return None
        session = Session(
            self.new_id(),
            membership.organization_id,
            person_id=person_id,
            agent_id=membership.agent_id,
            strategy=STRATEGY,
            device=device.name,
            address=device.address,
        )
        tokens = await self.sessions.start(membership.actor(device.address), session)
        return SignedIn(tokens, self.devices.issue(welcome.email))

    @asynccontextmanager
    async def _changing(self) -> AsyncIterator[Change]:
        """A change; two who want the same address, slug or place at one moment: `ConflictError` for the slower."""
        try:
            async with self.everywhere() as change:
                yield change
        except IntegrityError as error:
            raise ConflictError from error

    async def _welcome(self, token: str) -> Welcome:
        i, o = invitations.c, organizations.c
        joined = invitations.join(organizations, o.id == i.organization_id)
        wanted = select(
            i.id, i.organization_id, o.name.label("organization"), i.email, i.name, i.token_hash, o.settings
        ).select_from(joined)
        still = (i.accepted_at.is_(None), i.revoked_at.is_(None), i.expires_at > self.clock())
        open_one = wanted.where(i.token_hash == hash_of(token), o.suspended_at.is_(None), *still)
        async with self.database.accounts() as connection:
            row = (await connection.execute(open_one)).one_or_none()
            if row is None:
                raise InvalidStateError(OVER)
            return Welcome(*row, person=await person_by_email(connection, row.email))

    async def _add_person(self, change: Change, email: str, name: str, hashed: str | None, *, verified: bool) -> UUID:
        row = {"id": self.new_id(), "email": email, "name": name, "created_at": change.at, "version": 1}
        verified_at = change.at if verified else None
        row |= {"password_hash": hashed, "password_changed_at": change.at, "email_verified_at": verified_at}
        await change.connection.execute(insert(people), row)
        return UUID(str(row["id"]))

    async def _person(self, change: Change, welcome: Welcome, name: str, hashed: str | None) -> UUID:
        known = welcome.person
        if known is None:
            return await self._add_person(change, welcome.email, name, hashed, verified=True)
        if hashed is None:
            return known.id
        p, c = people.c, recovery_codes.c
        row = {"name": name, "password_hash": hashed, "password_changed_at": change.at, "email_verified_at": change.at}
        factor = {"totp_secret": None, "totp_confirmed_at": None, "version": p.version + 1}
        void = update(people).where(p.id == known.id, p.email_verified_at.is_(None)).values(row | factor)
        if (await change.connection.execute(void)).rowcount != 1:
            raise ConflictError
        await change.connection.execute(delete(recovery_codes).where(c.person_id == known.id))
        await change.end_sessions(known, "invitation_accepted", None)
        return known.id

    async def _join(self, change: Change, welcome: Welcome, person_id: UUID, name: str, device: Device) -> Membership:
        membership = Membership(self.new_id(), welcome.organization_id, welcome.organization, "")
        unit = await change.unit(membership.actor(device.address))
        i = invitations.c
        found = await unit.invitations.find(i.id == welcome.invitation_id, i.token_hash == welcome.token_hash)
        if not found or (role_id := found[0].role_id) is None:
            raise InvalidStateError(OVER)
        invitation = found[0]
        agent = Agent(membership.agent_id, welcome.organization_id)
        invitation.accept(agent.id, at=change.at)
        agent.join(person_id, role_id, name)
        unit.agents.add(agent)
        await unit.agents.save()
        await unit.invitations.save()
        for team_id in invitation.team_ids:
            member = {"team_id": team_id, "agent_id": agent.id, "organization_id": welcome.organization_id}
            with suppress(IntegrityError):  # a team that is gone by now
                async with change.connection.begin_nested():
                    await change.connection.execute(insert(team_agents), member)
        return membership


async def require_free(connection: AsyncConnection, slug: str) -> None:
    """`InvalidInputError` for a slug that an organization has."""
    if await connection.scalar(select(exists().where(organizations.c.slug == slug))):
        raise InvalidInputError(FieldProblem("slug", "is taken. Choose another one."))


def _checked(founder: Founder) -> Founder:
    if not SLUG.fullmatch(founder.slug):
        raise InvalidInputError(FieldProblem("slug", "must be 1 to 40 small letters, digits and hyphens within."))
    return Founder(
        email_address(founder.email),
        founder.password,
        checked(founder.name, "name", longest=LONGEST_NAME),
        checked(founder.organization, "organization", longest=LONGEST_NAME),
        founder.slug,
    )
