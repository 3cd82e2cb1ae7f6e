"""Spending, put together once in a process."""

from __future__ import annotations

from collections.abc import Mapping

from redis.asyncio import Redis

from domain.base import Clock, Identifiers
from domain.spending.events import Price
from infra.models.declared import DeclaredModel
from infra.spending.ledger import SqlLedger
from infra.spending.refusals import Refusals
from infra.unit_of_work import SqlUnits


def ledger_of(
    units: SqlUnits, redis: Redis, now: Clock, new_id: Identifiers, declared: Mapping[str, DeclaredModel]
) -> SqlLedger:
    """The ledger, with the prices that the settings have for models."""
    prices = {
        name: Price(one.prices.read, one.prices.written, one.prices.cached)
        for name, one in declared.items()
        if one.prices is not None
    }
    return SqlLedger(units, Refusals(redis), now, new_id, prices)
