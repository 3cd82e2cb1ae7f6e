"""Everything about the desk, put together once in a process."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass

from redis.asyncio import Redis

from domain.base import Clock, Identifiers
from domain.conversation.service import Conversations
from domain.desk.desk import Desk
from infra.database import Database
from infra.desk.timers import SqlClockwork
from infra.journal import SqlJournal
from infra.live.feed import SqlFeed
from infra.live.hub import Hub
from infra.live.signals import Sender
from infra.models.composition import AssistantParts
from infra.settings import Settings
from infra.unit_of_work import SqlUnits


@dataclass(frozen=True)
class DeskGround:
    """What the desk stands on."""

    settings: Settings
    database: Database
    redis: Redis
    units: SqlUnits
    sender: Sender
    journal: SqlJournal
    hub: Hub
    feed: SqlFeed
    conversations: Conversations
    assistant: AssistantParts
    now: Clock
    new_id: Identifiers
    stack: AsyncExitStack
    """What is to be closed with the process."""


def desk(ground: DeskGround) -> Desk:
    """Make it, by plain calls."""
    return Desk(clockwork=SqlClockwork(ground.database, ground.sender))
