"""Links by which people stop mails without signing in: signed, since whoever has one may."""

from __future__ import annotations

import binascii
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID

from domain.notification.notification import NotificationKind
from infra.identity.sealing import derived_key

ROUTE = "/unsubscribe"
SIGNATURE = 16
"""Bytes of HMAC-SHA-256 that are kept."""
LONGEST = 200


class LeavingLinks:
    """Makes and reads their tokens: the organization's id, the agent's, the kind, and a signature of these."""

    def __init__(self, secret: str, address: str) -> None:
        self._key = derived_key(secret, "unsubscribe-link")
        self._address = address.rstrip("/")

    def link(self, organization_id: UUID, agent_id: UUID, kind: NotificationKind | None) -> str:
        """The address that stops mails about a kind, or about everything."""
        named = organization_id.bytes + agent_id.bytes + (kind or "").encode()
        token = urlsafe_b64encode(named + self._signature(named)).decode().rstrip("=")
        return f"{self._address}{ROUTE}/{token}"

    def read(self, token: str) -> tuple[UUID, UUID, NotificationKind | None] | None:
        """Whom it is about; None for a token that was not made here."""
        try:
            raw = urlsafe_b64decode(token + "=" * (-len(token) % 4)) if len(token) <= LONGEST else b""
        except (binascii.Error, ValueError):
            return None
        named, signature = raw[:-SIGNATURE], raw[-SIGNATURE:]
        if not hmac.compare_digest(self._signature(named), signature):
            return None
        kind = named[32:].decode()
        return UUID(bytes=named[:16]), UUID(bytes=named[16:32]), NotificationKind(kind) if kind else None

    def _signature(self, named: bytes) -> bytes:
        return hmac.digest(self._key, named, "sha256")[:SIGNATURE]
