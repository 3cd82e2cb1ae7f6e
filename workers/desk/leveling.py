"""Holds conversations to their service levels whenever something happens to them, or to what they are held to."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from domain.account.events import OrganizationSettingsChanged
from domain.level.absence import Absence
from domain.level.service import ServiceLevelDue, ServiceLevels
from domain.ports import Work

HOURS = "business_hours"


@dataclass(frozen=True)
class FollowServiceLevels:
    """Runs on what moves the clocks of a conversation, and when one of them runs out."""

    levels: ServiceLevels

    async def __call__(self, work: Work) -> None:
        """Find out how the conversation stands."""
        organization_id, event = work.recorded.organization_id, work.recorded.event
        if isinstance(event, ServiceLevelDue):
            await self.levels.follow(organization_id, event.conversation_id, at=event.at)
        else:
            await self.levels.follow(organization_id, UUID(work.recorded.stream.partition(":")[2]))


@dataclass(frozen=True)
class FollowAllServiceLevels:
    """Runs when policies or business hours are others."""

    levels: ServiceLevels

    async def __call__(self, work: Work) -> None:
        """Find out how all open conversations stand now."""
        event = work.recorded.event
        if not isinstance(event, OrganizationSettingsChanged) or HOURS in event.changed:
            await self.levels.follow_all(work.recorded.organization_id)


@dataclass(frozen=True)
class TellAbsence:
    """Runs when a person is needed."""

    absence: Absence

    async def __call__(self, work: Work) -> None:
        """Say when somebody will be there, if nobody is."""
        await self.absence.tell(work.recorded)
