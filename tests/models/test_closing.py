"""Whoever ends an answer ends the request to the model with it, within half a second, as the model's server sees it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from time import monotonic

import pytest
from redis.asyncio import Redis

from tests.documents import START, command
from tests.models.plain import Plain, guarded
from tests.models.replies import Ending, Reply, hang, hang_after_headers, text
from tests.models.server import ModelServer, Received
from tests.stack import Client, Company, Stack, found_company, running

SOON = 0.5
"""Seconds, from the moment at which the command was answered."""

STAGES = {
    "no headers": hang(),
    "no token": hang_after_headers(),
    "mid-answer": text("one two three").then(Ending.HANG),
    "still writing": text("word " * 1_000).slowly(0.02),
}


@pytest.fixture(scope="module")
async def company(database_url: str) -> Company:
    return await found_company(database_url)


@pytest.fixture(scope="module")
async def stack(database_url: str, valkey_url: str, _model_server: ModelServer) -> AsyncIterator[Stack]:
    """One for all tests of the module: each has a conversation of its own."""
    async with (
        Redis.from_url(valkey_url) as redis,
        running(database_url, valkey_url, Plain(guarded(_model_server, redis)), with_worker=False) as started,
    ):
        yield started


@pytest.fixture(scope="module")
async def worker(stack: Stack) -> AsyncIterator[None]:
    async with stack.worker():
        yield


async def asked(client: Client, server: ModelServer, reply: Reply) -> tuple[str, Received]:
    """A conversation whose answer the model is about to give, or is giving."""
    server.say(reply)
    conversation = (await client.ask(START, text="May I send it back?"))["startConversation"]["conversation"]["id"]
    await server.until(lambda: server.received and (not reply.deltas or server.received[0].first_token_at))
    await asyncio.sleep(0.2)
    (received,) = server.received
    assert received.closed_at is None
    return str(conversation), received


async def expect_closed(server: ModelServer, received: Received, since: float) -> None:
    await server.until(lambda: received.closed_at, seconds=5)
    assert received.closed_at is not None
    assert received.closed_at - since <= SOON


@pytest.mark.parametrize("stage", list(STAGES))
async def test_a_worker_that_is_stopped_closes_its_requests(
    stack: Stack, company: Company, model_server: ModelServer, stage: str
) -> None:
    async with stack.worker() as worker:
        conversation, received = await asked(stack.client(company.customer), model_server, STAGES[stage])
        began = monotonic()
        worker.cancel()
        await expect_closed(model_server, received, began)
        await stack.client(company.agent).ask(command("resolveConversation"), id=conversation)


@pytest.mark.usefixtures("worker")
@pytest.mark.parametrize("name", ["stopAnswer", "takeOverConversation", "requestHandoff", "resolveConversation"])
@pytest.mark.parametrize("stage", list(STAGES))
async def test_a_command_that_ends_an_answer_closes_the_request(
    stack: Stack, company: Company, model_server: ModelServer, stage: str, name: str
) -> None:
    client = stack.client(company.customer if name in ("stopAnswer", "requestHandoff") else company.agent)
    conversation, received = await asked(stack.client(company.customer), model_server, STAGES[stage])
    done = await client.ask(command(name), id=conversation)
    assert done[name]["__typename"].endswith("Success")
    await expect_closed(model_server, received, monotonic())
    assert len(model_server.received) == 1
