"""What is kept for a while only."""

from datetime import timedelta
from typing import Any

from sqlalchemy import text

from domain.ports import IdempotencyKey
from infra import bootstrap
from tests.stack import found_company, settings_for


async def test_a_key_is_remembered_for_seven_days(fresh_database_url: str, redis_url: str) -> None:
    companies = [await found_company(fresh_database_url) for _ in range(2)]
    async with bootstrap.parts(settings_for(fresh_database_url, redis_url)) as parts:

        async def begin(company: Any, key: str) -> Any:
            return await parts.conversations.start(company.customer, "Hello?", key=IdempotencyKey(key, "same"))

        first = {(number, key): await begin(companies[number], key) for number in (0, 1) for key in ("old", "young")}
        for company in companies:
            async with parts.database.tenant(company.id) as connection:
                aged = "UPDATE idempotency_key SET created_at = now() - CAST(:age AS interval) WHERE key = :key"
                await connection.execute(text(aged), {"age": timedelta(days=7, hours=1), "key": "old"})
                await connection.execute(text(aged), {"age": timedelta(days=6, hours=23), "key": "young"})
                await connection.commit()
        assert await parts.pruning.prune() == 2
        assert await parts.pruning.prune() == 0
        for (number, key), receipt in first.items():
            assert (await begin(companies[number], key) == receipt) == (key == "young")
