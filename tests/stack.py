"""The whole of Parley in the test's process: server and worker on real Postgres and Redis, real HTTP and sockets."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID, uuid4

import httpx2
import websockets
from pydantic import SecretStr
from sqlalchemy import insert

from domain.account.organization import role_of
from domain.account.permission import BuiltinRole
from domain.assistant import Answer, Assistant, Provenance, ScriptedAssistant
from domain.base import Actor, ActorKind
from infra import bootstrap
from infra.accounts.founding import found
from infra.database import Database
from infra.identity.keys import first_keys
from infra.identity.shell import open_session, shell_session_of
from infra.identity.tokens import AccessTokens
from infra.rows import agents, customers
from infra.settings import Settings
from resolvers.app import server
from resolvers.transport import listen
from tests.people import actor
from workers.main import work

SECRET = "a-secret-for-tests-that-is-long-enough"
DATA = TemporaryDirectory(prefix="parley-data-", ignore_cleanup_errors=True)
"""Where servers of this run leave files, such as mails; gone when it ends."""


def scripted(*texts: str, **options: Any) -> ScriptedAssistant:
    """An assistant that answers with each of the texts in turn."""
    return ScriptedAssistant([Answer(text, (), Provenance("scripted", 1.0, 0.5)) for text in texts], **options)


@dataclass
class Gate:
    """Holds an assistant before each delta until the test lets some through."""

    permits: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))

    async def __call__(self) -> None:
        await self.permits.acquire()

    def let(self, deltas: int) -> None:
        for _ in range(deltas):
            self.permits.release()


@dataclass
class Company:
    """One organization with its people."""

    id: UUID
    customer: Actor
    other_customer: Actor
    agent: Actor
    other_agent: Actor
    admin: Actor


def token_of(actor: Actor) -> str:
    """An access token for somebody who has a session from a shell."""
    return AccessTokens(first_keys(SECRET), bootstrap.now).issue(shell_session_of(actor), actor.tenant)


async def found_company(database_url: str) -> Company:
    """A new organization; each test may have its own, so that tests share a database."""
    organization_id = uuid4()
    at = bootstrap.now()
    kinds = [ActorKind.CUSTOMER, ActorKind.CUSTOMER, ActorKind.AGENT, ActorKind.AGENT, ActorKind.ADMIN]
    actors = [actor(kind, organization_id) for kind in kinds]
    database = Database(database_url, pool_size=1)
    async with database.tenant(organization_id) as connection:
        await found(connection, organization_id, "Test", str(organization_id), settings={}, at=at)
        for number, one in enumerate(actors):
            shared = {"id": one.id, "organization_id": organization_id, "name": f"Person {number}", "created_at": at}
            if one.kind is ActorKind.CUSTOMER:
                await connection.execute(insert(customers), shared | {"email": f"{number}@customers.example"})
            else:
                role = role_of(organization_id, BuiltinRole(one.kind))
                await connection.execute(insert(agents), shared | {"role_id": role})
            await open_session(connection, one, bootstrap.now)
        await connection.commit()
    await database.close()
    return Company(organization_id, *actors)


class GraphQLFailedError(Exception):
    """An answer with top-level errors."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(json.dumps(errors))
        self.errors = errors

    @property
    def code(self) -> str:
        """The code of the first error."""
        return str(self.errors[0]["extensions"]["code"])


@dataclass
class Client:
    """Somebody with a token."""

    http: httpx2.AsyncClient
    socket_url: str
    token: str | None

    async def ask(self, document: str, **variables: Any) -> Any:
        """The data of a query or mutation; raises `GraphQLFailedError`."""
        headers = {"authorization": f"Bearer {self.token}"} if self.token else {}
        body = {"query": document, "variables": variables}
        answer = (await self.http.post("/graphql", json=body, headers=headers)).json()
        if "errors" in answer:
            raise GraphQLFailedError(answer["errors"])
        return answer["data"]

    async def watch(self, document: str, **variables: Any) -> AsyncGenerator[Any, None]:
        """The data of each event of a subscription; raises `GraphQLFailedError`."""
        async with websockets.connect(
            self.socket_url, subprotocols=[websockets.Subprotocol("graphql-transport-ws")]
        ) as socket:
            payload = {"authorization": f"Bearer {self.token}"} if self.token else {}
            await socket.send(json.dumps({"type": "connection_init", "payload": payload}))
            assert json.loads(await socket.recv())["type"] == "connection_ack"
            subscribe = {"query": document, "variables": variables}
            await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": subscribe}))
            async for raw in socket:
                message = json.loads(raw)
                if message["type"] == "error":
                    raise GraphQLFailedError(message["payload"])
                if message["type"] == "complete":
                    return
                if message["type"] == "next":
                    if "errors" in message["payload"]:
                        raise GraphQLFailedError(message["payload"]["errors"])
                    yield message["payload"]["data"]


@dataclass
class Stack:
    """A running Parley."""

    settings: Settings
    http: httpx2.AsyncClient
    socket_url: str
    assistant: Assistant | None
    """None is the one that the settings name."""

    def client(self, actor: Actor | None) -> Client:
        """A client for an actor, or for nobody."""
        return Client(self.http, self.socket_url, token_of(actor) if actor else None)

    @asynccontextmanager
    async def worker(self, assistant: Assistant | None = None) -> AsyncIterator[asyncio.Task[None]]:
        """A worker beside the server, cancelled at the end."""
        task = asyncio.create_task(work(self.settings, assistant=assistant or self.assistant))
        try:
            yield task
        finally:
            task.cancel()
            await asyncio.wait([task])


def settings_for(database_url: str, redis_url: str, **values: Any) -> Settings:
    """Settings that read nothing of the environment's addresses, and write nothing into the project's folder."""
    addresses = {"database_url": database_url.replace("+asyncpg", ""), "redis_url": redis_url}
    return Settings(**{"data_dir": Path(DATA.name), **addresses, "secret_key": SecretStr(SECRET), **values})


@asynccontextmanager
async def running(
    database_url: str, redis_url: str, assistant: Assistant | None, *, with_worker: bool = True, **values: Any
) -> AsyncIterator[Stack]:
    """Server and worker, ready for requests."""
    settings = settings_for(database_url, redis_url, **values)
    async with AsyncExitStack() as stack:
        listener = stack.enter_context(listen("127.0.0.1", 0, lost_after=5))
        address = f"127.0.0.1:{listener.getsockname()[1]}"
        serving = server(settings)
        serving.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
        task = asyncio.create_task(serving._serve([listener]))
        while not serving.started:
            assert not task.done(), "the server did not start"
            await asyncio.sleep(0.01)
        http = await stack.enter_async_context(
            httpx2.AsyncClient(base_url=f"http://{address}", timeout=20, verify=False)
        )
        made = Stack(settings, http, f"ws://{address}/graphql", assistant)
        try:
            if with_worker:
                await stack.enter_async_context(made.worker())
            yield made
        finally:
            await http.aclose()  # what has no connection stops sooner
            serving.should_exit = True
            await task
