"""Analytics, put together once in a process."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass

from domain.base import Clock
from infra.analytics.asking import SqlAnalytics
from infra.analytics.filling import SqlFacts
from infra.analytics.rolling import SqlRollups
from infra.database import Database
from infra.settings import Settings


@dataclass(frozen=True)
class AnalyticsParts:
    """How numbers come about, and who answers questions about them."""

    facts: SqlFacts
    rollups: SqlRollups
    analytics: SqlAnalytics


def analytics_parts(settings: Settings, database: Database, clock: Clock, stack: AsyncExitStack) -> AnalyticsParts:
    """Make them; questions have connections of their own, to the replica where there is one."""
    pooled = settings.database_pooler == "transaction"
    replica = Database(settings.replica, pool_size=settings.analytics_pool_size, pooled=pooled)
    stack.push_async_callback(replica.close)
    facts = SqlFacts(database, clock, months=settings.analytics_months)
    return AnalyticsParts(facts, SqlRollups(database), SqlAnalytics(replica, clock))
