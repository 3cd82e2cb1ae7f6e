"""A reader of the inbox who falls behind is told so, and never left with a gap."""

from contextlib import aclosing

import pytest

from domain.base import Recorded
from domain.ports import Resync
from infra import bootstrap
from infra.live.feed import MOST_REPLAYED
from tests.stack import found_company, settings_for
from workers.relay import plan


@pytest.mark.slow
async def test_a_reader_who_missed_too_much_is_asked_to_load_again(fresh_database_url: str, redis_url: str) -> None:
    company = await found_company(fresh_database_url)
    async with (
        bootstrap.serving(settings_for(fresh_database_url, redis_url)) as parts,
        aclosing(parts.feed.inbox(company.agent, 0)) as inbox,
    ):
        first = await parts.conversations.start(company.customer, "First")
        await parts.journal.deliver(plan())
        seen = await anext(inbox)
        assert isinstance(seen, Recorded)
        for _ in range(MOST_REPLAYED // 2 + 2):
            await parts.conversations.resolve(company.customer, first.id)
            await parts.conversations.reopen(company.customer, first.id)
        while (await parts.journal.deliver(plan())).events:
            pass
        newest = await parts.journal.last_position()
        position = seen.position or 0
        async for item in inbox:
            if isinstance(item, Resync):
                assert item.cursor == newest
                break
            assert item.position == position + 1, "a gap"
            position = item.position
            if position == newest:
                break
        else:
            raise AssertionError("the stream ended")
