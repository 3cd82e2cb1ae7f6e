"""The job that mails invitations."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from domain.access.invitation import InvitationPost
from domain.ports import Work


@dataclass(frozen=True)
class MailInvitation:
    """Runs on `InvitationCreated` and `InvitationResent`; the link is made here, so that no journal holds it."""

    post: InvitationPost

    async def __call__(self, work: Work) -> None:
        """Mail a link for the invitation of the event, if it is still open."""
        await self.post.send(work.recorded.organization_id, UUID(work.recorded.stream.partition(":")[2]))
