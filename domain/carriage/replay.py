"""What became of deliveries, for people; and having those carried again that were given up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol
from uuid import UUID

from domain.account.permission import Permission
from domain.account.stored import Opening
from domain.base import Actor, ForbiddenError, Identifiers
from domain.delivery import Deliveries, Delivery, DeliveryState, Medium
from domain.ports import IdempotencyKey, Page, PageRequest, Receipt, UnitOfWork
from domain.retry import retried_once

MOST_AT_ONCE = 10_000
"""How many failed deliveries one request has carried again, the oldest first."""


@dataclass(frozen=True, slots=True)
class DeliveryFilter:
    """Which deliveries; what is None does not matter."""

    state: DeliveryState | None = None
    media: Sequence[Medium] | None = None
    conversation_id: UUID | None = None
    webhook_id: UUID | None = None


class DeliveryReads(Protocol):
    """What somebody may see of what went out; raises `ForbiddenError` without the permission."""

    async def deliveries(self, ids: Sequence[UUID]) -> Sequence[Delivery | None]:
        """By id."""
        ...

    async def delivery_page(self, page: PageRequest, wanted: DeliveryFilter) -> Page[Delivery]:
        """The newest first."""
        ...


class ReplayableDeliveries(Deliveries, Protocol):
    """The deliveries of one unit of work, the given up ones too."""

    async def medium_of(self, delivery_id: UUID) -> Medium:
        """By what it goes; `NotFoundError` where there is none."""
        ...

    async def revive(self, wanted: DeliveryFilter, most: int, *, only: UUID | None = None) -> int:
        """Have the failed ones among them carried again, with all their attempts; how many there were."""
        ...


class ReplayUnit(UnitOfWork, Protocol):
    """A unit of work that holds deliveries."""

    @property
    def deliveries(self) -> ReplayableDeliveries:
        """Deliveries."""
        ...


@dataclass(frozen=True)
class Replays:
    """Sending again what was given up; each keeps its key, so that no receiver takes it for another one."""

    units: Opening[ReplayUnit]
    new_id: Identifiers

    @retried_once
    async def replay(self, actor: Actor, delivery_id: UUID, *, key: IdempotencyKey | None = None) -> Receipt:
        """Have one carried again; one that has not failed stays as it is, since a repeated request does the same."""
        actor.require(Permission.READ_DELIVERIES)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            if await unit.deliveries.medium_of(delivery_id) is Medium.WEBHOOK:
                actor.require(Permission.MANAGE_WEBHOOKS)
            await unit.deliveries.revive(DeliveryFilter(), 1, only=delivery_id)
            return await unit.commit(Receipt(delivery_id))

    @retried_once
    async def replay_all(self, actor: Actor, wanted: DeliveryFilter, *, key: IdempotencyKey | None = None) -> int:
        """Have all failed ones of some kind carried again, in their order; how many there are, 0 when repeated."""
        actor.require(Permission.READ_DELIVERIES)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return 0
            count = await unit.deliveries.revive(_allowed(actor, wanted), MOST_AT_ONCE)
            await unit.commit(Receipt(self.new_id()))
            return count


def _allowed(actor: Actor, wanted: DeliveryFilter) -> DeliveryFilter:
    """Webhooks only for who manages them: asked for by name they are refused, otherwise left out."""
    if actor.may(Permission.MANAGE_WEBHOOKS):
        return wanted
    if wanted.webhook_id is not None or Medium.WEBHOOK in (wanted.media or ()):
        raise ForbiddenError(f"This needs the permission '{Permission.MANAGE_WEBHOOKS}', which you do not have.")
    return replace(wanted, media=wanted.media or [medium for medium in Medium if medium is not Medium.WEBHOOK])
