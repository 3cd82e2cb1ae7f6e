"""Invitations as rows, and the mail that they are told by."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, exists, func, select, update

from domain.access.invitation import LIFETIME, Invitation
from domain.base import Clock
from domain.login.mail import Mailer, MailRefusedError, invitation
from infra.accounts.key_reads import agent_of
from infra.accounts.repository import SqlStored
from infra.accounts.rows import invitations, people, teams
from infra.database import Database
from infra.identity.standing import hash_of
from infra.repositories import Unit
from infra.rows import agents, organizations

log = structlog.get_logger(__name__)


class SqlInvitations(SqlStored[Invitation]):
    """The invitations of the unit's organization; the hash of the newest link is no field, and is left alone."""

    def __init__(self, unit: Unit) -> None:
        super().__init__(unit, invitations, Invitation, team_ids=tuple)

    async def open_for(self, email: str) -> bool:
        """Whether an invitation to this address is open."""
        return bool(await self._scalar(select(exists().where(invitations.c.email == email, *self._open()))))

    async def mailed_since(self, email: str, at: datetime) -> bool:
        """Whether an invitation to this address was sent after a moment, which is when its lifetime began."""
        i = invitations.c
        sent = exists().where(self._mine(), i.email == email, i.expires_at > at + LIFETIME)
        return bool(await self._scalar(select(sent)))

    async def count_since(self, at: datetime) -> int:
        """How many were made after a moment."""
        made = (self._mine(), invitations.c.created_at > at)
        return int(await self._scalar(select(func.count()).select_from(invitations).where(*made)) or 0)

    async def count_open(self) -> int:
        """How many are open."""
        return int(await self._scalar(select(func.count()).select_from(invitations).where(*self._open())) or 0)

    async def works_here(self, email: str) -> bool:
        """Whether the person of this address is an agent already, suspended or not."""
        p, a = people.c, agents.c
        joined = agents.join(people, p.id == a.person_id)
        wanted = select(a.id).select_from(joined).where(p.email == email, a.organization_id == self._unit.actor.tenant)
        return await self._scalar(wanted) is not None

    async def know_teams(self, ids: Collection[UUID]) -> bool:
        """Whether all of these are teams of the organization."""
        mine = (teams.c.organization_id == self._unit.actor.tenant) & teams.c.id.in_(ids)
        return bool(await self._scalar(select(func.count()).select_from(teams).where(mine)) == len(ids))

    def _open(self) -> tuple[ColumnElement[bool], ...]:
        i = invitations.c
        over = (i.accepted_at.is_(None), i.revoked_at.is_(None), i.expires_at > self._unit.at)
        return (self._mine(), *over)

    def _mine(self) -> ColumnElement[bool]:
        return invitations.c.organization_id == self._unit.actor.tenant

    async def _scalar(self, statement: Any) -> Any:
        return await self._unit.connection.scalar(statement)


@dataclass(frozen=True)
class InvitationLetters:
    """Makes the link when the mail is sent: its hash is committed before the mail leaves, and it is kept nowhere."""

    database: Database
    mailer: Mailer
    public_address: str
    clock: Clock

    async def send(self, organization_id: UUID, invitation_id: UUID) -> None:
        """Mail a new link for an open invitation; the ones before do not work any more. One that is over gets none."""
        token, at = secrets.token_urlsafe(32), self.clock()
        row = await self._renewed(organization_id, invitation_id, token, at)
        if row is None:
            return
        letter = invitation(
            row.email,
            organization=row.organization,
            invited_by=row.inviter or "Somebody",
            link=f"{self.public_address}/accept-invitation?token={token}",
            lifetime=row.expires_at - at,
        )
        try:
            await self.mailer.send(letter)
        except MailRefusedError as error:
            log.warning("mail.refused", purpose="invitation", error=str(error))

    async def _renewed(self, organization_id: UUID, invitation_id: UUID, token: str, at: datetime) -> Any:
        i, o, a = invitations.c, organizations.c, agents.c
        mine = (i.id == invitation_id) & (i.organization_id == organization_id)
        still = mine & i.accepted_at.is_(None) & i.revoked_at.is_(None) & (i.expires_at > at)
        renewal = update(invitations).where(still).values(token_hash=hash_of(token))
        async with self.database.tenant(organization_id) as connection:
            found = (await connection.execute(renewal.returning(i.invited_by))).one_or_none()
            if found is None:
                return None
            inviter = select(a.name).where(a.id == agent_of(found.invited_by)).scalar_subquery().label("inviter")
            shown = select(i.email, i.expires_at, o.name.label("organization"), inviter)
            joined = invitations.join(organizations, o.id == i.organization_id)
            row: Any = (await connection.execute(shown.select_from(joined).where(mine))).one()
            await connection.commit()
        return row
