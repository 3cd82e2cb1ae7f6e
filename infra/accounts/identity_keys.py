"""Identity keys as rows, and the tokens that are signed under them."""

from __future__ import annotations

import math
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey
from sqlalchemy import Row, select

from domain.access.customer import LONGEST_NAME, Door, Vouched
from domain.access.identity_key import IdentityKey, IdentityKeyKind, Material
from domain.base import Clock, FieldProblem, InvalidInputError, UnauthenticatedError
from domain.login.mail import ADDRESS, LONGEST_ADDRESS
from domain.text import checked
from infra.accounts.repository import SqlStored
from infra.accounts.rows import identity_keys
from infra.database import Database
from infra.identity.sealing import Sealer
from infra.repositories import Unit
from infra.rows import organizations

RSA_BITS = range(2_048, 8_193)
LONGEST_TOKEN = 4_096
LONGEST_EXTERNAL_ID = 200
LIFETIME = 3_600
LEEWAY = 60
"""Seconds that a token may be good for, and that two clocks may differ."""
ALGORITHMS = ("HS256", "RS256", "ES256", "EdDSA", "Ed25519")
REGISTRY = jws.JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
FAR_AWAY = 1e11
"""No moment of ours has so many seconds since 1970; larger numbers are not even made into floats."""
NO_PUBLIC_KEY = "must be one public key in PEM: RSA of 2,048 bits or more, P-256, or Ed25519. Keep the private one."
REFUSED = "This identity token is not valid, or not any more. Ask your own server for a new one."

Key = OctKey | RSAKey | ECKey | OKPKey

log = structlog.get_logger(__name__)


class SqlIdentityKeys(SqlStored[IdentityKey]):
    """The identity keys of the unit's organization."""

    def __init__(self, unit: Unit) -> None:
        super().__init__(unit, identity_keys, IdentityKey)

    async def good(self) -> Sequence[IdentityKey]:
        """All that are not revoked, locked."""
        return await self.find(identity_keys.c.revoked_at.is_(None))


@dataclass(frozen=True)
class Keymaker:
    """Makes what identity keys are kept as: secrets sealed, each for its own key; public keys as they are."""

    sealer: Sealer

    def shared(self, key_id: UUID) -> Material:
        """A new secret of 256 bits, and how it is sealed."""
        secret = secrets.token_urlsafe(32)
        return Material(self.sealer.seal(secret.encode(), _purpose(key_id)), secret)

    def public(self, given: str) -> Material:
        """A public key in PEM that is fit to verify with; `InvalidInputError` for any other text."""
        try:
            key = load_pem_public_key(given.encode())
        except (ValueError, UnsupportedAlgorithm):
            key = None
        is_fit = (
            (isinstance(key, RSAPublicKey) and key.key_size in RSA_BITS)
            or (isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1))
            or isinstance(key, Ed25519PublicKey)
        )
        if key is None or not is_fit:
            raise InvalidInputError(FieldProblem("input.publicKey", NO_PUBLIC_KEY))
        return Material(key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))


@dataclass(frozen=True)
class IdentityTokens:
    """Reads the tokens by which an organization's backend vouches for a customer.

    The key says which algorithm is meant, never the token: a public key is not taken for a shared secret.
    """

    database: Database
    sealer: Sealer
    clock: Clock

    async def read(self, token: str) -> Vouched:
        """Whom a token names; `UnauthenticatedError`, or `ForbiddenError` where the organization is suspended."""
        key_id = _kid(token)
        row = await self._row(key_id) if key_id else None
        if row is None:
            raise _refused("key")
        claims = self._claims(token, row)
        Door(row.organization_id, row.suspended_at is not None).require_open()
        return _vouched(row, claims, self.clock().timestamp())

    def _claims(self, token: str, row: Row[Any]) -> Mapping[str, Any]:
        key, algorithms = self._key(row)
        try:
            found: Mapping[str, Any] = jwt.decode(token, key, algorithms=algorithms, registry=REGISTRY).claims
        except (JoseError, ValueError, TypeError, AttributeError):
            raise _refused("signature") from None
        return found

    def _key(self, row: Row[Any]) -> tuple[Key, list[str]]:
        if row.kind == IdentityKeyKind.HMAC:
            return OctKey.import_key(self.sealer.open(row.material, _purpose(row.id))), ["HS256"]
        public = load_pem_public_key(row.material)
        if isinstance(public, RSAPublicKey):
            return RSAKey.import_key(public), ["RS256"]
        if isinstance(public, Ed25519PublicKey):
            return OKPKey.import_key(public), ["EdDSA", "Ed25519"]
        return ECKey.import_key(row.material), ["ES256"]

    async def _row(self, key_id: UUID) -> Any:
        k, o = identity_keys.c, organizations.c
        shown = select(k.id, k.organization_id, k.kind, k.material, o.slug, o.suspended_at)
        joined = shown.select_from(identity_keys.join(organizations, o.id == k.organization_id))
        async with self.database.accounts() as connection:
            found = await connection.execute(joined.where(k.id == key_id, k.revoked_at.is_(None)))
            return found.one_or_none()


def _purpose(key_id: UUID) -> str:
    return f"identity-key:{key_id}"


def _kid(token: str) -> UUID | None:
    if len(token) > LONGEST_TOKEN:
        return None
    try:
        return UUID(str(jws.extract_compact(token.encode()).headers().get("kid")))
    except (JoseError, ValueError, TypeError, AttributeError):
        return None


def _vouched(row: Row[Any], claims: Mapping[str, Any], now: float) -> Vouched:
    began, ends = _seconds(claims.get("iat")), _seconds(claims.get("exp"))
    if began is None or ends is None or not began - LEEWAY <= now < ends <= began + LIFETIME:
        raise _refused("time")
    if (starts := claims.get("nbf")) is not None and (_seconds(starts) or math.inf) - LEEWAY > now:
        raise _refused("time")
    if claims.get("aud") not in (row.slug, [row.slug]):
        raise _refused("audience")
    external_id = _text(claims.get("sub"), LONGEST_EXTERNAL_ID)
    if external_id is None:
        raise _refused("subject")
    email = _text(claims.get("email"), LONGEST_ADDRESS)
    if email is not None and not ADDRESS.fullmatch(email):
        raise _refused("email")
    return Vouched(row.organization_id, row.id, external_id, _text(claims.get("name"), LONGEST_NAME), email)


def _seconds(value: object) -> float | None:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return float(value) if abs(value) < FAR_AWAY else None


def _text(value: object, longest: int) -> str | None:
    """A claim that is text, None where it is not there; `UnauthenticatedError` for anything else."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise _refused("claims")
    try:
        return checked(value, "token", longest=longest)
    except InvalidInputError:
        raise _refused("claims") from None


def _refused(check: str) -> UnauthenticatedError:
    """One sentence for strangers; which check failed is for the log."""
    log.info("identity_token.refused", check=check)
    return UnauthenticatedError(REFUSED)
