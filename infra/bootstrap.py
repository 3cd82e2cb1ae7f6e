"""The composition root: everything made once, by plain calls, and taken down in the opposite order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractContextManager, AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from uuid import UUID

import structlog
from opentelemetry.trace import Span
from redis.asyncio import ConnectionPool, Redis

from domain.access.access import Access
from domain.access.invitation import InvitationPost
from domain.account.agent import Agents
from domain.account.inbox import Inboxes
from domain.account.organization import Organizations
from domain.account.role import Roles
from domain.account.service import Accounts
from domain.account.team import Teams
from domain.assistant import Assistant
from domain.assistants import Assistants
from domain.base import Actor, Recorded, UnavailableError
from domain.conversation.answering import Answers
from domain.conversation.service import Conversations
from domain.desk.desk import Desk
from domain.knowledge.imports import Imports
from domain.knowledge.service import Articles, Knowledge, Sources
from domain.login.own import OwnAccount
from domain.login.signing_in import Login, Post
from infra.accounts.access import KeyUses
from infra.accounts.composition import access_of, invitation_letters
from infra.ai.intent import Intents, intents_by
from infra.ai.observed import ObservedAssistant
from infra.database import Database
from infra.desk.composition import DeskGround, desk
from infra.documents import parse
from infra.documents.markdown import blocks
from infra.edge.budgets import RedisBudgets
from infra.edge.origins import SqlOrigins
from infra.edge.persisted import RedisDocuments
from infra.edge.web import file_origins, trusted_documents, web_folder
from infra.identity.keys import KeyRing
from infra.identity.standing import Identities, Standings
from infra.journal import SqlJournal
from infra.knowledge.catalog import SqlCatalog
from infra.knowledge.composition import Reading, reading_of
from infra.knowledge.feed import SqlImportFeed
from infra.knowledge.retrieval import Retrieval
from infra.learning.feed import SqlRunFeed
from infra.live.feed import SqlFeed
from infra.live.hub import Heard, Hub
from infra.live.jobs import SqlDeadLetters, SqlJobs
from infra.live.queue import Queue
from infra.live.replies import RedisReplies
from infra.live.signals import CLOSED, COMMITTED, DELIVERED, FRAMES, Handler, Listener, Sender, quietly
from infra.live.tasks import background
from infra.login.entrance import Entrance, Ground
from infra.matching.embedding import MiniLM
from infra.metrics import (
    CONTENT_TYPE_LATEST,
    JOB_WAIT,
    DatabaseGauges,
    count_statements,
    generate_latest,
    may_read_metrics,
    serving_own_metrics,
)
from infra.models.composition import AssistantGround, AssistantParts, assistant_parts
from infra.models.sight import SqlSight
from infra.process.clock import new_id, now
from infra.process.late import Late
from infra.settings import Settings, SettingsError, load_or_exit, sends_traces, stop
from infra.storage.organizations import SqlOrganizations, SqlReadMarks
from infra.storage.pruning import SqlPruning
from infra.telemetry import configure_logs, following
from infra.unit_of_work import SqlUnits

if TYPE_CHECKING:
    from infra.process import tracing
else:
    tracing = Late("infra.process.tracing")

log = structlog.get_logger(__name__)

__all__ = [
    "CONTENT_TYPE_LATEST",
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
    "web_folder",
]


@dataclass
class Parts:
    """Everything that is made once in a process."""

    settings: Settings
    database: Database
    redis: Redis
    budgets: RedisBudgets
    documents: RedisDocuments
    origins: SqlOrigins
    sender: Sender
    journal: SqlJournal
    hub: Hub
    replies: RedisReplies
    queue: Queue
    jobs: SqlJobs
    organizations: SqlOrganizations
    conversations: Conversations
    units: SqlUnits
    read_marks: SqlReadMarks
    dead_letters: SqlDeadLetters
    feed: SqlFeed
    knowledge: Knowledge
    accounts: Accounts
    access: Access
    invitation_post: InvitationPost
    reading: Reading
    retrieval: Retrieval
    intents: Intents
    assistant_parts: AssistantParts
    ring: KeyRing
    standings: Standings
    identities: Identities
    entrance: Entrance
    gauges: DatabaseGauges
    stack: AsyncExitStack
    """What is to be closed with the process."""

    @cached_property
    def desk(self) -> Desk:
        """What people at work do, and how news of it gets around."""
        return desk(_desk_ground(self))

    @property
    def pruning(self) -> SqlPruning:
        """What is kept for a while only."""
        return SqlPruning(self.database)

    @property
    def assistants(self) -> Assistants:
        """What people do about their assistant."""
        return self.assistant_parts.services

    @property
    def login(self) -> Login:
        """Everything behind the routes of signing in."""
        return self.entrance.login

    @property
    def own(self) -> OwnAccount:
        """What people do about their own ways in."""
        return self.entrance.own

    @property
    def post(self) -> Post:
        """Mail to people about their accounts."""
        return self.entrance.post

    def seen_by(self, actor: Actor) -> SqlSight:
        """What one actor may see."""
        return SqlSight(self.database, actor, self.retrieval)


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
        database, units, standings = ground.database, ground.units, ground.standings
        journal = SqlJournal(database, ground.sender)
        replies = RedisReplies(redis, frames_per_second=chosen.frames_per_second)
        queue = Queue(pool)
        origins, catalog = SqlOrigins(database), SqlCatalog(database)
        hub = Hub(journal, _both(standings.heard, origins.heard))
        reading = reading_of(chosen, database, units, now, stack)
        mind = _mind(ground, redis, reading, stack, SqlRunFeed(database, journal, hub))
        entrance = stack.enter_context(closing(Entrance(ground)))
        yield Parts(
            settings=chosen,
            database=database,
            redis=redis,
            budgets=RedisBudgets(redis),
            documents=RedisDocuments(redis),
            origins=origins,
            sender=ground.sender,
            journal=journal,
            hub=hub,
            replies=replies,
            queue=queue,
            jobs=SqlJobs(database, queue),
            organizations=mind.organizations,
            conversations=Conversations(units, replies, new_id),
            units=units,
            read_marks=SqlReadMarks(units),
            dead_letters=SqlDeadLetters(database),
            feed=SqlFeed(database, journal, hub, replies),
            knowledge=_knowledge(units, catalog, reading.embedder, SqlImportFeed(database, journal, hub)),
            accounts=_accounts(units),
            access=access_of(ground, entrance.sessions),
            invitation_post=invitation_letters(ground),
            reading=reading,
            retrieval=mind.retrieval,
            intents=mind.intents,
            assistant_parts=assistant_parts(mind),
            ring=ground.ring,
            standings=standings,
            identities=Identities(standings, ground.ring, now),
            entrance=entrance,
            gauges=DatabaseGauges(database, now),
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


def _desk_ground(made: Parts) -> DeskGround:
    return DeskGround(
        settings=made.settings,
        database=made.database,
        redis=made.redis,
        units=made.units,
        sender=made.sender,
        journal=made.journal,
        hub=made.hub,
        feed=made.feed,
        conversations=made.conversations,
        assistant=made.assistant_parts,
        now=now,
        new_id=new_id,
        stack=made.stack,
    )


def _accounts(units: SqlUnits) -> Accounts:
    return Accounts(
        roles=Roles(units, new_id),
        agents=Agents(units, now),
        teams=Teams(units, new_id),
        inboxes=Inboxes(units, new_id),
        organizations=Organizations(units, now),
    )


def _both(one: Heard, other: Heard) -> Heard:
    def tell(organization_id: UUID, stream: str, kind: str) -> None:
        one(organization_id, stream, kind)
        other(organization_id, stream, kind)

    return tell


def _knowledge(units: SqlUnits, catalog: SqlCatalog, embedder: MiniLM, feed: SqlImportFeed) -> Knowledge:
    return Knowledge(
        sources=Sources(units, new_id),
        articles=Articles(units, new_id, blocks),
        imports=Imports(units, new_id, catalog, embedder, blocks, parse),
        import_feed=feed,
    )


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
