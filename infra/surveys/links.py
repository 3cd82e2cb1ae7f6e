"""Links to surveys: who has one may answer, so that it is signed, and names nothing that can be guessed."""

from __future__ import annotations

import binascii
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID

from domain.survey.survey import Survey
from infra.identity.sealing import derived_key

ROUTE = "/survey"
SIGNATURE = 16
"""Bytes of HMAC-SHA-256 that are kept: 128 bits, which RFC 2104 (section 5) allows and nobody guesses."""
LENGTH = 64
"""Letters of a token: 48 bytes, of which the first 32 are the ids."""


class SignedLinks:
    """Makes and reads the tokens of links to surveys."""

    def __init__(self, secret: str, address: str) -> None:
        self._key = derived_key(secret, "survey-link")
        self._address = address.rstrip("/")

    def link(self, survey: Survey) -> str:
        """The address of the page."""
        named = survey.organization_id.bytes + survey.id.bytes
        token = urlsafe_b64encode(named + self._signature(named)).decode()
        return f"{self._address}{ROUTE}/{token}"

    def read(self, token: str) -> tuple[UUID, UUID] | None:
        """The organization and the survey; None for a token that was not made here."""
        try:
            raw = urlsafe_b64decode(token) if len(token) == LENGTH else b""
        except (binascii.Error, ValueError):
            return None
        named, signature = raw[:32], raw[32:]
        if not hmac.compare_digest(self._signature(named), signature):
            return None
        return UUID(bytes=named[:16]), UUID(bytes=named[16:])

    def _signature(self, named: bytes) -> bytes:
        return hmac.digest(self._key, named, "sha256")[:SIGNATURE]
