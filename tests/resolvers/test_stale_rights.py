"""Rights that were just lost open no way in: judged by what the database knows, as in a process that has not heard."""

from uuid import uuid4

import pytest
from sqlalchemy import func, insert, select, update

from domain.access.identity_key import IdentityKeyKind
from domain.account.organization import role_of
from domain.account.permission import BuiltinRole, Permission, Scope
from domain.account.team import Roster
from domain.base import ForbiddenError
from infra import bootstrap
from infra.accounts.rows import api_keys, identity_keys, invitations, team_agents, teams
from infra.database import Database
from infra.rows import agents
from tests.stack import Company, settings_for


async def test_who_was_just_demoted_opens_no_way_in(company: Company, fresh_database_url: str, redis_url: str) -> None:
    admin = company.admin
    analyst, team_id = role_of(company.id, BuiltinRole.ANALYST), uuid4()
    shared = {"organization_id": company.id, "created_at": bootstrap.now()}
    database = Database(fresh_database_url, pool_size=1)
    async with database.tenant(company.id) as connection:
        await connection.execute(update(agents).where(agents.c.id == admin.id).values(role_id=analyst))
        await connection.execute(insert(teams), {"id": team_id, "name": "Theirs", **shared})
        await connection.commit()
    async with bootstrap.parts(settings_for(fresh_database_url, redis_url)) as made:
        access = made.access
        attempts = [
            access.api_keys.create(admin, "Mine", {Permission.READ_CONVERSATIONS: Scope.ALL}),
            access.invitations.create(admin, "me@shop.example", "Me", analyst),
            access.identity_keys.create(admin, "Mine", IdentityKeyKind.HMAC),
            made.accounts.teams.create(admin, Roster("Mine", [admin.identity])),
            made.accounts.teams.change(admin, team_id, Roster(agent_ids=[admin.identity])),
            access.providers.create(admin, "Mine", "https://login.example", "x", "x"),
        ]
        for attempt in attempts:
            with pytest.raises(ForbiddenError):
                await attempt
    async with database.tenant(company.id) as connection:
        counts = [
            await connection.scalar(select(func.count()).select_from(table))
            for table in (api_keys, invitations, identity_keys, team_agents)
        ]
    await database.close()
    assert counts == [0, 0, 0, 0]
