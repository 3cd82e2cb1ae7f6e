"""A push service with one browser behind it, which reads what is meant for it as real ones do."""

from __future__ import annotations

import asyncio
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import http_ece  # type: ignore[import-untyped]
import orjson
import uvicorn
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jwt
from joserfc.jwk import ECKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from resolvers.transport import listen


@dataclass
class PushService:
    """Takes messages, checks who signed them, decrypts them with the browser's keys, or answers as it is told."""

    answers: list[Response] = field(default_factory=list)
    shown: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    address: str = ""
    expected_key: str | None = None

    def __post_init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._secret = os.urandom(16)

    @property
    def endpoint(self) -> str:
        """The browser's address here."""
        return f"{self.address}/push/one"

    @property
    def public_key(self) -> str:
        """What the browser's `getKey('p256dh')` gives."""
        return text_of(self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))

    @property
    def secret(self) -> str:
        """What its `getKey('auth')` gives."""
        return text_of(self._secret)

    async def take(self, request: Request) -> Response:
        """One message."""
        if self.answers:
            return self.answers.pop(0)
        self._verify(request.headers["authorization"])
        assert request.headers["content-encoding"] == "aes128gcm" and int(request.headers["ttl"]) > 0
        plain = http_ece.decrypt(
            await request.body(), private_key=self._key, auth_secret=self._secret, version="aes128gcm"
        )
        self.shown.append(orjson.loads(plain))
        self.headers.append(dict(request.headers))
        return Response(status_code=201, headers={"location": f"{self.address}/message/{len(self.shown)}"})

    def _verify(self, authorization: str) -> None:
        """The signature of RFC 8292: by the key that the browser subscribed with, for this service, for a while."""
        scheme, _, rest = authorization.partition(" ")
        parts = dict(part.strip().split("=", 1) for part in rest.split(","))
        assert scheme == "vapid" and parts["k"] == self.expected_key
        point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), bytes_of(parts["k"]))
        key = ECKey.import_key(point.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
        claims = jwt.decode(parts["t"], key, algorithms=["ES256"]).claims
        assert claims["aud"] == self.address and claims["sub"].startswith("mailto:")


@asynccontextmanager
async def push_service() -> AsyncIterator[PushService]:
    """One on loopback."""
    service = PushService()
    app = Starlette(routes=[Route("/push/one", service.take, methods=["POST"])])
    with listen("127.0.0.1", 0, lost_after=5) as listener:
        service.address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
        server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
        task = asyncio.create_task(server._serve([listener]))
        while not server.started:
            await asyncio.sleep(0.01)
        try:
            yield service
        finally:
            server.should_exit = True
            await task


def text_of(raw: bytes) -> str:
    """In base64url, as browsers have it."""
    return urlsafe_b64encode(raw).decode().rstrip("=")


def bytes_of(text: str) -> bytes:
    """And back."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
