"""Links to pages that whoever has one may use: what they name is signed, so that nobody makes up another."""

from __future__ import annotations

import binascii
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode

from infra.identity.sealing import derived_key

SIGNATURE = 16
"""Bytes of HMAC-SHA-256 that are kept: 128 bits, which RFC 2104 (section 5) allows and nobody guesses."""
LONGEST = 200
"""Letters of a token: about 130 bytes that are named."""


class SignedLinks:
    """Makes the links to one page, and reads their tokens; each purpose has a key of its own."""

    def __init__(self, secret: str, purpose: str, page: str) -> None:
        self._key = derived_key(secret, purpose)
        self._page = page

    def link(self, named: bytes) -> str:
        """The page's address with a token that names something."""
        token = urlsafe_b64encode(named + self._signature(named)).decode().rstrip("=")
        return f"{self._page}/{token}"

    def read(self, token: str) -> bytes | None:
        """What a token names; None for one that was not made here."""
        try:
            raw = urlsafe_b64decode(token + "=" * (-len(token) % 4)) if len(token) <= LONGEST else b""
        except (binascii.Error, ValueError):
            return None
        named, signature = raw[:-SIGNATURE], raw[-SIGNATURE:]
        return named if hmac.compare_digest(self._signature(named), signature) else None

    def _signature(self, named: bytes) -> bytes:
        return hmac.digest(self._key, named, "sha256")[:SIGNATURE]
