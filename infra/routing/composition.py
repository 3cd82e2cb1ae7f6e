"""Routing, put together once in a process."""

from __future__ import annotations

from domain.base import Clock
from domain.ports import Replies
from domain.routing.draining import Draining
from domain.routing.service import Routing
from infra.database import Database
from infra.routing.workplaces import SqlWorkplaces
from infra.unit_of_work import SqlUnits


def routing_of(database: Database, units: SqlUnits, replies: Replies, now: Clock) -> Routing:
    """The commands, and what drains the queue."""
    return Routing(units, replies, SqlWorkplaces(database), Draining(units, now), now)
