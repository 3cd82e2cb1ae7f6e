"""The composition root: everything made once, by plain calls, and taken down in the opposite order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractContextManager, AsyncExitStack, asynccontextmanager, closing
from typing import TYPE_CHECKING
from uuid import UUID

import structlog
from opentelemetry.trace import Span
from redis.asyncio import ConnectionPool, Redis

from domain.assistant import Assistant
from domain.base import Recorded, UnavailableError
from domain.conversation.answering import Answers
from infra.accounts.access import KeyUses
from infra.ai.intent import intents_by
from infra.ai.observed import ObservedAssistant
from infra.database import Database
from infra.demo.ids import DEMO_INBOX
from infra.edge.origins import SqlOrigins
from infra.edge.web import file_origins, trusted_documents, web_documents, web_folder
from infra.identity.keys import KeyRing
from infra.identity.standing import Standings
from infra.journal import SqlJournal
from infra.knowledge.composition import Reading, reading_of
from infra.learning.feed import SqlRunFeed
from infra.live.hub import Heard, Hub
from infra.live.queue import Queue
from infra.live.replies import RedisReplies
from infra.live.signals import CLOSED, COMMITTED, DELIVERED, FRAMES, Handler, Listener, Sender, quietly
from infra.live.tasks import background
from infra.login.entrance import Entrance, Ground
from infra.metrics import (
    CONTENT_TYPE_LATEST,
    JOB_WAIT,
    count_statements,
    generate_latest,
    may_read_metrics,
    serving_own_metrics,
)
from infra.models.composition import AssistantGround, assistant_parts
from infra.parts import Parts
from infra.process.clock import new_id, now
from infra.process.late import Late
from infra.settings import Settings, SettingsError, load_or_exit, sends_traces, stop
from infra.storage.organizations import SqlOrganizations
from infra.telemetry import configure_logs, following
from infra.unit_of_work import SqlUnits

if TYPE_CHECKING:
    from infra.process import tracing
else:
    tracing = Late("infra.process.tracing")

log = structlog.get_logger(__name__)

__all__ = [
    "CONTENT_TYPE_LATEST",
    "DEMO_INBOX",
    "Parts",
    "Settings",
    "SettingsError",
    "background",
    "file_origins",
    "following",
    "may_read_metrics",
    "new_id",
    "now",
    "serving_own_metrics",
    "stop",
    "trusted_documents",
    "web_documents",
    "web_folder",
]


def settings(service: str) -> Settings:
    """The settings of this process, with its logs and traces set up; a wrong one ends it with a sentence."""
    found = load_or_exit()
    configure_logs(found.log_level, found.log_format, found.secrets)
    if sends_traces():
        tracing.configure_traces(service)
    return found


def _redis_pool(url: str, stack: AsyncExitStack) -> ConnectionPool:
    pool = ConnectionPool.from_url(url, socket_connect_timeout=1, socket_timeout=5, health_check_interval=10)
    stack.push_async_callback(pool.disconnect)
    return pool


def answers(made: Parts, assistant: Assistant | None = None) -> Answers:
    """What answers questions: the assistant that the settings name, or another one."""
    chosen = made.settings
    return Answers(
        made.units,
        made.replies,
        made.organizations,
        ObservedAssistant(assistant or made.assistant_parts.assistant),
        new_id,
        chosen.answer_timeout,
        failed=_failed,
    )


def _failed(error: Exception) -> None:
    log.warning("assistant.failed", error=repr(error), exc_info=error)


@asynccontextmanager
async def parts(chosen: Settings) -> AsyncIterator[Parts]:
    """Make everything; taken down when the block ends."""
    async with AsyncExitStack() as stack:
        pool = _redis_pool(chosen.redis, stack)
        redis = Redis(connection_pool=pool)
        ground = _ground(chosen, Sender(redis), stack)
        journal, origins = SqlJournal(ground.database, ground.sender), SqlOrigins(ground.database)
        hub = Hub(journal, _both(ground.standings.heard, origins.heard))
        reading = reading_of(chosen, ground.database, ground.units, now, stack)
        mind = _mind(ground, redis, reading, stack, SqlRunFeed(ground.database, journal, hub))
        yield Parts(
            ground=ground,
            redis=redis,
            queue=Queue(pool),
            journal=journal,
            hub=hub,
            replies=RedisReplies(redis, frames_per_second=chosen.frames_per_second),
            origins=origins,
            reading=reading,
            mind=mind,
            assistant_parts=assistant_parts(mind),
            entrance=stack.enter_context(closing(Entrance(ground))),
            stack=stack,
        )


def _ground(chosen: Settings, sender: Sender, stack: AsyncExitStack) -> Ground:
    """What every part stands on: the database, what changes it, and who may."""
    pooled = chosen.database_pooler == "transaction"
    database = Database(chosen.sqlalchemy_url, pool_size=chosen.database_pool_size, pooled=pooled)
    stack.push_async_callback(database.close)
    count_statements(database.engine)
    units, standings = SqlUnits(database, sender, now), Standings(database, now)
    ring = KeyRing(database, chosen.secret, now)
    return Ground(chosen, database, units, sender, ring, standings, now, new_id)


def _mind(
    ground: Ground, redis: Redis, reading: Reading, stack: AsyncExitStack, run_feed: SqlRunFeed
) -> AssistantGround:
    """What the assistant stands on."""
    return AssistantGround(
        settings=ground.settings,
        database=ground.database,
        redis=redis,
        units=ground.units,
        organizations=SqlOrganizations(ground.database),
        retrieval=reading.retrieval,
        intents=intents_by(reading.embedder),
        now=ground.clock,
        new_id=ground.new_id,
        stack=stack,
        run_feed=run_feed,
    )


def _both(one: Heard, other: Heard) -> Heard:
    def tell(organization_id: UUID, stream: str, kind: str) -> None:
        one(organization_id, stream, kind)
        other(organization_id, stream, kind)

    return tell


@asynccontextmanager
async def serving(chosen: Settings) -> AsyncIterator[Parts]:
    """The parts of a server process, listening to what happens elsewhere."""
    async with parts(chosen) as made:
        hub = made.hub
        handlers: Mapping[str, Handler] = {COMMITTED: hub.committed, DELIVERED: hub.delivered, FRAMES: hub.frame}
        listener = Listener(made.redis, handlers, back=hub.listens_again)
        uses = KeyUses(made.database, made.standings)
        chores = (hub.run, made.budgets.run, uses.run, *made.entrance.chores)
        async with background(made.sender.run, listener.run, *chores):
            yield made


@asynccontextmanager
async def working(chosen: Settings) -> AsyncIterator[Parts]:
    """The parts of a worker process, listening for commits to relay and for replies to end."""
    async with parts(chosen) as made:
        if "scripted" not in chosen.ai_provider:
            await made.intents.of("Hello")  # loads the model now rather than with the first customer's question
        handlers: Mapping[str, Handler] = {COMMITTED: made.journal.wake, CLOSED: made.replies.closed}
        listener = Listener(made.redis, handlers, back=made.journal.wake)
        async with background(made.sender.run, listener.run):
            yield made


def following_event(recorded: Recorded, job: str) -> AbstractContextManager[Span]:
    """Go on with the trace and the correlation id of an event."""
    JOB_WAIT.labels(job).observe(max(0.0, (now() - recorded.at).total_seconds()))
    parent = {"traceparent": recorded.traceparent} if recorded.traceparent else None
    return following(recorded.correlation_id, parent, f"job {job}", attributes={"parley.stream": recorded.stream})


async def metrics(made: Parts) -> bytes:
    """What this process counts, and what the database knows, in Prometheus's text form."""
    await made.gauges.refresh()
    return generate_latest()


HEARTBEAT = "parley:worker:heartbeat"


async def heartbeat(made: Parts) -> None:
    """Tell the servers, every second, that a worker is there."""
    while True:
        await quietly(made.redis.set(HEARTBEAT, "1", ex=5))
        await asyncio.sleep(1)


async def readiness(made: Parts) -> dict[str, bool]:
    """Whether each thing that an answer needs is there: the database, Redis, a worker."""
    beating = await quietly(made.redis.exists(HEARTBEAT))
    return {"database": await _answers(made.database), "redis": beating is not None, "worker": bool(beating)}


async def _answers(database: Database) -> bool:
    try:
        async with asyncio.timeout(2), database.relay():
            return True
    except (UnavailableError, TimeoutError):
        return False
