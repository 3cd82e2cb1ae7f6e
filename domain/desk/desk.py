"""Everything that people at work do with conversations and customers, and how news of it reaches whoever must know."""

from __future__ import annotations

from dataclasses import dataclass

from domain.automation.automation import Automation
from domain.automation.service import Rules
from domain.carriage.carriage import Bell, Carriage
from domain.carriage.replay import Replays
from domain.channel.service import Channels
from domain.collaboration.draft import Drafts
from domain.collaboration.note import Notes
from domain.collaboration.signal import Signals
from domain.customer.service import Profiles
from domain.file.service import Files
from domain.level.absence import Absence
from domain.level.service import ServiceLevels
from domain.notification.service import Notifications
from domain.ports import Pruning
from domain.privacy.desk import Privacy
from domain.routing.service import Routing
from domain.search.ports import Backlog
from domain.survey.service import Surveys
from domain.timer import Clockwork
from domain.triage.service import TriageServices
from domain.webhook.ports import Dispatch
from domain.webhook.service import Webhooks
from domain.widget.service import Widgets


@dataclass(frozen=True)
class Desk:
    """The services, as the resolvers and the workers have them."""

    clockwork: Clockwork
    triage: TriageServices
    notes: Notes
    drafts: Drafts
    signals: Signals
    files: Files
    notifications: Notifications
    replays: Replays
    old_news: Pruning
    carriage: Carriage
    posted: Bell
    routing: Routing
    surveys: Surveys
    webhooks: Webhooks
    dispatch: Dispatch
    levels: ServiceLevels
    absence: Absence
    rules: Rules
    automation: Automation
    channels: Channels
    backlog: Backlog
    profiles: Profiles
    widgets: Widgets
    privacy: Privacy
