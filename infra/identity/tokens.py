"""Access tokens: signed, short-lived, for one session; and the keys that sign them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey
from joserfc.jwt import JWTClaimsRegistry

from domain.base import Clock, UnauthenticatedError

ALGORITHM = "Ed25519"
ISSUER = "parley"
AUDIENCE = "parley-api"
TYPE = "at+jwt"
"""The type of an access token in its header (RFC 9068), so that no other signed thing passes for one."""
LONGEST_TOKEN = 4_096
LIFETIME = timedelta(minutes=10)
REMEMBERED = 20_000
"""How many verified tokens a process remembers."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What an access token says: which session of which organization, and until when (seconds since 1970)."""

    session_id: UUID
    organization_id: UUID
    expires_at: float


class Keys:
    """The keys of this moment: one signs, all verify. Raises nothing; who looks for an unknown key finds none."""

    def __init__(self, signing: OKPKey, verifying: Mapping[str, OKPKey]) -> None:
        self.signing = signing
        self._verifying = verifying

    def find(self, kid: object) -> OKPKey | None:
        """The key of a token's header."""
        return self._verifying.get(kid) if isinstance(kid, str) else None

    @property
    def published(self) -> dict[str, object]:
        """What `/.well-known/jwks.json` shows: the public halves."""
        shown: dict[str, object] = dict(KeySet(list(self._verifying.values())).as_dict(private=False))
        return shown


class AccessTokens:
    """Issues and reads access tokens under the given keys, which may be exchanged at any time.

    A token's signature is verified once and remembered, by a digest of the whole token, for as long as its key is one
    of ours and its time is not up: that is most of what reading one costs.
    """

    def __init__(self, keys: Keys, clock: Clock) -> None:
        self.keys = keys
        self._clock = clock
        self._verified: OrderedDict[bytes, tuple[str, Claims]] = OrderedDict()

    def kid_of(self, token: str) -> object:
        """The id of the key that a token says it was signed with; None for what is no token."""
        known = self._verified.get(_digest(token))
        return known[0] if known else _header(token).get("kid")

    def issue(self, session_id: UUID, organization_id: UUID, *, lifetime: timedelta = LIFETIME) -> str:
        """A token for a session."""
        now = self._clock()
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sid": str(session_id),
            "org": str(organization_id),
            "iat": int(now.timestamp()),
            "nbf": int(now.timestamp()),
            "exp": int((now + lifetime).timestamp()),
        }
        key = self.keys.signing
        header = {"alg": ALGORITHM, "kid": key.kid, "typ": TYPE}
        return jwt.encode(header, claims, key, algorithms=[ALGORITHM])

    def read(self, token: str) -> Claims:
        """What a token says; `UnauthenticatedError` when it is not ours, changed, not valid yet or not any more."""
        kid, known = self._verified.get(_digest(token), (None, None))
        if known and self.keys.find(kid) and self._clock().timestamp() < known.expires_at:
            return known
        return self._remember(token, self._verify(token))

    def _remember(self, token: str, claims: Claims) -> Claims:
        self._verified[_digest(token)] = (str(_header(token)["kid"]), claims)
        if len(self._verified) > REMEMBERED:
            self._verified.popitem(last=False)
        return claims

    def _verify(self, token: str) -> Claims:
        header = _header(token)
        key = self.keys.find(header.get("kid"))
        try:
            if key is None or header.get("typ") != TYPE:
                raise ValueError("not one of ours")
            claims = jwt.decode(token, key, algorithms=[ALGORITHM]).claims
            _registry(self._clock()).validate(claims)
            return Claims(UUID(claims["sid"]), UUID(claims["org"]), float(claims["exp"]))
        except (JoseError, ValueError, KeyError, TypeError, AttributeError):
            raise UnauthenticatedError("This token is not valid, or not any more. Get a new one.") from None


def _digest(token: str) -> bytes:
    return sha256(token.encode(errors="surrogatepass")).digest()


def _header(token: str) -> Mapping[str, object]:
    """What a token says of itself; nothing for what is no token."""
    try:
        return jws.extract_compact(token.encode()).headers() if len(token) <= LONGEST_TOKEN else {}
    except (JoseError, ValueError):
        return {}


def _registry(now: datetime) -> JWTClaimsRegistry:
    return JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=0,
        iss={"essential": True, "value": ISSUER},
        aud={"essential": True, "value": AUDIENCE},
        sid={"essential": True},
        org={"essential": True},
        nbf={"essential": True},
        exp={"essential": True},
    )
