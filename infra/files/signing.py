"""Addresses of our own that somebody may use for one file, in one way, until they expire."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from hashlib import sha256
from urllib.parse import urlencode
from uuid import UUID

from domain.file.ports import Pass
from infra.identity.sealing import derived_key

PATH = "/files"


class Passes:
    """Signs and checks addresses; the signature is over every part of what they allow."""

    def __init__(self, secret: str, address: str) -> None:
        self._key = derived_key(secret, "files")
        self._address = address

    def url(self, granted: Pass) -> str:
        """The address that allows it."""
        query = {
            "size": granted.size,
            "expires": granted.expires,
            "name": granted.name,
            "type": granted.content_type,
            "signature": self._signature(granted),
        }
        return f"{self._address}{PATH}/{granted.organization_id}/{granted.file_id}?{urlencode(query)}"

    def granted(self, method: str, path: Mapping[str, str], query: Mapping[str, str], now: float) -> Pass | None:
        """What a request may do; None where its address was not signed for that, or has expired."""
        try:
            asked = Pass(
                method=method,
                organization_id=UUID(path["organization"]),
                file_id=UUID(path["file"]),
                size=int(query["size"]),
                expires=int(query["expires"]),
                name=query["name"],
                content_type=query["type"],
            )
            given = query["signature"].encode()
        except (KeyError, ValueError):
            return None
        good = hmac.compare_digest(given, self._signature(asked).encode())
        return asked if good and now < asked.expires else None

    def _signature(self, granted: Pass) -> str:
        parts = (
            *(granted.method, str(granted.organization_id), str(granted.file_id), str(granted.size)),
            *(str(granted.expires), granted.name, granted.content_type),
        )
        said = b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)
        return hmac.new(self._key, said, sha256).hexdigest()
