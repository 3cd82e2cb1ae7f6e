"""Tokens that say who somebody is: signed, with an end, and for one organization."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from joserfc.jwt import JWTClaimsRegistry

from domain.base import Actor, ActorKind, Clock, UnauthenticatedError

ALGORITHM = "HS256"
ISSUER = "parley"
LONGEST_TOKEN = 4_096
TOKEN_KINDS = (ActorKind.CUSTOMER, ActorKind.AGENT, ActorKind.ADMIN)


@dataclass(frozen=True, slots=True)
class Identified:
    """Who a token names, and until when (seconds since 1970)."""

    actor: Actor
    expires_at: float


class Tokens:
    """Issues and reads bearer tokens under one secret key."""

    def __init__(self, secret: str, clock: Clock) -> None:
        self._key = OctKey.import_key(secret)
        self._clock = clock

    def issue(self, actor: Actor, *, lifetime: timedelta) -> str:
        """A token for a customer, an agent or an admin."""
        now = self._clock()
        claims = {
            "iss": ISSUER,
            "sub": str(actor.identity),
            "org": str(actor.tenant),
            "kind": str(actor.kind),
            "iat": int(now.timestamp()),
            "exp": int((now + lifetime).timestamp()),
        }
        return jwt.encode({"alg": ALGORITHM}, claims, self._key)

    def read(self, token: str) -> Identified:
        """Whom a token names; `UnauthenticatedError` when it is not ours, changed or expired."""
        try:
            if len(token) > LONGEST_TOKEN:
                raise ValueError("too long")
            claims = jwt.decode(token, self._key, algorithms=[ALGORITHM]).claims
            self._registry(self._clock()).validate(claims)
            kind = ActorKind(claims["kind"])
            if kind not in TOKEN_KINDS:
                raise ValueError("not a kind for tokens")
            return Identified(Actor(kind, UUID(claims["sub"]), UUID(claims["org"])), float(claims["exp"]))
        except (JoseError, ValueError, KeyError, TypeError, AttributeError):
            raise UnauthenticatedError("This token is not valid, or not any more. Get a new one.") from None

    @staticmethod
    def _registry(now: datetime) -> JWTClaimsRegistry:
        return JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=0,
            iss={"essential": True, "value": ISSUER},
            sub={"essential": True},
            org={"essential": True},
            kind={"essential": True},
            exp={"essential": True},
        )
