"""The job that sends what was said to where the conversation came from."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from domain.channel.sending import Sending, said
from domain.ports import Work


@dataclass(frozen=True)
class SendByChannel:
    """Runs on whatever tells a customer something."""

    sending: Sending

    async def __call__(self, work: Work) -> None:
        """Post it, if the conversation goes over a channel."""
        recorded = work.recorded
        if message := said(recorded.event):
            await self.sending.send(recorded.organization_id, UUID(recorded.stream.partition(":")[2]), message)
