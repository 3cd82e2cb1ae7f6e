"""One document, three deliveries: what a live subscriber, a webhook and a query are told is the same, to the byte."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import websockets
from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)
from redis import Redis
from sqlalchemy import insert, select

from domain.base import system_of
from domain.webhook.webhook import GRANTABLE
from infra import bootstrap
from infra.rows import events
from infra.storage.codec import dump
from resolvers.root import schema
from schema.base import parse_key
from schema.webhooks.replay import InboxChangeKind
from tests.stack import Client, Stack, found_company, running, scripted
from tests.webhooks.conftest import NETWORKS, Desk, until
from tests.webhooks.receiver import Message, Receiver
from tests.webhooks.samples import samples

GRANTS = [{"permission": each.name, "scope": "ALL"} for each in GRANTABLE]
KEY = """
mutation Key($grants: [GrantInput!]!) {
  createApiKey(input: {name: "Live", grants: $grants}) { ... on CreateApiKeySuccess { secret } }
}"""


def _selection() -> str:
    """All that can be asked of every kind of change, down to the values of what it leads to."""
    union = schema._schema.type_map["InboxChange"]
    shared = schema._schema.type_map["ConversationEvent"]
    assert isinstance(union, GraphQLUnionType) and isinstance(shared, GraphQLInterfaceType)
    shapes: dict[str, set[str]] = {}
    for kind in union.types:
        for name, field in kind.fields.items():
            shapes.setdefault(name, set()).add(str(field.type))
    parts = []
    for kind in (shared, *union.types):
        chosen = ["__typename"]
        for name, field in kind.fields.items():
            if kind is not shared and name in shared.fields:
                continue
            below = get_named_type(field.type)
            if any(is_required_argument(argument) for argument in field.args.values()):
                continue
            called = name if len(shapes[name]) == 1 else f"{kind.name}_{name}: {name}"
            if is_leaf_type(below):
                chosen.append(called)
            elif isinstance(below, GraphQLObjectType):
                leaves = [each for each, inner in below.fields.items() if is_leaf_type(get_named_type(inner.type))]
                chosen.append(f"{called} {{ {' '.join(leaves)} }}")
        parts.append(f"... on {kind.name} {{ {' '.join(chosen)} }}")
    return "__typename " + " ".join(parts)


SELECTION = _selection()
LIVE = f"subscription {{ inboxChanged {{ {SELECTION} }} }}"
REPLAY = f"""
query Replay($after: String, $first: Int, $kinds: [InboxChangeKind!]) {{
  inboxChanges(after: $after, first: $first, kinds: $kinds) {{
    pageInfo {{ hasNextPage endCursor }} edges {{ cursor node {{ {SELECTION} }} }}
  }}
}}"""


@pytest.fixture(scope="module")
async def stack(database_url: str, valkey_url: str) -> AsyncIterator[Stack]:
    """Without a worker: the test gives out positions, and carries."""
    with Redis.from_url(valkey_url) as client:
        client.flushall()
    async with running(database_url, valkey_url, scripted(), with_worker=False, webhook_networks=NETWORKS) as made:
        yield made


@pytest.fixture
async def parts(stack: Stack) -> AsyncIterator[bootstrap.Parts]:
    async with bootstrap.parts(stack.settings) as made, bootstrap.background(made.sender.run):
        yield made


async def _live(stack: Stack, token: str, heard: list[dict[str, Any]]) -> None:
    """Keep what a live subscriber gets, as it comes."""
    protocol = websockets.Subprotocol("graphql-transport-ws")
    async with websockets.connect(stack.socket_url, subprotocols=[protocol]) as socket:
        await socket.send(json.dumps({"type": "connection_init", "payload": {"authorization": f"Bearer {token}"}}))
        await socket.recv()
        await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": {"query": LIVE}}))
        async for raw in socket:
            message = json.loads(raw)
            assert message["type"] in ("next", "ping"), message
            if message["type"] == "next":
                heard.append({name: message["payload"].get(name) for name in ("data", "errors")})


async def _happen(parts: bootstrap.Parts, desk: Desk, conversation: str) -> None:
    """An event of every kind happens in a conversation, whatever that would mean."""
    stream = f"conversation:{parse_key(conversation, 'Conversation', 'id')}"
    async with parts.database.tenant(desk.company.id) as connection:
        last = len((await connection.execute(select(events.c.id).where(events.c.stream == stream))).all())
        rows = [
            {
                "organization_id": desk.company.id,
                "stream": stream,
                "version": last + number,
                "kind": event.kind,
                "payload": dump(event),
                "actor": str(system_of(desk.company.id)),
                "audited": False,
                "at": bootstrap.now(),
                "correlation_id": "",
            }
            for number, event in enumerate(samples().values(), 1)
        ]
        await connection.execute(insert(events), rows)
        await connection.commit()
    await parts.journal.deliver({})


def _cursor(body: dict[str, Any]) -> str:
    return str(body["data"]["inboxChanged"]["cursor"])


async def _told(parts: bootstrap.Parts, receiver: Receiver, last: str) -> dict[str, Message]:
    """What the webhook is told, by its cursor, up to one."""
    carriage = parts.desk.carriage
    while last not in (told := {_cursor(message.json): message for message in receiver.taken_at("/three")}):
        for delivery in await carriage.due(50, {}):
            await carriage.carry(delivery)
        await asyncio.sleep(0.02)
    return told


async def _replayed(client: Client, **variables: Any) -> list[dict[str, Any]]:
    """All pages."""
    found, after, has_next = [], variables.pop("after", None), True
    while has_next:
        page = (await client.ask(REPLAY, after=after, **variables))["inboxChanges"]
        found += page["edges"]
        after, has_next = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    return found


async def test_every_kind_of_change_is_the_same_by_each_way(
    stack: Stack, parts: bootstrap.Parts, database_url: str, receiver: Receiver
) -> None:
    desk = Desk(stack, await found_company(database_url), receiver)
    assert set(samples()) == {kind.value for kind in InboxChangeKind}
    token = (await desk.admin.ask(KEY, grants=GRANTS))["createApiKey"]["secret"]
    webhook = await desk.webhook("/three", LIVE, *GRANTS)
    heard: list[dict[str, Any]] = []
    watching = asyncio.create_task(_live(stack, token, heard))
    conversation = ""
    while not heard:  # until the subscriber has begun
        assert not watching.done(), watching.exception()
        conversation = await desk.start("Hello?")
        await parts.journal.deliver({})
        await asyncio.sleep(0.1)
    await _happen(parts, desk, conversation)
    await until(lambda: {each["data"]["inboxChanged"]["__typename"] for each in heard} == set(samples()))
    watching.cancel()
    told = await _told(parts, receiver, _cursor(heard[-1]))
    for each in heard:
        message = told[_cursor(each)]
        assert _normal(message.json) == _normal(_plain(each))
        message.verify(desk.secrets[webhook])
    client = Client(stack.http, stack.socket_url, token)
    asked = {edge["cursor"]: edge["node"] for edge in await _replayed(client, first=7)}
    assert list(asked) == list(told)
    for each in heard:
        assert _normal(asked[_cursor(each)]) == _normal(each["data"]["inboxChanged"])


def _plain(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if value is not None}


def _normal(value: object) -> str:
    return json.dumps(value, sort_keys=True)
