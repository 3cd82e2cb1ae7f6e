"""A real mail server for tests, which keeps what it takes."""

from __future__ import annotations

import asyncio
import email
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.smtp import SMTP, Envelope, Session


class Mailbox:
    """Takes mail for everybody."""

    def __init__(self) -> None:
        self.url = ""
        self._taken: list[tuple[str, EmailMessage]] = []
        self._news = asyncio.Condition()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        message = email.message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        async with self._news:
            self._taken += [(to, message) for to in envelope.rcpt_tos]
            self._news.notify_all()
        return "250 OK"

    def of(self, address: str) -> list[EmailMessage]:
        """All mail to an address so far."""
        return [message for to, message in self._taken if to == address]

    async def wait(self, address: str, *, number: int = 1) -> EmailMessage:
        """The mail of that number to an address, once it is there."""
        async with asyncio.timeout(15), self._news:
            await self._news.wait_for(lambda: len(self.of(address)) >= number)
        return self.of(address)[number - 1]

    async def token(self, address: str, *, number: int = 1) -> str:
        """The token in the link of a mail."""
        return token_in(await self.wait(address, number=number))


def token_in(message: EmailMessage) -> str:
    """The token in the link of a mail."""
    body = message.get_body(("plain",))
    found = re.search(r"\?token=([\w-]+)", body.get_content() if body else "")
    assert found, message
    return found[1]


@asynccontextmanager
async def mailbox() -> AsyncIterator[Mailbox]:
    """A server on loopback."""
    box, loop = Mailbox(), asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(box, loop=loop), "127.0.0.1", 0)
    box.url = f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    yield box
    server.close()
