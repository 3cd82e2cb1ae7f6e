"""Carries messages to webhooks: signed, one try at a time, and never into networks that nobody allowed."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic

import httpx2

from domain.base import Clock
from domain.delivery import CarriageError, DelayedError, Delivery, RefusedError
from domain.webhook.service import Webhooks
from infra.edge.outbound import AddressRefusedError, GuardedTransport, Network, Resolve, resolved
from infra.identity.sealing import BrokenSealError
from infra.models.breaker import RestingError
from infra.webhooks.breakers import Breakers
from infra.webhooks.endpoints import Attempt, Endpoint, SqlEndpoints
from infra.webhooks.sealing import SealedSecrets

PATIENCE = 15.0
"""Seconds for the whole of a try."""
KEPT = 500
"""Bytes of an answer that are looked at."""
GONE = 410
BUSY = (429, 503)
OFF_FOR = 3_600
"""Seconds after which somebody may have switched a webhook on again."""
REFUSED = "The address may not be called: it leads into a private network, or is not https."
SEALED = "The secret cannot be read any more: rotate it."
NOT_REACHED = "The address was not reached."
TIMED_OUT = f"There was no answer within {PATIENCE:g} seconds."
BROKE_OFF = "The connection broke off."
NO_ANSWER: tuple[tuple[type[Exception], str], ...] = (
    (AddressRefusedError, REFUSED),
    (BrokenSealError, SEALED),
    (TimeoutError, TIMED_OUT),
    (httpx2.TimeoutException, TIMED_OUT),
    (httpx2.ConnectError, NOT_REACHED),
    (httpx2.UnsupportedProtocol, NOT_REACHED),
    (httpx2.InvalidURL, NOT_REACHED),
    (httpx2.HTTPError, BROKE_OFF),
    (OSError, BROKE_OFF),
)
"""What can go wrong before an answer is there, and what is said of it; the first that fits."""


@dataclass(frozen=True)
class WebhookCarrier:
    """Takes parcels to webhooks. `networks` are the private ones that may be called all the same."""

    endpoints: SqlEndpoints
    commands: Webhooks
    secrets: SealedSecrets
    breakers: Breakers
    clock: Clock
    networks: Collection[Network] = ()
    resolve: Resolve = resolved
    patience: float = field(default=PATIENCE)

    async def carry(self, delivery: Delivery) -> str | None:
        """Make a try, and note how it went; the status that came back, as text."""
        endpoint = await self.endpoints.of(delivery)
        if endpoint is None:
            raise RefusedError("The webhook was deleted.")
        if not endpoint.enabled:
            raise DelayedError("The webhook is switched off.", after=OFF_FOR)
        breaker = self.breakers.of(endpoint.id)
        try:
            await breaker.expect_closed()
        except RestingError:
            raise DelayedError("The webhook rests after too many failures in a row.") from None
        attempt = await self._tried(endpoint, delivery)
        problem = problem_of(attempt, self.clock())
        await breaker.record(failed=problem is not None)
        is_over = await self.endpoints.note(endpoint, delivery, attempt)
        if attempt.status == GONE:
            await self._shut(endpoint, "It answered that it is gone (410).")
        elif is_over:
            await self._shut(endpoint, "It has taken nothing for a day.")
        if problem:
            raise problem
        return str(attempt.status)

    async def _shut(self, endpoint: Endpoint, why: str) -> None:
        await self.commands.shut(endpoint.organization_id, endpoint.id, why)

    async def _tried(self, endpoint: Endpoint, delivery: Delivery) -> Attempt:
        began, at = monotonic(), self.clock()
        status, error, answer, retry_after = None, None, "", None
        try:
            body, headers = self._message(endpoint, delivery, at)
            async with asyncio.timeout(self.patience), self._client() as client:
                sent = client.stream("POST", endpoint.url, content=body, headers=headers)
                async with sent as response:
                    status, retry_after = response.status_code, response.headers.get("retry-after")
                    answer = await _beginning(response)
        except tuple(kind for kind, _ in NO_ANSWER) as failed:
            status = None
            error = next(said for kind, said in NO_ANSWER if isinstance(failed, kind))
        return Attempt(at, status, round(1000 * (monotonic() - began)), error, answer, retry_after)

    def _message(self, endpoint: Endpoint, delivery: Delivery, at: datetime) -> tuple[bytes, dict[str, str]]:
        body, message_id = delivery.parcel.content["body"], delivery.parcel.content["id"]
        headers = {
            "content-type": "application/json",
            "accept-encoding": "identity",
            "user-agent": "Parley",
            "webhook-id": message_id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": self.secrets.signatures(
                endpoint.id, endpoint.secrets_at(at), message_id, body, at.astimezone(UTC)
            ),
        }
        return body.encode(), headers

    def _client(self) -> httpx2.AsyncClient:
        transport = GuardedTransport(self.networks, resolve=self.resolve)
        return httpx2.AsyncClient(transport=transport, trust_env=False, follow_redirects=False, timeout=None)


async def _beginning(response: httpx2.Response) -> str:
    """The first bytes of an answer, as text that can be stored; nobody reads on."""
    kept = b""
    async for chunk in response.aiter_raw():
        kept += chunk
        if len(kept) >= KEPT:
            break
    return kept[:KEPT].decode(errors="replace").replace("\x00", "")


def problem_of(attempt: Attempt, now: datetime) -> CarriageError | None:
    """Why a try was no success; None for any status of 200 to 299."""
    if attempt.status is None:
        return DelayedError(attempt.error or BROKE_OFF)
    if 200 <= attempt.status < 300:
        return None
    said = f"It answered with the status {attempt.status}."
    if attempt.status == GONE:
        return RefusedError(said)
    return DelayedError(said, after=seconds_of(attempt.retry_after, now) if attempt.status in BUSY else None)


def seconds_of(retry_after: str | None, now: datetime) -> float | None:
    """The seconds that a `Retry-After` header asks for, as a number or as a date; None for anything else."""
    if retry_after is None:
        return None
    if retry_after.isascii() and retry_after.isdigit():
        return float(retry_after[:9])
    try:
        date = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    return max(0.0, ((date if date.tzinfo else date.replace(tzinfo=UTC)) - now).total_seconds())
