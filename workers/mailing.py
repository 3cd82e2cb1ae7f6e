"""The jobs that send mail to people about their accounts."""

from __future__ import annotations

from dataclasses import dataclass

from domain.account.events import PasswordChanged, PasswordResetRequested, VerificationRequested
from domain.login.signing_in import Post
from domain.ports import Work


@dataclass(frozen=True)
class MailPerson:
    """Runs on what a person is to be told or sent; the links are made here, so that no journal holds them."""

    post: Post

    async def __call__(self, work: Work) -> None:
        """Send the mail that the event calls for, if any."""
        event = work.recorded.event
        if isinstance(event, PasswordResetRequested):
            await self.post.reset_link(event.person_id)
        elif isinstance(event, VerificationRequested):
            await self.post.verification_link(event.person_id)
        elif isinstance(event, PasswordChanged) and event.by_mail:
            await self.post.password_changed(event.person_id, work.recorded.at)
