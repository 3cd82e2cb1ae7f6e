"""An organization whose journal tells the golden stories, taken into facts and rolled up."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from infra import bootstrap
from infra.parts import Parts
from tests.analytics.golden import know, rows_of, stories, write
from tests.stack import Company, found_company, settings_for


@dataclass
class Counted:
    """Everything of a process, and the organization that is counted."""

    parts: Parts
    company: Company

    async def follow(self) -> None:
        """Take in what is committed, up to the last hour."""
        while (await self.parts.journal.deliver({})).events:
            pass
        counting = self.parts.counting
        while await counting.facts.follow():
            pass
        await counting.facts.follow_deliveries()
        while await counting.rollups.roll():
            pass


@pytest.fixture
async def counted(fresh_database_url: str, redis_url: str) -> AsyncIterator[Counted]:
    """Before anything has happened."""
    async with bootstrap.parts(settings_for(fresh_database_url, redis_url)) as parts:
        yield Counted(parts, await found_company(fresh_database_url))


@pytest.fixture
async def golden(counted: Counted) -> Counted:
    """After the four stories."""
    told = stories(counted.company)
    await know(counted.parts.database, told)
    await write(counted.parts.database, counted.company.id, [row for story in told for row in rows_of(story)])
    await counted.follow()
    return counted
