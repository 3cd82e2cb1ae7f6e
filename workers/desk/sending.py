"""The job that sends what was said to where the conversation came from, and tells what did not get there."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from domain.carriage.carriage import DeliveryFailed
from domain.channel.sending import Sending, said
from domain.ports import Work


@dataclass(frozen=True)
class SendByChannel:
    """Runs on whatever tells a customer something, and on what was given up."""

    sending: Sending

    async def __call__(self, work: Work) -> None:
        """Post it, if the conversation goes over a channel; what failed for good is told there."""
        recorded = work.recorded
        if isinstance(recorded.event, DeliveryFailed):
            await self.sending.tell_failure(recorded.organization_id, recorded.event, recorded.id)
        elif message := said(recorded.event):
            await self.sending.send(recorded.organization_id, UUID(recorded.stream.partition(":")[2]), message)
