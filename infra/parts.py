"""Everything that a process has: what runs or is to be closed is made at once, the rest when it is first asked for."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import cached_property

from redis.asyncio import Redis

from domain.access.access import Access
from domain.access.invitation import InvitationPost
from domain.account.agent import Agents
from domain.account.inbox import Inboxes
from domain.account.organization import Organizations
from domain.account.role import Roles
from domain.account.service import Accounts
from domain.account.team import Teams
from domain.analytics.ports import Analytics
from domain.assistants import Assistants
from domain.base import Actor
from domain.bi.doors import Doors
from domain.conversation.service import Conversations
from domain.desk.desk import Desk
from domain.knowledge.imports import Imports
from domain.knowledge.service import Articles, Knowledge, Sources
from domain.login.own import OwnAccount
from domain.login.signing_in import Login, Post
from infra.accounts.composition import access_of, invitation_letters
from infra.ai.intent import Intents
from infra.analytics.composition import AnalyticsParts, analytics_parts
from infra.bi.composition import doors_of
from infra.database import Database
from infra.desk.composition import DeskGround, desk
from infra.documents import parse
from infra.documents.markdown import blocks
from infra.edge.budgets import RedisBudgets
from infra.edge.origins import SqlOrigins
from infra.edge.persisted import RedisDocuments
from infra.identity.keys import KeyRing
from infra.identity.standing import Identities, Standings
from infra.journal import SqlJournal
from infra.knowledge.catalog import SqlCatalog
from infra.knowledge.composition import Reading
from infra.knowledge.feed import SqlImportFeed
from infra.knowledge.retrieval import Retrieval
from infra.live.feed import SqlFeed
from infra.live.hub import Hub
from infra.live.jobs import SqlDeadLetters, SqlJobs
from infra.live.queue import Queue
from infra.live.replies import RedisReplies
from infra.live.signals import Sender
from infra.login.entrance import Entrance, Ground
from infra.metrics import DatabaseGauges
from infra.models.composition import AssistantGround, AssistantParts
from infra.models.sight import SqlSight
from infra.process.clock import new_id, now
from infra.settings import Settings
from infra.storage.organizations import SqlOrganizations, SqlReadMarks
from infra.storage.pruning import SqlPruning
from infra.unit_of_work import SqlUnits


@dataclass
class Parts:
    """Everything, each part once; `stack` closes what is to be closed with the process."""

    ground: Ground
    redis: Redis
    queue: Queue
    journal: SqlJournal
    hub: Hub
    replies: RedisReplies
    origins: SqlOrigins
    reading: Reading
    mind: AssistantGround
    assistant_parts: AssistantParts
    entrance: Entrance
    stack: AsyncExitStack

    @property
    def settings(self) -> Settings:
        """What is set."""
        return self.ground.settings

    @property
    def database(self) -> Database:
        """The database."""
        return self.ground.database

    @property
    def units(self) -> SqlUnits:
        """Opens units of work."""
        return self.ground.units

    @property
    def sender(self) -> Sender:
        """Sends signals to the other processes."""
        return self.ground.sender

    @property
    def ring(self) -> KeyRing:
        """What tokens are signed by."""
        return self.ground.ring

    @property
    def standings(self) -> Standings:
        """Whether people are still who they were."""
        return self.ground.standings

    @property
    def organizations(self) -> SqlOrganizations:
        """What organizations have set."""
        return self.mind.organizations

    @property
    def retrieval(self) -> Retrieval:
        """Finds what fits a question."""
        return self.mind.retrieval

    @property
    def intents(self) -> Intents:
        """Tells what somebody wants."""
        return self.mind.intents

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

    @property
    def pruning(self) -> SqlPruning:
        """What is kept for a while only."""
        return SqlPruning(self.database)

    @cached_property
    def counting(self) -> AnalyticsParts:
        """How numbers come about, and who answers questions about them."""
        return analytics_parts(self.settings, self.database, now, self.stack)

    @property
    def analytics(self) -> Analytics:
        """Answers questions about numbers."""
        return self.counting.analytics

    @cached_property
    def budgets(self) -> RedisBudgets:
        """What callers may cost."""
        return RedisBudgets(self.redis)

    @cached_property
    def documents(self) -> RedisDocuments:
        """Documents that clients name by their hash."""
        return RedisDocuments(self.redis)

    @cached_property
    def jobs(self) -> SqlJobs:
        """What is to be done."""
        return SqlJobs(self.database, self.queue)

    @cached_property
    def dead_letters(self) -> SqlDeadLetters:
        """What could not be done."""
        return SqlDeadLetters(self.database)

    @cached_property
    def conversations(self) -> Conversations:
        """What people do in conversations."""
        return Conversations(self.units, self.replies, new_id)

    @cached_property
    def read_marks(self) -> SqlReadMarks:
        """How far people have read."""
        return SqlReadMarks(self.units)

    @cached_property
    def feed(self) -> SqlFeed:
        """What happens, for whoever watches."""
        return SqlFeed(self.database, self.journal, self.hub, self.replies)

    @cached_property
    def knowledge(self) -> Knowledge:
        """What people do with knowledge."""
        return _knowledge(self)

    @cached_property
    def accounts(self) -> Accounts:
        """What people do about accounts."""
        return _accounts(self.units)

    @cached_property
    def access(self) -> Access:
        """What people do about ways in."""
        return access_of(self.ground, self.entrance.sessions)

    @cached_property
    def invitation_post(self) -> InvitationPost:
        """Mail to whoever is invited."""
        return invitation_letters(self.ground)

    @cached_property
    def identities(self) -> Identities:
        """Who a token stands for."""
        return Identities(self.standings, self.ring, now)

    @cached_property
    def gauges(self) -> DatabaseGauges:
        """What the database knows of the work that waits."""
        return DatabaseGauges(self.database, now)

    @cached_property
    def desk(self) -> Desk:
        """What people at work do, and how news of it gets around."""
        return desk(_desk_ground(self))

    @cached_property
    def doors(self) -> Doors:
        """How data leaves the house."""
        made = (self.database, self.units, self.journal, self.hub)
        return doors_of(self.settings, *made, clock=now, new_id=new_id)

    def seen_by(self, actor: Actor) -> SqlSight:
        """What one actor may see."""
        return SqlSight(self.database, actor, self.retrieval)


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
        replies=made.replies,
        exports=made.doors.exports,
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


def _knowledge(made: Parts) -> Knowledge:
    catalog, feed = SqlCatalog(made.database), SqlImportFeed(made.database, made.journal, made.hub)
    return Knowledge(
        sources=Sources(made.units, new_id),
        articles=Articles(made.units, new_id, blocks),
        imports=Imports(made.units, new_id, catalog, made.reading.embedder, blocks, parse),
        import_feed=feed,
    )
