"""What people do about webhooks: make, change, rotate, switch, replay, try and delete them."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from domain.access.api_key import Issued
from domain.account.permission import Permission
from domain.account.role import allowed_now, checked_reason
from domain.account.stored import Opening
from domain.base import (
    STAFF,
    Actor,
    ActorKind,
    Clock,
    FieldProblem,
    Identifiers,
    InvalidInputError,
    InvalidStateError,
    system_of,
)
from domain.carriage.replay import MOST_AT_ONCE, DeliveryFilter
from domain.delivery import Medium, Parcel
from domain.ports import IdempotencyKey, Receipt
from domain.retry import retried_once
from domain.webhook.ports import WebhookSeals, WebhookUnit
from domain.webhook.webhook import Webhook, Wish

MOST_WEBHOOKS = 20
"""Of one organization: each is written for on its own."""
OVERLAPS = range(169)
"""Hours for which the secret before stays good."""
TEST = json.dumps({"data": None, "extensions": {"test": True}})

Act = Callable[[WebhookUnit, Actor, Webhook], Awaitable[None]]


def route_of(webhook_id: UUID) -> str:
    """The route of a webhook's parcels."""
    return f"webhook:{webhook_id}"


def parcel(webhook_id: UUID, url: str, *, key: str, message_id: str, body: str, **rest: Any) -> Parcel:
    """What goes to a webhook; `message_id` is what the other end knows a repeated one by."""
    content = {"id": message_id, "body": body}
    return Parcel(key=key, medium=Medium.WEBHOOK, route=route_of(webhook_id), recipient=url, content=content, **rest)


