"""The relay makes no job for an organization that has nothing for it to do."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, select

from infra import bootstrap
from infra.automation.rows import rules
from infra.journal import WANTED_BY
from infra.rows import jobs
from tests.stack import found_company, settings_for
from workers.main import jobs_of
from workers.relay import plan


@pytest.fixture
async def parts(fresh_database_url: str, redis_url: str) -> AsyncIterator[bootstrap.Parts]:
    async with bootstrap.parts(settings_for(fresh_database_url, redis_url)) as parts:
        yield parts


async def names(parts: bootstrap.Parts, organization_id: UUID) -> set[str]:
    async with parts.database.tenant(organization_id) as connection:
        return set((await connection.execute(select(jobs.c.name))).scalars())


async def test_jobs_that_somebody_has_to_ask_for_are_made_for_who_did(
    parts: bootstrap.Parts, fresh_database_url: str
) -> None:
    plain, asking = await found_company(fresh_database_url), await found_company(fresh_database_url)
    row: dict[str, Any] = {"id": uuid4(), "organization_id": asking.id, "created_at": bootstrap.now()}
    made = {"name": "Any", "place": 1, "enabled": True, "triggers": [], "condition": {}, "actions": [], "stops": False}
    async with parts.database.tenant(asking.id) as connection:
        await connection.execute(insert(rules).values(row | made))
        await connection.commit()
    for company in (plain, asking):
        await parts.conversations.start(company.customer, "How do I return a coat?")
    await parts.journal.deliver(plan())
    assert await names(parts, plain.id) & WANTED_BY.keys() == set()
    assert await names(parts, asking.id) & WANTED_BY.keys() == {"run_rules"}
    assert "answer_question" in await names(parts, plain.id)


async def test_each_of_them_is_a_job(parts: bootstrap.Parts) -> None:
    assert WANTED_BY.keys() <= jobs_of(parts, None).keys()
