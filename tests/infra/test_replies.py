"""Replies while they are written, on a real Valkey."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from domain.ports import ReplyClosedError
from infra.live.replies import RedisReplies

CONVERSATION = uuid4()


@pytest.fixture
async def replies(redis_url: str) -> AsyncIterator[RedisReplies]:
    async with Redis.from_url(redis_url) as redis:
        yield RedisReplies(redis, frames_per_second=20)


async def test_a_reply_that_is_closed_is_no_cancellation_of_its_job(replies: RedisReplies) -> None:
    answer = uuid4()

    async def write() -> None:
        async with replies.writing(CONVERSATION, answer, 1) as writer:
            await writer.write("one ")
            await asyncio.sleep(10)

    writing = asyncio.create_task(write())
    await asyncio.sleep(0.1)
    assert await replies.close(CONVERSATION, answer, 1) == "one "
    replies.closed(f"parley:reply:{{{answer}}}:1:closed".encode())
    with pytest.raises(ReplyClosedError):
        await writing


async def test_a_reply_that_is_closed_at_its_end_is_no_cancellation_either(replies: RedisReplies) -> None:
    answer = uuid4()
    async with asyncio.timeout(5):
        with pytest.raises(ReplyClosedError):
            async with replies.writing(CONVERSATION, answer, 1) as writer:
                await writer.write("one ")
                await asyncio.sleep(0.1)
                await replies.close(CONVERSATION, answer, 1)
                # heard in the very moment in which the text is complete: the task goes on before it is cancelled
                replies.closed(f"parley:reply:{{{answer}}}:1:closed".encode())
        await asyncio.sleep(0.05)


async def test_a_reply_whose_sender_finds_it_closed_ends_its_block(replies: RedisReplies) -> None:
    answer = uuid4()
    await replies.close(CONVERSATION, answer, 1)
    with pytest.raises(ReplyClosedError):
        async with replies.writing(CONVERSATION, answer, 1) as writer:
            await writer.write("one ")
            await asyncio.sleep(10)
    assert await replies.read(answer, 1) == ""
