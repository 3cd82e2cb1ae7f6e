"""What is kept secret of connections, and the names of conversations that only Parley can make."""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
from collections.abc import Mapping
from uuid import UUID

import orjson
import structlog

from infra.identity.sealing import BrokenSealError, Sealer, derived_key

log = structlog.get_logger(__name__)

MARK_LENGTH = 9
"""Bytes of a signature that make a token: 72 bits, which nobody guesses by mail."""
TOKEN_LENGTH = 40


class ChannelSecrets:
    """Seals all secrets of a connection as one, bound to its inbox."""

    def __init__(self, secret: str) -> None:
        self._sealer = Sealer(secret)

    def seal(self, inbox_id: UUID, secrets: Mapping[str, str]) -> bytes:
        """All secrets of one."""
        return self._sealer.seal(orjson.dumps(dict(secrets)), f"channel:{inbox_id}")

    def open(self, inbox_id: UUID, sealed: bytes) -> Mapping[str, str]:
        """The secrets again; empty where they cannot be read any more."""
        try:
            found: Mapping[str, str] = orjson.loads(self._sealer.open(sealed, f"channel:{inbox_id}"))
        except BrokenSealError:
            log.warning("channel.secrets_unreadable", inbox_id=str(inbox_id))
            return {}
        return found

    def new_key(self) -> str:
        """256 bits, as Standard Webhooks writes them."""
        return f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"


class SignedTokens:
    """40 characters that stand in an address, whatever becomes of their case: an id, and a part of its signature."""

    def __init__(self, secret: str, purpose: str) -> None:
        self._key = derived_key(secret, purpose)

    def of(self, identity: UUID) -> str:
        """The token of an id."""
        return base64.b32encode(identity.bytes + self._mark(identity)).decode().rstrip("=").lower()

    def read(self, token: str) -> UUID | None:
        """The id; None for a token that was not made here."""
        if len(token) != TOKEN_LENGTH or not token.isascii():
            return None
        try:
            content = base64.b32decode(token.upper())
        except binascii.Error:
            return None
        identity = UUID(bytes=content[:16])
        return identity if hmac.compare_digest(content[16:], self._mark(identity)) else None

    def _mark(self, identity: UUID) -> bytes:
        return hmac.digest(self._key, identity.bytes, "sha256")[:MARK_LENGTH]
