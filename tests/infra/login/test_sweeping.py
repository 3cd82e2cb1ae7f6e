"""What is forgotten of sessions, links and failures, and what is kept."""

from datetime import timedelta
from uuid import uuid4

from sqlalchemy import func, insert, select

from domain.account.organization import role_of
from domain.account.permission import BuiltinRole
from infra import bootstrap
from infra.accounts.founding import found
from infra.accounts.rows import mail_tokens, people, refresh_tokens, sessions, sign_in_throttles
from infra.database import Database
from infra.identity.throttle import Throttle
from infra.login.sweeping import Sweeping
from infra.rows import agents


async def test_only_what_is_over_for_a_day_is_forgotten(fresh_database_url: str) -> None:
    database, at = Database(fresh_database_url, pool_size=2), bootstrap.now()
    organization_id, agent_id, person_id = uuid4(), uuid4(), uuid4()
    shared = {"organization_id": organization_id, "created_at": at}
    async with database.accounts() as connection:
        await found(connection, organization_id, "Shop", "shop", settings={}, at=at)
        who = {"id": person_id, "email": "ann@people.example", "name": "Ann", "created_at": at}
        await connection.execute(insert(people), who)
        agent = {"id": agent_id, "name": "Ann", "role_id": role_of(organization_id, BuiltinRole.AGENT), **shared}
        await connection.execute(insert(agents), agent)
        for hours, days in ((25, 30), (23, 30), (None, 30), (None, -2)):
            session = {"id": uuid4(), "agent_id": agent_id, "strategy": "password", "device": "x", **shared}
            ended = {"ended_at": at - timedelta(hours=hours) if hours else None, "last_seen_at": at}
            times = {"expires_at": at + timedelta(days=days)}
            await connection.execute(insert(sessions), session | ended | times)
            token = {"hash": uuid4().bytes, "session_id": session["id"], "organization_id": organization_id}
            await connection.execute(insert(refresh_tokens), token | {"issued_at": at})
        for hours in (25, 23):
            link = {"hash": uuid4().bytes, "person_id": person_id, "purpose": "reset", "email": "a@b", "created_at": at}
            await connection.execute(insert(mail_tokens), link | {"expires_at": at - timedelta(hours=hours)})
            failure = {"key": f"{hours}", "failures": 1, "last_failure_at": at - timedelta(hours=hours)}
            await connection.execute(insert(sign_in_throttles), failure)
        await connection.commit()
    assert await Sweeping(database, Throttle(database, bootstrap.now), bootstrap.now).sweep() == 4
    async with database.accounts() as connection:
        kept = [
            await connection.scalar(select(func.count()).select_from(table))
            for table in (sessions, refresh_tokens, mail_tokens, sign_in_throttles)
        ]
    await database.close()
    assert kept == [4, 2, 1, 1]
