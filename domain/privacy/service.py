"""Requests about people's data: asked for, taken back, looked at; done by `Fulfilment`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from domain.account.permission import Permission
from domain.account.stored import Opening
from domain.base import STAFF, Actor, ActorKind, Clock, Identifiers, on_behalf_of
from domain.ports import IdempotencyKey, Receipt
from domain.privacy.ports import Archive, PrivacyUnit
from domain.privacy.request import (
    PrivacyKind,
    PrivacyRequest,
    PrivacyRequestDue,
    PrivacyRequestView,
    PrivacyState,
)
from domain.retry import retried_once

TIMER = "privacy_request"


@dataclass(frozen=True)
class PrivacyRequests:
    """The commands on requests, for those who look after people's data."""

    units: Opening[PrivacyUnit]
    archive: Archive
    new_id: Identifiers
    clock: Clock
    grace: timedelta
    """How long an erasure waits, so that a mistake can be taken back."""

    @retried_once
    async def ask(
        self,
        actor: Actor,
        customer_id: UUID,
        kind: PrivacyKind,
        *,
        now: bool = False,
        reason: str | None = None,
        key: IdempotencyKey | None = None,
    ) -> Receipt:
        """Ask for a customer's data, or to erase them after the grace, or `now`.

        Asked for the same again while it is not over, it is the same request, which may now begin at once.
        """
        actor = _trusted(actor)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            customer = await unit.customers.get(customer_id)
            customer.require_present()
            at = self.clock()
            starts_at = at if now or kind is PrivacyKind.EXPORT else at + self.grace
            request = await unit.privacy_requests.open_like(kind, customer_id)
            if request is None:
                request = PrivacyRequest(self.new_id(), actor.tenant)
                request.ask(actor, kind, customer_id, at=at, starts_at=starts_at, reason=reason)
                unit.privacy_requests.add(request)
            elif now:
                request.hurry(at)
            if request.state is PrivacyState.OPEN:
                await unit.timers.set(TIMER, request.id, request.starts_at or at, PrivacyRequestDue(request.id))
            return await unit.commit(Receipt(request.id))

    @retried_once
    async def cancel(
        self, actor: Actor, request_id: UUID, *, reason: str | None = None, key: IdempotencyKey | None = None
    ) -> Receipt:
        """Take a request back that has not begun."""
        async with self.units(_trusted(actor), key) as unit:
            if unit.earlier:
                return unit.earlier
            request = await unit.privacy_requests.get(request_id)
            request.cancel(at=self.clock(), reason=reason)
            await unit.timers.cancel(TIMER, request_id)
            return await unit.commit(Receipt(request_id))

    async def urls(self, actor: Actor, requests: Sequence[PrivacyRequestView]) -> Sequence[str | None]:
        """Where exports can be fetched for a few minutes, by whoever has the address; None where there is nothing."""
        may = actor.may(Permission.MANAGE_PRIVACY)
        return [
            await self._url(request) if may and request.organization_id == actor.tenant else None
            for request in requests
        ]

    async def _url(self, request: PrivacyRequestView) -> str | None:
        return None if request.size is None else await self.archive.url(request)


def _trusted(actor: Actor) -> Actor:
    """A person or a key that looks after people's data, for all that follows from it."""
    actor.require(Permission.MANAGE_PRIVACY)
    actor.require_kind(*STAFF, ActorKind.API_KEY)
    return on_behalf_of(actor)
