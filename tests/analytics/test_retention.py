"""Old months are dropped, with what was rolled up of them, and do not come back with what happens later."""

from datetime import timedelta

from sqlalchemy import text

from domain.analytics.question import Question, Source
from infra.analytics.filling import SqlFacts
from infra.commands.rollup import rebuild
from infra.process.clock import now
from tests.analytics.conftest import Counted
from tests.analytics.test_metrics import FROM_FACTS, MARCH, answered
from tests.security.rows import superuser


async def partitions(golden: Counted) -> set[str]:
    root = superuser(golden.parts.settings.sqlalchemy_url)
    async with root.connect() as connection:
        wanted = "SELECT relname FROM pg_class WHERE relnamespace = 'facts'::regnamespace AND relkind = 'r'"
        found = set((await connection.execute(text(wanted))).scalars())
    await root.dispose()
    return found


async def test_months_that_are_kept_no_longer_are_dropped(golden: Counted) -> None:
    asked = Question(("messages", "first_response_time_p50"), MARCH)
    assert "message_2026_03" in await partitions(golden)
    months = round((now() - MARCH.start) / timedelta(days=30.4)) + 2
    assert await SqlFacts(golden.parts.database, now, months=months).forget() == 0
    assert (await answered(golden, asked, Source.ROLLUP))["messages"] == [12]
    short = SqlFacts(golden.parts.database, now, months=1)
    gone = {name for name in await partitions(golden) if name[-7:] < f"{short._oldest():%Y_%m}"}
    assert await short.forget() == len(gone) and "message_2026_03" in gone
    assert await short.forget() == 0
    left = await partitions(golden)
    assert "message_2026_03" not in left and {"message_rest", f"message_{now():%Y_%m}"} <= left
    for source, span in ((Source.ROLLUP, MARCH), (Source.FACTS, FROM_FACTS)):
        found = await answered(golden, Question(asked.metrics, span), source)
        assert found == {"messages": [0], "first_response_time_p50": [None]}
    counting = type(golden.parts.counting)(short, golden.parts.counting.rollups, golden.parts.counting.analytics)
    assert await rebuild(counting) == 4
    assert (await answered(golden, asked, Source.ROLLUP))["messages"] == [0]
