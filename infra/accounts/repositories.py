"""Roles, agents, teams and inboxes as rows, with the questions that their rules ask."""

from __future__ import annotations

from sqlalchemy import and_, delete, exists, func, or_, select

from domain.account.role import Role
from infra.account_rows import invitations, roles
from infra.accounts.repository import SqlStored
from infra.accounts.standing import grants_of
from infra.repositories import Unit
from infra.rows import agents


class SqlRoles(SqlStored[Role]):
    """Roles; one that goes takes with it the invitations to it that are over, which the journal remembers."""

    def __init__(self, unit: Unit) -> None:
        super().__init__(unit, roles, Role, grants=lambda stored: grants_of(None, stored))

    async def named(self, name: str) -> Role | None:
        """The role of that name, locked."""
        return next(iter(await self.find(roles.c.name == name)), None)

    async def count(self) -> int:
        """How many there are."""
        mine = select(func.count()).where(roles.c.organization_id == self._unit.actor.tenant)
        return await self._unit.connection.scalar(mine) or 0

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
