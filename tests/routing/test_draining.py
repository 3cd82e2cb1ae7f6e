"""The queue on real Postgres: who waits is offered to who fits, and nobody has more than they can."""

from collections.abc import AsyncIterator

import pytest

from domain.conversation import ConversationState
from infra import bootstrap
from tests.routing.desk import Desk, made
from tests.stack import settings_for


@pytest.fixture
async def desk(database_url: str, redis_url: str) -> AsyncIterator[Desk]:
    async with bootstrap.parts(settings_for(database_url, redis_url)) as parts:
        yield await made(parts, database_url)


async def test_what_waits_is_offered_and_accepted(desk: Desk) -> None:
    agent, waiting = await desk.agent(), await desk.waits()
    assert await desk.drain() == 1
    assert await desk.offers() == {waiting: agent.identity}
    assert await desk.drain() == 0
    await desk.routing.accept(agent, waiting)
    row = await desk.row(waiting)
    assert (row.state, row.assignee_id, row.offered_to) == (ConversationState.WITH_PERSON, agent.identity, None)
