"""Sessions for whoever has a shell on the server: they could read the database anyway."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid5

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.base import Actor, ActorKind, Clock
from infra.accounts.rows import sessions
from infra.database import Database
from infra.identity.keys import KeyRing
from infra.identity.tokens import AccessTokens

LIFETIME = timedelta(hours=12)
STRATEGY = "shell"


def shell_session_of(actor: Actor) -> UUID:
    """The one session that an actor has from shells."""
    return uuid5(actor.identity, "session:shell")


async def open_session(
    connection: AsyncConnection, actor: Actor, clock: Clock, *, device: str = "parley token"
) -> UUID:
    """Store the actor's session from shells, or open it again. Runs as the role for accounts, or in the tenant."""
    now = clock()
    whose = {"customer_id" if actor.kind is ActorKind.CUSTOMER else "agent_id": actor.identity}
    row = {
        "id": shell_session_of(actor),
        "organization_id": actor.tenant,
        "strategy": STRATEGY,
        "device": device,
        "created_at": now,
        "last_seen_at": now,
        "expires_at": now + LIFETIME,
        **whose,
    }
    again = {"last_seen_at": now, "expires_at": now + LIFETIME, "ended_at": None, "ended_reason": None}
    await connection.execute(insert(sessions).values(row).on_conflict_do_update(index_elements=["id"], set_=again))
    return shell_session_of(actor)


async def token_for(database: Database, secret: str, actor: Actor, clock: Clock) -> str:
    """An access token for an actor that is in the database, good for as long as the session."""
    async with database.accounts() as connection:
        session_id = await open_session(connection, actor, clock)
        await connection.commit()
    keys = await KeyRing(database, secret, clock).current()
    return AccessTokens(keys, clock).issue(session_id, actor.tenant, lifetime=LIFETIME)
