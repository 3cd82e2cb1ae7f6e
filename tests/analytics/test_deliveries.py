"""What was sent is counted when it was posted, and once more when it is known what became of it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import delete, insert, update

from domain.analytics.question import Question, Source, Span
from infra import bootstrap
from infra.commands.rollup import rebuild
from infra.delivery.rows import deliveries
from tests.analytics.conftest import Counted
from tests.analytics.golden import stories
from tests.analytics.test_metrics import answered
from tests.analytics.test_rollups import digests

ASKED = ("deliveries", "delivery_failures")


def delivery(golden: Counted, state: str, **more: Any) -> dict[str, Any]:
    """A row of the outbox, posted just now."""
    shared = {"id": uuid4(), "organization_id": golden.company.id, "medium": "email", "route": "mail", "content": {}}
    shared |= {"recipient": "somebody@customers.example", "about": {}, "key": str(uuid4()), "attempts": 1}
    at = bootstrap.now()
    return shared | {"state": state, "created_at": at, "next_try_at": at if state == "queued" else None} | more


async def change(golden: Counted, statement: Any, rows: Any = None) -> None:
    async with golden.parts.database.tenant(golden.company.id) as connection:
        await connection.execute(statement, rows)
        await connection.commit()
    await golden.follow()


async def counted(golden: Counted, *dimensions: str) -> dict[str, list[Any]]:
    now = bootstrap.now().replace(minute=0, second=0, microsecond=0)
    span = Span(now - timedelta(days=1), now + timedelta(hours=1))
    return await answered(golden, Question(ASKED, span, dimensions), Source.ROLLUP)


async def test_deliveries_are_counted_and_counted_again(golden: Counted) -> None:
    about = {"conversation": str(stories(golden.company)[0].id)}
    rows = [delivery(golden, "queued"), delivery(golden, "sent", about=about), delivery(golden, "failed", medium="sms")]
    for row in rows:
        await change(golden, insert(deliveries), [row])
    assert await counted(golden) == {"deliveries": [3], "delivery_failures": [1]}
    by_channel = await counted(golden, "channel")
    assert by_channel == {"channel": [None, "chat"], "deliveries": [2, 1], "delivery_failures": [1, 0]}
    mine = deliveries.c.id == rows[0]["id"]
    await change(golden, update(deliveries).where(mine).values(state="failed", attempts=9, next_try_at=None))
    assert await counted(golden, "medium") == {
        "medium": ["email", "sms"],
        "deliveries": [2, 1],
        "delivery_failures": [1, 1],
    }
    before = await digests(golden)
    await rebuild(golden.parts.counting)
    assert await digests(golden) == before
    await change(golden, delete(deliveries))
    await rebuild(golden.parts.counting)
    assert await digests(golden) == before
