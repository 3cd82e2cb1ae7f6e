"""A reader of the inbox who falls behind is told so, and never left with a gap."""

from contextlib import aclosing
from uuid import UUID

from sqlalchemy import text

from domain.base import Recorded, stream_of
from domain.ports import Resync
from infra import bootstrap
from infra.database import Database
from infra.live.feed import MOST_REPLAYED
from tests.stack import found_company, settings_for
from workers.relay import plan

AGAIN = text(
    """
    INSERT INTO event (organization_id, stream, version, kind, payload, actor, at, correlation_id)
    SELECT organization_id, stream, version + 2 * n, kind, payload, actor, at, correlation_id
    FROM event, generate_series(1, :times) AS n
    WHERE stream = :stream AND version > (SELECT max(version) - 2 FROM event WHERE stream = :stream)
    ORDER BY n, version
    """
)


async def happen_again(database: Database, organization_id: UUID, stream: str, times: int) -> None:
    """Write the last two events of a stream so often again, as that many commands would have."""
    async with database.tenant(organization_id) as connection:
        await connection.execute(AGAIN, {"stream": stream, "times": times})
        await connection.commit()


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
        await parts.conversations.resolve(company.customer, first.id)
        await parts.conversations.reopen(company.customer, first.id)
        await happen_again(parts.database, company.id, stream_of("conversation", first.id), MOST_REPLAYED // 2 + 1)
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
