"""Carries what is to go out: many receivers side by side, few deliveries of each at a time."""

from __future__ import annotations

import asyncio
from collections import Counter

import structlog

from domain.base import UnavailableError
from domain.carriage.carriage import Bell, Carriage, Route
from domain.delivery import Delivery
from domain.ports import Pruning

LOOK_EVERY = 1.0
FORGET_EVERY = 3600.0
MOST = 400
"""How many deliveries one worker carries at a time, over all routes."""

log = structlog.get_logger(__name__)


async def carry(carriage: Carriage, bell: Bell) -> None:
    """Look when something was posted, whenever a delivery has ended, and every second, until cancelled."""
    busy: Counter[Route] = Counter()
    async with asyncio.TaskGroup() as running:
        while True:
            try:
                claimed = await carriage.due(MOST - busy.total(), busy)
            except UnavailableError:
                log.warning("carry.database_away")
                claimed = ()
            for delivery in claimed:
                busy[_route(delivery)] += 1
                running.create_task(_carry(carriage, delivery, busy, bell))
            await bell.rung(within=LOOK_EVERY)


async def _carry(carriage: Carriage, delivery: Delivery, busy: Counter[Route], bell: Bell) -> None:
    try:
        await carriage.carry(delivery)
    except UnavailableError:
        log.warning("carry.unrecorded", delivery=str(delivery.id))  # its lease ends, and it is carried once more
    except Exception:
        log.exception("carry.failed", delivery=str(delivery.id))
    finally:
        route = _route(delivery)
        busy[route] -= 1
        if not busy[route]:
            del busy[route]
        bell.ring()


async def forget(pruning: Pruning) -> None:
    """Forget what went out and what people were told long ago, every hour, until cancelled."""
    while True:
        try:
            if forgotten := await pruning.prune():
                log.info("news.forgotten", rows=forgotten)
        except UnavailableError:
            log.warning("forget.database_away")
        await asyncio.sleep(FORGET_EVERY)


def _route(delivery: Delivery) -> Route:
    return delivery.organization_id, delivery.parcel.route