@dataclass(frozen=True)
class Webhooks:
    """The commands on webhooks. Only people have them, so that a key that got out makes no lasting leak."""

    units: Opening[WebhookUnit]
    seals: WebhookSeals
    new_id: Identifiers
    clock: Clock

    @retried_once
    async def create(self, actor: Actor, wish: Wish, *, key: IdempotencyKey | None = None) -> Issued:
        """Make one, which is told of what happens from now on. Its secret is given here, this once."""
        _require(actor)
        wish = wish.checked()
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return Issued(unit.earlier, None)
            actor = await allowed_now(unit, actor, Permission.MANAGE_WEBHOOKS)
            if len(await unit.webhooks.all()) >= MOST_WEBHOOKS:
                raise InvalidStateError(f"There are {MOST_WEBHOOKS} webhooks already. Delete one first.")
            webhook = Webhook(self.new_id(), actor.tenant)
            secret = self.seals.new(webhook.id)
            webhook.secret = secret.kept
            webhook.create(actor, wish, position=await unit.webhooks.newest())
            unit.webhooks.add(webhook)
            return Issued(await unit.commit(Receipt(webhook.id)), secret.shown)

    async def change(
        self,
        actor: Actor,
        webhook_id: UUID,
        given: Mapping[str, Any],
        *,
        reason: str | None = None,
        key: IdempotencyKey | None = None,
    ) -> Receipt:
        """Let one be another: `given` holds the parts of its wish that are to be others."""
        said = checked_reason(reason)

        async def act(unit: WebhookUnit, actor: Actor, webhook: Webhook) -> None:
            webhook.change(actor, replace(webhook.wish, **given).checked(), reason=said)

        return await self._alter(actor, webhook_id, act, key)

    async def rotate(
        self,
        actor: Actor,
        webhook_id: UUID,
        *,
        overlap_hours: int,
        reason: str | None = None,
        key: IdempotencyKey | None = None,
    ) -> Issued:
        """Give it another secret, which is told here, this once; both are good for so many hours."""
        said = checked_reason(reason)
        if overlap_hours not in OVERLAPS:
            raise InvalidInputError(FieldProblem("input.overlapHours", "must be 0 to 168."))
        shown: list[str] = []

        async def act(unit: WebhookUnit, actor: Actor, webhook: Webhook) -> None:
            secret = self.seals.new(webhook.id)
            until = self.clock() + timedelta(hours=overlap_hours)
            webhook.rotate(secret.kept, until=until, reason=said)
            shown.append(secret.shown)

        receipt = await self._alter(actor, webhook_id, act, key)
        return Issued(receipt, shown[-1] if shown else None)

    async def enable(
        self,
        actor: Actor,
        webhook_id: UUID,
        *,
        from_now: bool,
        reason: str | None = None,
        key: IdempotencyKey | None = None,
    ) -> Receipt:
        """Tell it again: of what it missed, or from now on."""
        said = checked_reason(reason)

        async def act(unit: WebhookUnit, actor: Actor, webhook: Webhook) -> None:
            place = await unit.webhooks.newest() if from_now else None
            webhook.enable(actor, from_position=place, reason=said)

        return await self._alter(actor, webhook_id, act, key)

    async def disable(
        self, actor: Actor, webhook_id: UUID, *, reason: str | None = None, key: IdempotencyKey | None = None
    ) -> Receipt:
        """Tell it nothing until it is enabled; what was posted waits."""
        said = checked_reason(reason)

        async def act(unit: WebhookUnit, actor: Actor, webhook: Webhook) -> None:
            webhook.disable(reason=said)

        return await self._alter(actor, webhook_id, act, key)

    async def replay(
        self,
        actor: Actor,
        webhook_id: UUID,
        after: int | None,
        *,
        reason: str | None = None,
        key: IdempotencyKey | None = None,
    ) -> Receipt:
        """Tell it once more of everything after a position, as it looks now; without one, what was given up."""
        said = checked_reason(reason)

        async def act(unit: WebhookUnit, actor: Actor, webhook: Webhook) -> None:
            if after is not None:
                webhook.tell_again(actor, after, reason=said)
            else:
                await unit.deliveries.revive(DeliveryFilter(webhook_id=webhook.id), MOST_AT_ONCE)

        return await self._alter(actor, webhook_id, act, key)

    async def test(self, actor: Actor, webhook_id: UUID, *, key: IdempotencyKey | None = None) -> Receipt:
        """Send it a message that is about nothing; what became of it is among its deliveries."""

        async def act(unit: WebhookUnit, actor: Actor, webhook: Webhook) -> None:
            message_id = f"test_{self.new_id().hex}"
            sent = parcel(webhook.id, webhook.url, key=message_id, message_id=message_id, body=TEST)
            await unit.deliveries.post([sent])

        return await self._alter(actor, webhook_id, act, key)

    async def delete(
        self, actor: Actor, webhook_id: UUID, *, reason: str | None = None, key: IdempotencyKey | None = None
    ) -> Receipt:
        """Take it away, with what had still to be told."""
        said = checked_reason(reason)

        async def act(unit: WebhookUnit, actor: Actor, webhook: Webhook) -> None:
            webhook.delete(reason=said)

        return await self._alter(actor, webhook_id, act, key)

    async def shut(self, organization_id: UUID, webhook_id: UUID, why: str) -> None:
        """Switch one off because Parley cannot tell it anything; nothing happens where it is off or gone."""
        async with self.units(system_of(organization_id)) as unit:
            for webhook in await unit.webhooks.all():
                if webhook.id == webhook_id:
                    webhook.disable(why=why)
            await unit.commit(Receipt(webhook_id))

    @retried_once
    async def _alter(self, actor: Actor, webhook_id: UUID, act: Act, key: IdempotencyKey | None) -> Receipt:
        _require(actor)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            actor = await allowed_now(unit, actor, Permission.MANAGE_WEBHOOKS)
            await act(unit, actor, await unit.webhooks.get(webhook_id))
            return await unit.commit(Receipt(webhook_id))


def _require(actor: Actor) -> None:
    actor.require(Permission.MANAGE_WEBHOOKS)
    actor.require_kind(*STAFF, ActorKind.SYSTEM)
