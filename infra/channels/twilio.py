"""Text messages by a provider that speaks as Twilio does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx2
import orjson
import structlog
from sqlalchemy import select

from domain.channel.account import ChannelAccount, SmsSettings
from domain.delivery import DelayedError, Delivery, RefusedError
from infra.channels.rows import channel_accounts
from infra.channels.sealing import ChannelSecrets
from infra.channels.stored import settings_of
from infra.database import Database
from infra.edge.outbound import AddressRefusedError, GuardedTransport, Network

PATIENCE = 15.0
MOST_BYTES = 64 * 1024
LONGEST_PAUSE = 3600.0
OPTED_OUT = 21610
"""The provider's own number for somebody who wrote STOP."""

log = structlog.get_logger(__name__)


StatusUrl = Callable[[UUID, str], str]
"""Where the provider says what became of a message of an inbox."""


@dataclass(frozen=True, slots=True)
class Sender:
    """An account with the provider: in whose name, and from which number."""

    inbox_id: UUID
    settings: SmsSettings
    number: str
    token: str


@dataclass(frozen=True)
class SmsCarrier:
    """Carries the parcels of the medium SMS; `status_url` of an inbox and a message is told what becomes of it."""

    database: Database
    seals: ChannelSecrets
    networks: Sequence[Network]
    status_url: StatusUrl

    async def carry(self, delivery: Delivery) -> str | None:
        """Hand it to the provider; gives its name for the message."""
        parcel = delivery.parcel
        sender = await self._sender(delivery.organization_id, parcel.content.get("inbox_id"))
        form = {"To": parcel.recipient, "From": sender.number, "Body": str(parcel.content["text"])}
        if parcel.key.startswith("message:"):
            form["StatusCallback"] = self.status_url(sender.inbox_id, parcel.key.removeprefix("message:"))
        answer = await self._posted(sender, form)
        log.info("sms.carried", delivery=str(delivery.id))
        return str(answer.get("sid") or "") or None

    async def check(self, account: ChannelAccount, token: str) -> None:
        """Ask the provider about an account; raises as `carry`."""
        sender = Sender(account.id, account.text, account.address, token)
        await self._asked(sender, "GET", f"/2010-04-01/Accounts/{sender.settings.account_sid}.json", None)

    async def _sender(self, organization_id: UUID, inbox_id: str | None) -> Sender:
        """The inbox's account; of a message of no inbox the organization's first one."""
        c = channel_accounts.c
        ours = (c.organization_id == organization_id, c.channel == "sms", c.enabled)
        wanted = select(c.id, c.settings, c.secrets, c.address).where(*ours).order_by(c.id).limit(1)
        if inbox_id is not None:
            wanted = wanted.where(c.id == UUID(inbox_id))
        async with self.database.tenant(organization_id) as connection:
            row = (await connection.execute(wanted)).one_or_none()
        settings = settings_of("sms", row.settings) if row else None
        if row is None or not isinstance(settings, SmsSettings):
            raise RefusedError("No inbox is connected to text messages any more.")
        return Sender(row.id, settings, row.address, self.seals.open(row.id, row.secrets).get("auth_token", ""))

    async def _posted(self, sender: Sender, form: dict[str, str]) -> dict[str, Any]:
        path = f"/2010-04-01/Accounts/{sender.settings.account_sid}/Messages.json"
        return await self._asked(sender, "POST", path, form)

    async def _asked(self, sender: Sender, method: str, path: str, form: dict[str, str] | None) -> dict[str, Any]:
        url = sender.settings.base_url.rstrip("/") + path
        try:
            async with self._client(sender) as client, client.stream(method, url, data=form) as response:
                body = await _body(response)
        except AddressRefusedError:
            raise DelayedError("The provider's address leads into a private network, or is not https.") from None
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
            raise DelayedError(f"The provider was not reached: {type(error).__name__}.") from None
        return _read(response, body)

    def _client(self, sender: Sender) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(
            transport=GuardedTransport(self.networks),
            auth=(sender.settings.account_sid, sender.token),
            timeout=PATIENCE,
            trust_env=False,
            follow_redirects=False,
        )


async def _body(response: httpx2.Response) -> bytes:
    body = bytearray()
    async for piece in response.aiter_raw():
        body += piece
        if len(body) > MOST_BYTES:
            raise httpx2.RemoteProtocolError("too long")
    return bytes(body)


def _read(response: httpx2.Response, body: bytes) -> dict[str, Any]:
    """What the provider says: 429, 401 and 5xx may be otherwise later, all other refusals stay."""
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        said = {}
    answer: dict[str, Any] = said if isinstance(said, dict) else {}
    if response.is_success:
        return answer
    code = answer.get("code")
    sentence = f"The provider answered {response.status_code}{f' ({code})' if isinstance(code, int) else ''}."
    if response.status_code in (401, 403, 408, 425, 429) or response.is_server_error or response.is_redirect:
        raise DelayedError(sentence, after=_pause(response.headers.get("retry-after", "")))
    raise RefusedError("They asked for no more messages." if code == OPTED_OUT else sentence)


def _pause(header: str) -> float | None:
    return min(float(header), LONGEST_PAUSE) if header.isascii() and header.isdigit() else None
