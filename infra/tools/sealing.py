"""Seals what is secret of tools, and signs their calls, so that the other end knows whom they are for."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import orjson
from joserfc import jwt
from joserfc.jwk import OctKey

from domain.tool.ports import Behalf, Signing
from infra.identity.sealing import Sealer, derived_key

SIGNATURE_LASTS = timedelta(seconds=60)


@dataclass(frozen=True)
class ToolSeals:
    """Seals each value under a key of its own."""

    sealer: Sealer

    def seal_secret(self, owner_id: UUID, secret: str) -> bytes:
        """The value of a tool's or a server's secret header."""
        return self.sealer.seal(secret.encode(), f"tool-secret:{owner_id}")

    def open_secret(self, owner_id: UUID, sealed: bytes) -> str:
        """The value again."""
        return self.sealer.open(sealed, f"tool-secret:{owner_id}").decode()

    def new_signing(self, owner_id: UUID) -> Signing:
        """A key of 256 bits for a tool or a server."""
        shown = secrets.token_urlsafe(32)
        return Signing(self.sealer.seal(shown.encode(), f"tool-signing:{owner_id}"), shown)

    def seal_arguments(self, call_id: UUID, arguments: Mapping[str, Any]) -> bytes:
        """The arguments of a call that is to be made later."""
        return self.sealer.seal(orjson.dumps(arguments), f"tool-arguments:{call_id}")

    def open_arguments(self, call_id: UUID, sealed: bytes) -> dict[str, Any]:
        """The arguments again."""
        found: dict[str, Any] = orjson.loads(self.sealer.open(sealed, f"tool-arguments:{call_id}"))
        return found

    def signature(self, owner_id: UUID, signing: bytes, behalf: Behalf, *, body: bytes, at: datetime) -> str:
        """A JSON web token (HS256) that says whom a call is for; `body` is what the request carries."""
        key = OctKey.import_key(self.sealer.open(signing, f"tool-signing:{owner_id}"))
        claims = {name: value for name, value in _claims(behalf).items() if value is not None}
        times = {"iat": int(at.timestamp()), "exp": int((at + SIGNATURE_LASTS).timestamp())}
        return jwt.encode({"alg": "HS256"}, {**claims, **times, "body_sha256": sha256(body).hexdigest()}, key)


def _claims(behalf: Behalf) -> dict[str, str | None]:
    asker = behalf.asker
    return {
        "iss": "parley",
        "jti": str(behalf.call_id),
        "sub": str(asker.id) if asker else None,
        "external_id": asker.external_id if asker else None,
        "organization_id": str(behalf.organization_id),
        "conversation_id": str(behalf.conversation_id) if behalf.conversation_id else None,
        "agent_id": str(behalf.agent_id) if behalf.agent_id else None,
    }


class CustomerCodes:
    """Codes of six digits, kept as hashes under a key that is not in the database: otherwise a million guesses do."""

    def __init__(self, secret: str) -> None:
        self._key = derived_key(secret, "customer-code")

    def new(self) -> str:
        """Six digits, by chance."""
        return f"{secrets.randbelow(1_000_000):06}"

    def hash(self, conversation_id: UUID, code: str) -> bytes:
        """The hash of a code, good for one conversation."""
        return hmac.digest(self._key, f"{conversation_id}:{code}".encode(), "sha256")
