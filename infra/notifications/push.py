"""Push to browsers: encrypted so that only the browser reads it (RFC 8291), signed by the organization (RFC 8292)."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import UUID

import httpx2
import orjson
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02  # type: ignore[import-untyped]
from sqlalchemy import Row, delete, select
from sqlalchemy.dialects.postgresql import insert

from domain.base import Clock
from domain.delivery import DelayedError, Delivery, RefusedError
from infra.database import Database
from infra.edge.outbound import AddressRefusedError
from infra.identity.sealing import Sealer
from infra.notifications.rows import push_keys, push_subscriptions
from infra.process.late import Late

if TYPE_CHECKING:
    import pywebpush  # type: ignore[import-untyped]
else:
    pywebpush = Late("pywebpush")

SECONDS_KEPT = 24 * 3600
"""How long a push service keeps what it cannot show yet, such as on a telephone that is off."""
SIGNED_FOR = 12 * 3600
"""RFC 8292 allows at most a day."""
PATIENCE = 10.0
GONE = (404, 410)


class SqlPushKeys:
    """The keys of organizations, made when they are first needed, sealed in the database."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._sealer = sealer

    async def public(self, organization_id: UUID) -> str:
        """The public half, as browsers want it."""
        row = await self._row(organization_id)
        return str(row.public)

    async def signer(self, organization_id: UUID) -> Vapid02:
        """Signs for the organization."""
        row = await self._row(organization_id)
        return Vapid02.from_raw(urlsafe_b64encode(self._sealer.open(row.private, _purpose(organization_id))))

    async def _row(self, organization_id: UUID) -> Row[Any]:
        wanted = select(push_keys).where(push_keys.c.organization_id == organization_id)
        async with self._database.tenant(organization_id) as connection:
            found = (await connection.execute(wanted)).one_or_none()
            if found is None:
                made = insert(push_keys).values(self._made(organization_id)).on_conflict_do_nothing()
                await connection.execute(made)
                found = (await connection.execute(wanted)).one()
                await connection.commit()
        return found

    def _made(self, organization_id: UUID) -> dict[str, Any]:
        key = Vapid02()
        key.generate_keys()
        private = key.private_key.private_numbers().private_value.to_bytes(32, "big")
        point = key.public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {
            "organization_id": organization_id,
            "private": self._sealer.seal(private, _purpose(organization_id)),
            "public": urlsafe_b64encode(point).decode().rstrip("="),
        }


class PushCarrier:
    """Hands lines to the push services of browsers; a browser that is gone is forgotten.

    `contact` is whom a push service may ask about it, a `mailto:` or `https:` address. The client guards where it goes.
    """

    def __init__(
        self,
        database: Database,
        keys: SqlPushKeys,
        client: Callable[[], httpx2.AsyncClient],
        clock: Clock,
        *,
        contact: str,
    ) -> None:
        self._database = database
        self._keys = keys
        self._client = client
        self._clock = clock
        self._contact = contact

    async def carry(self, delivery: Delivery) -> str | None:
        """Post it; what it answers with as `Location` is the receipt."""
        browser = await self._browser(delivery)
        headers = await self._headers(delivery, browser.endpoint)
        body = _encrypted(delivery, browser)
        try:
            async with (
                self._client() as client,
                client.stream("POST", browser.endpoint, content=body, headers=headers) as answer,
            ):
                pass  # an address that somebody named may answer without end: nobody reads more than the headers
        except AddressRefusedError as error:
            raise RefusedError(str(error)) from None
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
            raise DelayedError(f"The push service did not answer: {type(error).__name__}.") from None
        if answer.status_code in GONE:
            await self._forget(delivery.organization_id, browser.id)
            raise RefusedError("The browser does not want to be told any more.")
        return _receipt(answer)

    async def _browser(self, delivery: Delivery) -> Row[Any]:
        p = push_subscriptions.c
        wanted = select(push_subscriptions).where(
            p.id == UUID(delivery.parcel.recipient), p.organization_id == delivery.organization_id
        )
        async with self._database.tenant(delivery.organization_id) as connection:
            row = (await connection.execute(wanted)).one_or_none()
        if row is None or str(row.agent_id) != delivery.parcel.about.get("agent"):  # it may be a colleague's by now
            raise RefusedError("The browser is not subscribed any more.")
        return row

    async def _headers(self, delivery: Delivery, endpoint: str) -> dict[str, str]:
        parts = urlsplit(endpoint)
        now = int(self._clock().timestamp())
        claims = {"aud": f"{parts.scheme}://{parts.netloc}", "sub": self._contact, "exp": now + SIGNED_FOR}
        signer = await self._keys.signer(delivery.organization_id)
        return {
            **signer.sign(claims),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(SECONDS_KEPT),
            "Urgency": "high" if delivery.parcel.content.get("is_urgent") else "normal",
        }

    async def _forget(self, organization_id: UUID, browser_id: UUID) -> None:
        async with self._database.tenant(organization_id) as connection:
            await connection.execute(delete(push_subscriptions).where(push_subscriptions.c.id == browser_id))
            await connection.commit()


def _encrypted(delivery: Delivery, browser: Row[Any]) -> bytes:
    """What the browser's worker gets; `tag` is the same in a repeated attempt, so that it replaces the first."""
    shown = {name: delivery.parcel.content.get(name) for name in ("title", "body", "url", "kind")}
    keys = {"p256dh": browser.public_key, "auth": browser.secret}
    try:
        pusher = pywebpush.WebPusher({"endpoint": browser.endpoint, "keys": keys})
        return bytes(pusher.encode(orjson.dumps(shown | {"tag": delivery.parcel.key}))["body"])
    except ValueError:  # of the right length, but no point of the curve
        raise RefusedError("The keys of the browser are not usable.") from None


def _receipt(answer: httpx2.Response) -> str | None:
    """What the service calls it; raises for whatever is no success."""
    status = answer.status_code
    if 200 <= status < 300:
        location = answer.headers.get("location")
        return location[:500] if location else None
    said = f"The push service answered {status}."
    if status == 429 or status >= 500:
        after = answer.headers.get("retry-after", "")
        raise DelayedError(said, after=float(after) if after.isascii() and after.isdigit() else None)
    raise RefusedError(said)


def _purpose(organization_id: UUID) -> str:
    return f"push:{organization_id}"
