"""Two tenants on a running Parley."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from infra import bootstrap
from tests.security.fuzz import BUDGETS
from tests.security.rows import superuser
from tests.security.tenants import Tenant, furnish
from tests.stack import Stack, running, scripted, settings_for


@dataclass
class Neighbours:
    """Two tenants, a server for both, and a superuser's view of their tables."""

    stack: Stack
    engine: AsyncEngine
    own: Tenant
    foreign: Tenant


@pytest.fixture
async def neighbours(fresh_database_url: str, redis_url: str) -> AsyncIterator[Neighbours]:
    """Without a worker: nothing moves but what the test does."""
    async with bootstrap.parts(settings_for(fresh_database_url, redis_url)) as parts:
        own = await furnish(fresh_database_url, parts, "aardvark")
        foreign = await furnish(fresh_database_url, parts, "zebrazebra")
    engine = superuser(fresh_database_url)
    async with running(fresh_database_url, redis_url, scripted("Yes."), with_worker=False, **BUDGETS) as stack:
        yield Neighbours(stack, engine, own, foreign)
    await engine.dispose()
