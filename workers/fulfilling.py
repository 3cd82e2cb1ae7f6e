"""The jobs about people's data: what was asked for is done, and what was exported is forgotten in time."""

from __future__ import annotations

from dataclasses import dataclass

from domain.ports import Work
from domain.privacy.fulfilment import Fulfilment
from domain.privacy.request import PrivacyExportExpired, PrivacyRequestDue

GAVE_UP = "It failed several times, the last time for a reason that stands in the log of the worker."


@dataclass(frozen=True)
class FulfilPrivacyRequest:
    """Runs on `PrivacyRequestDue`."""

    fulfilment: Fulfilment

    async def __call__(self, work: Work) -> None:
        """Do what is asked for; a try after the first goes on where the one before ended."""
        assert isinstance(work.recorded.event, PrivacyRequestDue)  # noqa: S101  the table of subscribers says so
        await self.fulfilment.fulfil(work.recorded.organization_id, work.recorded.event.request_id)

    async def give_up(self, work: Work) -> None:
        """Say that it failed: somebody has to look, and then to ask again."""
        assert isinstance(work.recorded.event, PrivacyRequestDue)  # noqa: S101
        await self.fulfilment.give_up(work.recorded.organization_id, work.recorded.event.request_id, GAVE_UP)


@dataclass(frozen=True)
class ForgetExport:
    """Runs on `PrivacyExportExpired`."""

    fulfilment: Fulfilment

    async def __call__(self, work: Work) -> None:
        """Delete it."""
        assert isinstance(work.recorded.event, PrivacyExportExpired)  # noqa: S101  the table of subscribers says so
        await self.fulfilment.expire(work.recorded.organization_id, work.recorded.event.request_id)
