"""Roles, agents, teams and inboxes as rows, with the questions that their rules ask."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import Table, and_, delete, exists, insert, or_, select

from domain.account.agent import Agent
from domain.account.inbox import Inbox
from domain.account.organization import Organization, role_of
from domain.account.permission import BuiltinRole
from domain.account.role import Role
from domain.account.team import Team
from infra.accounts.repository import SqlNamed, SqlStored
from infra.accounts.rows import identity_providers, inboxes, invitations, roles, team_agents, team_inboxes, teams
from infra.identity.standing import grants_of
from infra.repositories import Unit
from infra.rows import agents, organizations
from infra.storage.known import known


class SqlRoles(SqlStored[Role]):
    """Roles; one that goes takes with it the invitations to it that are over, which the journal remembers."""

    def __init__(self, unit: Unit) -> None:
        super().__init__(unit, roles, Role, grants=lambda stored: grants_of(None, stored))

    async def named(self, name: str) -> Role | None:
        """The role of that name, locked."""
        return next(iter(await self.find(roles.c.name == name)), None)

    async def count(self) -> int:
        """How many there are."""
        return await self._count()

    async def held_by(self, agent_id: UUID) -> Role | None:
        """The role of an agent who is not suspended; first they are locked, then it."""
        a = agents.c
        mine = select(a.role_id).where(
            a.id == agent_id, a.organization_id == self._unit.actor.tenant, a.suspended_at.is_(None)
        )
        role_id = await self._unit.connection.scalar(mine.with_for_update())
        return await self.get(role_id) if role_id else None

    async def has_holders(self, role: Role) -> bool:
        """Whether any agent has the role, or is invited to it."""
        i = invitations.c
        held = exists().where(agents.c.role_id == role.id)
        promised = exists().where(i.role_id == role.id, i.accepted_at.is_(None), i.revoked_at.is_(None))
        return bool(await self._unit.connection.scalar(select(or_(held, promised))))

    async def _write(self, aggregate: Role) -> None:
        if aggregate.deleted:
            i = invitations.c
            over = and_(i.role_id == aggregate.id, or_(i.accepted_at.is_not(None), i.revoked_at.is_not(None)))
            await self._unit.connection.execute(delete(invitations).where(over))
        await super()._write(aggregate)


class SqlAgents(SqlStored[Agent]):
    """Agents. The row of the owners' role is the lock that those take who make and unmake owners."""

    def __init__(self, unit: Unit) -> None:
        super().__init__(unit, agents, Agent)

    async def owners(self) -> Sequence[Agent]:
        """The owners who are not suspended, locked, with nobody else at it."""
        owner = role_of(self._unit.actor.tenant, BuiltinRole.OWNER)
        await self._unit.connection.execute(select(roles.c.id).where(roles.c.id == owner).with_for_update())
        return await self.find(agents.c.role_id == owner, agents.c.suspended_at.is_(None))


class SqlInboxes(SqlStored[Inbox]):
    """Inboxes."""

    def __init__(self, unit: Unit) -> None:
        super().__init__(unit, inboxes, Inbox)

    async def named(self, name: str) -> Inbox | None:
        """The inbox of that name, locked."""
        return next(iter(await self.find(inboxes.c.name == name)), None)

    async def count(self) -> int:
        """How many there are."""
        return await self._count()


class SqlTeams(SqlNamed[Team]):
    """Teams with their lists, which are rows of their own."""

    def __init__(self, unit: Unit) -> None:
        super().__init__(unit, teams, Team)

    async def get(self, identity: UUID) -> Team:
        """The team with its people and inboxes, locked; `NotFoundError` where there is none."""
        team = await super().get(identity)
        people, places = team_agents.c, team_inboxes.c
        found = await self._unit.connection.scalars(select(people.agent_id).where(people.team_id == identity))
        team.agent_ids = tuple(sorted(found))
        found = await self._unit.connection.scalars(select(places.inbox_id).where(places.team_id == identity))
        team.inbox_ids = tuple(sorted(found))
        return team

    async def count(self) -> int:
        """How many there are."""
        return await self._count()

    async def know_agents(self, ids: Collection[UUID]) -> bool:
        """Whether all of these are agents of the organization."""
        return await _knows(self._unit, agents, ids)

    async def know_inboxes(self, ids: Collection[UUID]) -> bool:
        """Whether all of these are inboxes of the organization."""
        return await _knows(self._unit, inboxes, ids)

    async def _write(self, aggregate: Team) -> None:
        await super()._write(aggregate)
        if aggregate.deleted:
            return
        for table, column, ids in (
            (team_agents, "agent_id", aggregate.agent_ids),
            (team_inboxes, "inbox_id", aggregate.inbox_ids),
        ):
            shared = {"team_id": aggregate.id, "organization_id": aggregate.organization_id}
            await self._unit.connection.execute(delete(table).where(table.c.team_id == aggregate.id))
            if ids:
                await self._unit.connection.execute(insert(table), [shared | {column: each} for each in ids])


class StoredOrganizations(SqlStored[Organization]):
    """The one organization that the unit of work is in."""

    def __init__(self, unit: Unit) -> None:
        super().__init__(unit, organizations, Organization)

    async def has_provider(self) -> bool:
        """Whether people can sign in by an identity provider."""
        p = identity_providers.c
        wanted = select(exists().where(p.organization_id == self._unit.actor.tenant, p.enabled))
        return bool(await self._unit.connection.scalar(wanted))


async def _knows(unit: Unit, table: Table, ids: Collection[UUID]) -> bool:
    return len(await known(unit, table, ids)) == len(ids)
