"""What tells people at work, made once."""

from __future__ import annotations

from email.utils import parseaddr

import httpx2

from domain.base import Clock, Identifiers
from domain.notification.service import Notifications
from infra.database import Database
from infra.edge.outbound import GuardedTransport
from infra.identity.sealing import Sealer
from infra.journal import SqlJournal
from infra.live.hub import Hub
from infra.notifications.feed import SqlNotificationFeed
from infra.notifications.letters import ComposedLetters
from infra.notifications.links import LeavingLinks
from infra.notifications.push import PATIENCE, PushCarrier, SqlPushKeys
from infra.settings import Settings
from infra.unit_of_work import SqlUnits


def notifications_of(
    settings: Settings,
    database: Database,
    units: SqlUnits,
    journal: SqlJournal,
    hub: Hub,
    *,
    clock: Clock,
    new_id: Identifiers,
) -> Notifications:
    """The commands, and what they tell by."""
    links = LeavingLinks(settings.secret, settings.public_address)
    letters = ComposedLetters(links, settings.public_address)
    keys = SqlPushKeys(database, Sealer(settings.secret))
    return Notifications(units, letters, links, keys, SqlNotificationFeed(database, journal, hub), new_id, clock)


def push_carrier(settings: Settings, database: Database, *, clock: Clock) -> PushCarrier:
    """What takes lines to browsers: to public addresses over TLS, and nowhere else."""

    def client() -> httpx2.AsyncClient:
        """One with a transport of its own: it is closed with the client, whatever others send meanwhile."""
        guarded = GuardedTransport(())
        return httpx2.AsyncClient(transport=guarded, timeout=PATIENCE, follow_redirects=False, trust_env=False)

    keys = SqlPushKeys(database, Sealer(settings.secret))
    contact = f"mailto:{parseaddr(settings.mail_from)[1]}"
    return PushCarrier(database, keys, client, clock, contact=contact)
