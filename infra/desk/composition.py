"""Everything about the desk, put together once in a process."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass
from random import random

from redis.asyncio import Redis

from domain.automation.acting import Acting
from domain.base import Clock, Identifiers
from domain.carriage.carriage import Carriage
from domain.carriage.replay import Replays
from domain.collaboration.draft import Drafts
from domain.collaboration.note import Notes
from domain.conversation.service import Conversations
from domain.customer.service import Profiles
from domain.delivery import Carriers, Medium
from domain.desk.desk import Desk
from domain.export.service import Exports
from domain.file.service import Files
from domain.level.absence import Absence
from domain.level.service import ServiceLevels
from domain.notification.service import Notifications
from domain.privacy.desk import Privacy
from domain.routing.service import Routing
from domain.survey.service import Surveys
from domain.triage.service import TriageServices
from domain.widget.service import Widgets
from infra.automation.composition import AutomationParts, automation_parts
from infra.channels.composition import ChannelParts, channel_parts
from infra.collaboration.signals import RedisSignals
from infra.database import Database
from infra.delivery.bell import RedisBell
from infra.delivery.outbox import SqlOutbox
from infra.delivery.pruning import SqlOldNews
from infra.delivery.stored import POSTED
from infra.desk.timers import SqlClockwork
from infra.files.composition import files_of
from infra.journal import SqlJournal
from infra.level.wording import absence_line
from infra.live.feed import SqlFeed
from infra.live.hub import Hub
from infra.live.replies import RedisReplies
from infra.live.signals import Sender
from infra.models.composition import AssistantParts
from infra.notifications.composition import notifications_of, push_carrier
from infra.privacy.composition import privacy_of
from infra.routing.composition import routing_of
from infra.search.backlog import SqlBacklog
from infra.settings import Settings
from infra.surveys.links import SurveyLinks
from infra.surveys.stored import SqlSurveyPlans
from infra.surveys.wording import SurveyWording
from infra.triage.composition import subjects_of, triage_of
from infra.unit_of_work import SqlUnits
from infra.webhooks.composition import WebhookParts, webhook_parts
from infra.widgets.stored import SqlShown


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
    replies: RedisReplies
    exports: Exports
    assistant: AssistantParts
    now: Clock
    new_id: Identifiers
    stack: AsyncExitStack
    """What is to be closed with the process."""


def desk(ground: DeskGround) -> Desk:
    """Make it, by plain calls."""
    webhooks = _webhooks(ground)
    files = files_of(ground.settings, ground.units, ground.now, ground.new_id, ground.stack)
    channels = _channels(ground, files)
    triage, notes = _triage(ground), Notes(ground.units, ground.new_id, ground.now)
    routing = routing_of(ground.database, ground.units, ground.conversations.replies, ground.now)
    automation = _automation(ground, triage, notes, routing)
    return Desk(
        channels=channels.services,
        clockwork=SqlClockwork(ground.database, ground.sender),
        triage=triage,
        notes=notes,
        drafts=Drafts(ground.units),
        signals=RedisSignals(ground.redis, ground.database, ground.now, ground.stack),
        files=files,
        levels=ServiceLevels(ground.units, ground.new_id, ground.now),
        absence=Absence(ground.units, absence_line, ground.now),
        notifications=_notifications(ground),
        old_news=SqlOldNews(ground.database),
        replays=Replays(ground.units, ground.new_id),
        carriage=_carriage(ground, {**channels.carriers, Medium.WEBHOOK: webhooks.carrier}),
        posted=RedisBell(ground.redis, POSTED),
        surveys=_surveys(ground),
        routing=routing,
        rules=automation.rules,
        automation=automation.automation,
        webhooks=webhooks.commands,
        dispatch=webhooks.dispatch,
        backlog=SqlBacklog(ground.database),
        profiles=Profiles(ground.units, ground.now),
        widgets=Widgets(ground.units, SqlShown(ground.database), ground.now),
        privacy=_privacy(ground, files),
    )


def _privacy(ground: DeskGround, files: Files) -> Privacy:
    return privacy_of(
        ground.settings,
        ground.database,
        ground.units,
        store=files.store,
        replies=ground.replies,
        exports=ground.exports,
        clock=ground.now,
        new_id=ground.new_id,
    )


def _channels(ground: DeskGround, files: Files) -> ChannelParts:
    return channel_parts(ground.settings, ground.database, ground.units, files, clock=ground.now, new_id=ground.new_id)


def _notifications(ground: DeskGround) -> Notifications:
    return notifications_of(
        ground.settings,
        ground.database,
        ground.units,
        ground.journal,
        ground.hub,
        clock=ground.now,
        new_id=ground.new_id,
    )


def _carriage(ground: DeskGround, carriers: Carriers) -> Carriage:
    push = push_carrier(ground.settings, ground.database, clock=ground.now)
    return Carriage(SqlOutbox(ground.database, ground.sender), {**carriers, Medium.PUSH: push}, ground.now, random)


def _webhooks(ground: DeskGround) -> WebhookParts:
    return webhook_parts(
        ground.settings,
        ground.database,
        ground.redis,
        ground.units,
        ground.hub,
        clock=ground.now,
        new_id=ground.new_id,
    )


def _triage(ground: DeskGround) -> TriageServices:
    names = ground.settings.ai_provider
    subjects = subjects_of(ground.database, ground.units, ground.assistant.models, names)
    replies = ground.conversations.replies
    return triage_of(ground.units, replies, ground.hub, subjects, now=ground.now, new_id=ground.new_id)


def _automation(ground: DeskGround, triage: TriageServices, notes: Notes, routing: Routing) -> AutomationParts:
    acting = Acting(
        units=ground.units,
        replies=ground.conversations.replies,
        sorting=triage.sorting,
        notes=notes,
        routing=routing,
        new_id=ground.new_id,
        now=ground.now,
    )
    return automation_parts(ground.units, acting)


def _surveys(ground: DeskGround) -> Surveys:
    links = SurveyLinks(ground.settings.secret, ground.settings.public_address)
    plans = SqlSurveyPlans(ground.database)
    return Surveys(ground.units, plans, links, SurveyWording(), ground.new_id, ground.now)
