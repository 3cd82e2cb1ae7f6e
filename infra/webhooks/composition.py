"""Webhooks, put together once in a process."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_network

from redis.asyncio import Redis

from domain.base import Clock, Identifiers
from domain.webhook.service import Webhooks
from infra.database import Database
from infra.identity.sealing import Sealer
from infra.live.hub import Hub
from infra.settings import Settings
from infra.unit_of_work import SqlUnits
from infra.webhooks.breakers import Breakers
from infra.webhooks.carrier import WebhookCarrier
from infra.webhooks.dispatch import SqlDispatch
from infra.webhooks.endpoints import SqlEndpoints
from infra.webhooks.sealing import SealedSecrets


@dataclass(frozen=True)
class WebhookParts:
    """What people do about webhooks, what gives them their turns, and what carries their messages."""

    commands: Webhooks
    dispatch: SqlDispatch
    carrier: WebhookCarrier


def webhook_parts(
    chosen: Settings, database: Database, redis: Redis, units: SqlUnits, hub: Hub, *, clock: Clock, new_id: Identifiers
) -> WebhookParts:
    """Make them."""
    secrets = SealedSecrets(Sealer(chosen.secret))
    commands = Webhooks(units, secrets, new_id, clock)
    dispatch = SqlDispatch(database, units, commands)
    hub.tell(dispatch.heard)
    networks = [ip_network(each, strict=False) for each in chosen.webhook_networks]
    carrier = WebhookCarrier(SqlEndpoints(database), commands, secrets, Breakers(redis), clock, networks)
    return WebhookParts(commands, dispatch, carrier)
