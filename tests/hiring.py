"""More people for a company under test, with any role."""

from uuid import uuid4

from sqlalchemy import insert

from domain.account.organization import role_of
from domain.account.permission import BUILTIN, BuiltinRole, Grants
from domain.base import Actor, ActorKind
from infra.accounts.rows import roles
from infra.bootstrap import now
from infra.database import Database
from infra.identity.shell import open_session
from infra.identity.standing import ADMINS
from infra.rows import agents
from tests.stack import Company


async def hired(database_url: str, company: Company, role: BuiltinRole | Grants, *, name: str = "Newcomer") -> Actor:
    """Somebody with a built-in role, or with one made of these grants, signed in."""
    builtin = role if isinstance(role, BuiltinRole) else None
    role_id = role_of(company.id, builtin) if builtin else uuid4()
    kind = ActorKind.ADMIN if builtin in ADMINS else ActorKind.AGENT
    grants = BUILTIN[builtin] if builtin else role
    assert not isinstance(grants, BuiltinRole)
    newcomer = Actor(kind, uuid4(), company.id, grants)
    shared = {"organization_id": company.id, "created_at": now()}
    database = Database(database_url, pool_size=1)
    async with database.tenant(company.id) as connection:
        if builtin is None:
            stored = {str(permission): str(scope) for permission, scope in grants.items()}
            await connection.execute(insert(roles), {"id": role_id, "name": str(role_id), "grants": stored, **shared})
        await connection.execute(insert(agents), {"id": newcomer.id, "role_id": role_id, "name": name, **shared})
        await open_session(connection, newcomer, now)
        await connection.commit()
    await database.close()
    return newcomer
