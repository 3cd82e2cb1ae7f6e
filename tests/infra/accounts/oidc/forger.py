"""An issuer whose keys the test holds, so that it can send tokens that no honest provider would."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from joserfc import jws
from joserfc.jwk import Key, KeySet, RSAKey

from infra.identity.oidc import ALGORITHMS, Attempt, Identity, OpenIDConnect, Provider
from tests.infra.accounts.oidc.loopback import Answer, Loopback, loopback

REDIRECT = "https://parley.example/auth/oidc/callback"
LOGOUT: dict[str, object] = {"http://schemas.openid.net/event/backchannel-logout": {}}
METADATA = "/.well-known/openid-configuration"
ANY = jws.JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
KEY = RSAKey.generate_key(2048, {"kid": "first", "alg": "RS256", "use": "sig"})


class Forger:
    """An honest issuer until a test changes `metadata`, `tokens`, `id_token`, `keys` or `userinfo`."""

    def __init__(self, server: Loopback) -> None:
        self.server = server
        self.issuer = server.address
        self.key = KEY
        self.keys: dict[str, Any] = dict(KeySet([self.key]).as_dict())
        self.provider = Provider(uuid4(), self.issuer, "parley", "client-secret")
        self.tokens: dict[str, Any] = {"access_token": "access", "token_type": "Bearer", "expires_in": 60}
        self.id_token: object = None
        self.userinfo: Any = {"sub": "ada", "email": "ada@example.com", "email_verified": True, "name": "Ada"}
        ends = {"authorization_endpoint": "/auth", "token_endpoint": "/token", "jwks_uri": "/jwks"}
        self.metadata: dict[str, Any] = {name: self.issuer + path for name, path in ends.items()}
        self.metadata |= {"issuer": self.issuer, "userinfo_endpoint": f"{self.issuer}/userinfo"}
        server.answers |= {
            METADATA: lambda _: Answer(self.metadata),
            "/jwks": lambda _: Answer(self.keys),
            "/token": lambda _: Answer({"id_token": self.id_token, **self.tokens}),
            "/userinfo": lambda _: Answer(self.userinfo),
        }

    def claims(self, **changes: Any) -> dict[str, Any]:
        """Of a good token, with changes; None leaves a claim out."""
        now = int(datetime.now(UTC).timestamp())
        good = {"iss": self.issuer, "sub": "ada", "aud": "parley", "iat": now, "exp": now + 300}
        return {name: value for name, value in {**good, **changes}.items() if value is not None}

    def sign(self, claims: Mapping[str, Any], key: Key | None = None, **header: Any) -> str:
        """A JWT by the issuer's own key, or by another."""
        return self.sign_bytes(json.dumps(claims).encode(), key, **header)

    def sign_bytes(self, payload: bytes, key: Key | None = None, **header: Any) -> str:
        """Whatever the payload is; a header of None is left out."""
        full = {"alg": "RS256", "kid": "first", **header}
        kept = {name: value for name, value in full.items() if value is not None}
        return jws.serialize_compact(kept, payload, key or self.key, registry=ANY)

    def logout_token(self, **changes: Any) -> str:
        header = changes.pop("header", {"typ": "logout+jwt"})
        return self.sign(self.claims(**{"events": LOGOUT, "jti": "one", "sid": "s1", **changes}), **header)


async def sign_in(
    openid: OpenIDConnect, forger: Forger, token: Callable[[dict[str, Any]], object] | None = None, **changes: Any
) -> Identity:
    """The whole way with an ID token of good claims with changes, or with what `token` makes of them."""
    now = datetime.now(UTC)
    _, attempt = await openid.begin(forger.provider, REDIRECT, now)
    good = forger.claims(**{"nonce": attempt.nonce, **changes})
    forger.id_token = token(good) if token else forger.sign(good)
    return await openid.finish(forger.provider, attempt, answer(attempt), REDIRECT, now)


def answer(attempt: Attempt, **changes: str) -> dict[str, str]:
    return {"code": "a-code", "state": attempt.state, **changes}


@contextmanager
def forging() -> Iterator[Forger]:
    with loopback() as server:
        yield Forger(server)
