"""What is told in a journal though it changes no aggregate, such as a failed attempt: each is a stream of its own."""

from __future__ import annotations

import asyncio
from contextvars import Context, copy_context
from dataclasses import dataclass
from uuid import UUID

import structlog

from domain.account.events import SignInFailed
from domain.base import Actor, Aggregate, Event, Identifiers, UnavailableError
from domain.login.person import Membership, Person
from domain.login.session import Device
from domain.ports import Receipt
from infra.unit_of_work import SqlUnits

BACKLOG = 1_000

log = structlog.get_logger(__name__)


@dataclass
class Notice(Aggregate):
    """Something to be told, once."""

    def tell(self, event: Event) -> None:
        """Tell it."""
        self._record(event)

    def _apply(self, event: Event) -> None:
        """Nothing changes by it."""


async def noted(units: SqlUnits, actor: Actor, event: Event, identity: UUID) -> None:
    """Append an event to the journal of the actor's organization."""
    async with units.accounts(actor) as unit:
        notice = Notice(identity, actor.tenant)
        notice.tell(event)
        await unit.journal(notice)
        await unit.commit(Receipt(identity))


class Failures:
    """A queue of failed attempts; `run` writes it after the answer, whose time does not tell who has an account then.

    What is too much for the queue is only in the log. An attempt is told in each organization of the person, since it
    was one at getting into any of them; for an address that nobody has there is nobody to tell.
    """

    def __init__(self, units: SqlUnits, new_id: Identifiers) -> None:
        self._units = units
        self._new_id = new_id
        self._queue: asyncio.Queue[tuple[Context, Actor, Event]] = asyncio.Queue(BACKLOG)

    def tell(
        self, person: Person | None, strategy: str, cause: str, device: Device, only: Membership | None = None
    ) -> None:
        """An attempt at signing in as somebody failed, for a cause in a word."""
        log.info("sign_in.failed", strategy=strategy, cause=cause, known=person is not None)
        concerned = (only,) if only else person.memberships if person else ()
        for membership in concerned:
            event = SignInFailed(agent_id=membership.agent_id, strategy=strategy, cause=cause)
            if not self._queue.full():
                self._queue.put_nowait((copy_context(), membership.actor(device.address), event))

    async def run(self) -> None:
        """Write what is told, under the correlation id of the request that told it, until cancelled."""
        while True:
            context, actor, event = await self._queue.get()
            try:
                work = noted(self._units, actor, event, self._new_id())
                await asyncio.create_task(work, context=context)
            except UnavailableError:
                log.warning("sign_in.failure_lost", organization_id=str(actor.tenant))
