"""Sessions of people under test, and sockets that stay open by them."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from time import monotonic
from uuid import UUID, uuid4

import websockets
from sqlalchemy import insert

from domain.base import Actor, ActorKind
from infra import bootstrap
from infra.accounts.rows import sessions
from infra.database import Database
from infra.identity.keys import first_keys
from infra.identity.tokens import AccessTokens
from tests.stack import SECRET, Stack

Socket = websockets.ClientConnection


async def signed_in(database_url: str, actor: Actor, *, device: str = "Firefox on Linux") -> tuple[UUID, str]:
    """Another session of somebody, and an access token for it."""
    at, session_id = bootstrap.now(), uuid4()
    whose = "customer_id" if actor.kind is ActorKind.CUSTOMER else "agent_id"
    row = {"id": session_id, "organization_id": actor.tenant, whose: actor.identity, "strategy": "password"}
    times = {"created_at": at, "last_seen_at": at, "expires_at": at + timedelta(days=1)}
    database = Database(database_url, pool_size=1)
    async with database.tenant(actor.tenant) as connection:
        await connection.execute(insert(sessions), row | times | {"device": device, "address": "192.0.2.7"})
        await connection.commit()
    await database.close()
    return session_id, AccessTokens(first_keys(SECRET), bootstrap.now).issue(session_id, actor.tenant)


@asynccontextmanager
async def connected(stack: Stack, token: str) -> AsyncIterator[Socket]:
    """A socket that was acknowledged."""
    protocol = websockets.Subprotocol("graphql-transport-ws")
    async with websockets.connect(stack.socket_url, subprotocols=[protocol]) as socket:
        payload = {"authorization": f"Bearer {token}"}
        await socket.send(json.dumps({"type": "connection_init", "payload": payload}))
        assert json.loads(await socket.recv())["type"] == "connection_ack"
        yield socket


async def closed(socket: Socket) -> tuple[int | None, float]:
    """The close code, and how many seconds from now until it came; `TimeoutError` after five."""
    began = monotonic()
    await asyncio.wait_for(socket.wait_closed(), 5)
    return socket.close_code, monotonic() - began
