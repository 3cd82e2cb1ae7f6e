"""What is taken away ends what is open: at once, before the next event, and what was missed comes after signing in."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import websockets
from sqlalchemy import update
from websockets.asyncio.client import ClientConnection

from domain.account.permission import Permission, Scope
from domain.base import Actor
from infra.bootstrap import now
from infra.database import Database
from infra.rows import agents
from tests.documents import SEND, START
from tests.hiring import hired
from tests.resolvers.test_knowledge import mutation
from tests.stack import Company, Stack, running, scripted

INBOX = """
subscription($after: String) {
  inboxChanged(after: $after) { __typename ... on ConversationEvent { cursor conversation { subject } } }
}"""
REVOKE = mutation("revokeApiKey", "apiKey { id }")
CREATE_KEY = mutation("createApiKey", "apiKey { id } secret")
CHANGE_ROLE = mutation("changeRole", "role { id }")
ROLES = "{ roles { id isBuiltin } }"
READING = [
    {"permission": "READ_CONVERSATIONS", "scope": "ALL"},
    {"permission": "READ_CUSTOMERS", "scope": "ALL"},
    {"permission": "READ_AGENTS", "scope": "ALL"},
]


@dataclass
class Watching:
    """A socket that watches the inbox: what came, and how it ended."""

    socket: ClientConnection
    came: list[dict[str, Any]] = field(default_factory=list)
    closed_at: float = 0.0

    async def until(self, events: int) -> None:
        """Wait for the first events."""
        while len(self.came) < events:
            await self._take()

    async def end(self) -> tuple[int | None, str | None]:
        """Read to the end; the close code and its reason."""
        try:
            async with asyncio.timeout(10):
                while True:
                    await self._take()
        except websockets.ConnectionClosed:
            self.closed_at = time.monotonic()
        return self.socket.close_code, self.socket.close_reason

    async def _take(self) -> None:
        message = json.loads(await self.socket.recv())
        if message["type"] == "next":
            assert "errors" not in message["payload"], message
            self.came.append(message["payload"]["data"]["inboxChanged"])


@asynccontextmanager
async def watching(stack: Stack, credential: str | None, after: str | None = None) -> AsyncIterator[Watching]:
    protocol = websockets.Subprotocol("graphql-transport-ws")
    async with websockets.connect(stack.socket_url, subprotocols=[protocol]) as socket:
        await socket.send(json.dumps({"type": "connection_init", "payload": {"authorization": f"Bearer {credential}"}}))
        assert json.loads(await socket.recv())["type"] == "connection_ack"
        payload = {"query": INBOX, "variables": {"after": after}}
        await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": payload}))
        yield Watching(socket)


async def begun(stack: Stack, company: Company, text: str) -> str:
    started = await stack.client(company.customer).ask(START, text=text)
    return str(started["startConversation"]["conversation"]["id"])


async def key_of(stack: Stack, company: Company) -> dict[str, Any]:
    made = await stack.client(company.admin).ask(CREATE_KEY, input={"name": "Board", "grants": READING})
    return {"id": made["createApiKey"]["apiKey"]["id"], "secret": made["createApiKey"]["secret"]}


@pytest.fixture
async def quiet(fresh_database_url: str, redis_url: str) -> AsyncIterator[Stack]:
    """The assistant is never done, so that only what a test does is an event."""
    forever = asyncio.Event()
    async with running(fresh_database_url, redis_url, scripted("x", pause=forever.wait)) as started:
        yield started


async def test_nothing_after_its_revocation_reaches_a_key(quiet: Stack, company: Company) -> None:
    key = await key_of(quiet, company)
    async with watching(quiet, key["secret"]) as board:
        conversation = await begun(quiet, company, "Before?")
        await board.until(2)
        revoked_at = time.monotonic()
        await quiet.client(company.admin).ask(REVOKE, input={"apiKeyId": key["id"], "reason": "Lost."})
        before = len(board.came)
        for number in range(5):
            await quiet.client(company.customer).ask(SEND, id=conversation, text=f"After {number}?")
        code, reason = await board.end()
    assert (code, reason) == (4401, "This credential is not valid, or not any more. Sign in again.")
    assert len(board.came) - before <= 1, "only what was on its way before the revocation may still come"
    assert board.closed_at - revoked_at < 5
    async with websockets.connect(
        quiet.socket_url, subprotocols=[websockets.Subprotocol("graphql-transport-ws")]
    ) as again:
        await again.send(
            json.dumps({"type": "connection_init", "payload": {"authorization": f"Bearer {key['secret']}"}})
        )
        with pytest.raises(websockets.ConnectionClosed):
            await again.recv()
        assert again.close_code == 4403


async def test_other_rights_end_the_socket_and_the_rest_comes_after_connecting_again(
    quiet: Stack, company: Company, fresh_database_url: str
) -> None:
    reader = await hired(fresh_database_url, company, {Permission.READ_CONVERSATIONS: Scope.ALL, **_READS})
    role = next(role["id"] for role in (await quiet.client(company.admin).ask(ROLES))["roles"] if not role["isBuiltin"])
    token = quiet.client(reader).token
    async with watching(quiet, token) as board:
        conversation = await begun(quiet, company, "First?")
        await board.until(1)
        grants = {"roleId": role, "grants": READING[:2]}
        await quiet.client(company.admin).ask(CHANGE_ROLE, input=grants)
        assert await board.end() == (4403, "Your rights have changed: connect again.")
    for number in range(3):
        await quiet.client(company.customer).ask(SEND, id=conversation, text=f"Missed {number}?")
    async with watching(quiet, token, after=board.came[-1]["cursor"]) as again:
        async with asyncio.timeout(10):
            await again.until(3)
    seen = [event["__typename"] for event in [*board.came, *again.came]]
    assert seen.count("MessageSent") >= 3
    cursors = [event["cursor"] for event in [*board.came, *again.came]]
    assert len(set(cursors)) == len(cursors)


async def test_a_suspended_agent_is_shut_out_within_a_minute_even_if_nobody_is_told(
    quiet: Stack, company: Company, fresh_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A change past the services, such as by an operator in the database, has no event: memory ends by itself."""
    monkeypatch.setattr("infra.identity.standing.KEPT_FOR", 0.2)
    client = quiet.client(company.agent)
    assert (await client.ask("{ viewer { kind } }"))["viewer"]["kind"] == "AGENT"
    await _suspend(fresh_database_url, company.agent)
    await asyncio.sleep(0.3)
    answer = await quiet.http.post(
        "/graphql", json={"query": "{ viewer { kind } }"}, headers={"authorization": f"Bearer {client.token}"}
    )
    assert answer.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert "suspended" in answer.json()["errors"][0]["message"]


_READS = {Permission.READ_CUSTOMERS: Scope.ALL, Permission.READ_AGENTS: Scope.ALL}


async def _suspend(database_url: str, actor: Actor) -> None:
    database = Database(database_url, pool_size=1)
    async with database.tenant(actor.tenant) as connection:
        await connection.execute(update(agents).where(agents.c.id == actor.identity).values(suspended_at=now()))
        await connection.commit()
    await database.close()
