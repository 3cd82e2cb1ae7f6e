"""An inlet for mail by SMTP: for forwarded addresses that Parley gave out, and for no others."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import structlog
from aiosmtpd.smtp import SMTP, Envelope, Session

from domain.base import UnavailableError
from domain.channel.inlets import Places
from domain.channel.ports import Place, Tokens
from domain.channel.receiving import Inlet
from infra.inlets.mime import LARGEST_MAIL

PATIENCE = 60
"""Seconds that somebody may be silent."""
MOST_LINES = 20
"""Connections at a time: beyond them nobody is let in until somebody leaves."""
MOST_RECIPIENTS = 10
AWAY = "451 4.3.0 Not now, please come again"
UNKNOWN = "550 5.1.1 No such address"

log = structlog.get_logger(__name__)
logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # it logs who writes to where, and whatever strangers say


@dataclass(frozen=True)
class SmtpInlet:
    """Listens at a port; without one it takes nothing. An address is `token@domain`, and the token is signed."""

    mails: Inlet
    places: Places
    tokens: Tokens
    host: str
    port: int | None
    domain: str

    def address(self, inbox_id: UUID) -> str | None:
        """Where mail for an inbox can be forwarded to; None where none is taken."""
        return f"{self.tokens.of(inbox_id)}@{self.domain}" if self.port is not None else None

    async def run(self) -> None:
        """Listen until cancelled."""
        if self.port is None:
            await asyncio.Event().wait()
        loop, lines = asyncio.get_running_loop(), set[_Line]()
        server = await loop.create_server(lambda: _Line(self, lines), self.host, self.port, reuse_port=True)
        log.info("inlet.listening", port=self.port)
        async with server:
            await server.serve_forever()

    async def handle_RCPT(  # noqa: N802  the library calls it so
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Sequence[str]
    ) -> str:
        """Take only addresses that were given out."""
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        try:
            place = await self._place(address)
        except UnavailableError:
            return AWAY
        if place is None:
            return UNKNOWN
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Say that it was taken once it is stored; it may come again otherwise, and is known then."""
        content = envelope.content
        raw = content if isinstance(content, bytes) else (content or "").encode()
        try:
            for address in dict.fromkeys(envelope.rcpt_tos):
                if place := await self._place(address):
                    await self.mails.receive(place, raw)
        except UnavailableError:
            return AWAY
        return "250 2.0.0 Taken"

    async def handle_exception(self, error: Exception) -> str:
        """Whatever goes wrong: tell the log, and have them come again."""
        log.error("inlet.failed", exc_info=error)
        return AWAY

    async def _place(self, address: str) -> Place | None:
        local, _, domain = address.lower().rpartition("@")
        inbox_id = self.tokens.read(local) if domain == self.domain else None
        return await self.places.of(inbox_id, "email") if inbox_id else None


class _Line(SMTP):
    """One connection, within limits."""

    def __init__(self, inlet: SmtpInlet, lines: set[_Line]) -> None:
        self._lines = lines
        super().__init__(
            inlet,
            data_size_limit=LARGEST_MAIL,
            hostname=inlet.domain,
            ident="ESMTP",
            timeout=PATIENCE,
            loop=asyncio.get_running_loop(),
        )

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Let them in, or hang up."""
        if len(self._lines) >= MOST_LINES:
            return transport.close()
        self._lines.add(self)
        return super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        """Make room for the next one."""
        if self in self._lines:
            self._lines.remove(self)
            super().connection_lost(error)
