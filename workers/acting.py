"""The jobs that do what agents approved, and mail codes to customers; and the chore that ends what nobody decided."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from uuid import UUID

import structlog

from domain.base import UnavailableError
from domain.login.mail import MailRefusedError
from domain.ports import Work
from domain.tool.action import Actions
from domain.tool.events import CodeRequested
from domain.tool.proof import Proofs

LAPSE_EVERY = 15.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class SettleAction:
    """Runs on what was decided of an action: does what was approved, and tells the customer."""

    actions: Actions

    async def __call__(self, work: Work) -> None:
        """Settle the action of the event."""
        await self.actions.settle(work.recorded.organization_id, _subject(work))

    async def give_up(self, work: Work) -> None:
        """Tell the customer that nobody knows."""
        await self.actions.give_up(work.recorded.organization_id, _subject(work))


@dataclass(frozen=True)
class MailCode:
    """Runs on `CodeRequested`; the code is made here, so that no journal holds it."""

    proofs: Proofs

    async def __call__(self, work: Work) -> None:
        """Mail a code for the conversation of the event, if one is still wanted."""
        event = work.recorded.event
        if isinstance(event, CodeRequested):
            try:
                await self.proofs.send(work.recorded.organization_id, _subject(work), event.customer_id)
            except MailRefusedError as error:
                log.warning("mail.refused", purpose="customer_code", error=str(error))


async def lapse(actions: Actions) -> None:
    """End the calls whose time is up, until cancelled; that two workers do it at once changes nothing."""
    while True:
        await asyncio.sleep(LAPSE_EVERY)
        try:
            await actions.lapse()
        except UnavailableError:
            log.warning("lapse.database_away")


def _subject(work: Work) -> UUID:
    return UUID(work.recorded.stream.partition(":")[2])
