"""Webhooks, put together once in a process."""

from __future__ import annotations

from dataclasses import dataclass

from domain.base import Clock, Identifiers
from domain.webhook.service import Webhooks
from infra.database import Database
from infra.identity.sealing import Sealer
from infra.live.hub import Hub
from infra.settings import Settings
from infra.unit_of_work import SqlUnits
from infra.webhooks.dispatch import SqlDispatch
from infra.webhooks.sealing import SealedSecrets


@dataclass(frozen=True)
class WebhookParts:
    """What people do about webhooks, and what gives them their turns."""

    commands: Webhooks
    dispatch: SqlDispatch


def webhook_parts(
    chosen: Settings, database: Database, units: SqlUnits, hub: Hub, *, clock: Clock, new_id: Identifiers
) -> WebhookParts:
    """Make them."""
    commands = Webhooks(units, SealedSecrets(Sealer(chosen.secret)), new_id, clock)
    dispatch = SqlDispatch(database, units, commands)
    hub.tell(dispatch.heard)
    return WebhookParts(commands, dispatch)
