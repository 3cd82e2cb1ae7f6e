"""Signing in by OpenID Connect: the authorization code flow with PKCE, and back-channel logout.

Sources: OpenID Connect Core 1.0 and Back-Channel Logout 1.0, RFC 7636 (PKCE), RFC 9207 (the issuer in the answer).
"""

import hmac
import ssl
from collections import OrderedDict
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx2
import orjson
from authlib.common.errors import AuthlibBaseError  # type: ignore[import-untyped]
from authlib.common.security import generate_token  # type: ignore[import-untyped]
from authlib.integrations.httpx_client import AsyncOAuth2Client, OAuthError  # type: ignore[import-untyped]
from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]
from joserfc import jws, jwt
from joserfc.errors import ClaimError, JoseError

from infra.edge.outbound import Network
from infra.identity.oidc_provider import (
    AttemptError,
    Metadata,
    OpenIDConnectError,
    ProviderSettingsError,
    ProviderUnavailableError,
    Published,
    SignInDeclinedError,
    TokenRefusedError,
    Transport,
)

__all__ = [
    "Attempt",
    "AttemptError",
    "Identity",
    "LoggedOut",
    "OpenIDConnect",
    "OpenIDConnectError",
    "Provider",
    "ProviderSettingsError",
    "ProviderUnavailableError",
    "SignInDeclinedError",
    "TokenRefusedError",
]

ALGORITHMS = [f"{family}{bits}" for family in ("RS", "PS", "ES") for bits in (256, 384, 512)] + ["EdDSA"]
REGISTRY = jws.JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
LEEWAY = 60  # seconds that two clocks may differ
ATTEMPT_LIFETIME = timedelta(minutes=10)
LOGOUT_LIFETIME = timedelta(minutes=5)
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
LOGOUT_TYPES = ("jwt", "logout+jwt", "application/logout+jwt")
TOKEN_CHARACTERS = 32_000
CODE_CHARACTERS = 4000
ISSUERS = 500


@dataclass(frozen=True, slots=True)
class Provider:
    """Where people of one organization may sign in. `issuer` is compared letter by letter."""

    id: UUID
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A sign-in that began in one browser. Its holder can finish it: it belongs in a sealed cookie of that browser."""

    provider_id: UUID
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    begun_at: datetime

    def dump(self) -> bytes:
        return orjson.dumps(self)

    @classmethod
    def load(cls, dumped: bytes) -> "Attempt":
        """What `dump` gave; to be called with what was sealed, and nothing else."""
        fields = orjson.loads(dumped)
        fields |= {"provider_id": UUID(fields["provider_id"]), "begun_at": datetime.fromisoformat(fields["begun_at"])}
        return cls(**fields)


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom a provider knows. `subject` is unique within its issuer alone; `session_id` is for its logout tokens."""

    subject: str
    email: str | None
    email_verified: bool
    name: str | None
    session_id: str | None


@dataclass(frozen=True, slots=True)
class LoggedOut:
    """Sessions of this subject, or this one session of the provider, that began before `issued_at` have ended.

    One of `subject` and `session_id` is there. `token_id` is unique for the provider: the same one again is a replay.
    """

    subject: str | None
    session_id: str | None
    issued_at: datetime
    token_id: str


class OpenIDConnect:
    """Speaks with the providers of all organizations; remembers what they publish and nothing about anybody.

    development: http on loopback is allowed. networks: private networks whose addresses may be called, for a provider
    inside the house. seconds: for each request, from looking up the name to the last byte. trusted: certificates to
    trust instead of the system's.
    """

    def __init__(
        self,
        *,
        development: bool = False,
        networks: Collection[Network] = (),
        seconds: float = 10,
        trusted: ssl.SSLContext | None = None,
    ) -> None:
        self._transport = Transport(networks, development=development, seconds=seconds, trusted=trusted)
        self._issuers: OrderedDict[str, Published] = OrderedDict()

    async def discover(self, issuer: str, at: datetime) -> Metadata:
        """What the issuer says about itself. Raises ProviderSettingsError or ProviderUnavailableError."""
        return await self._published(issuer).metadata.get(at)

    async def begin(self, provider: Provider, redirect_uri: str, at: datetime) -> tuple[str, Attempt]:
        """The address to send the browser to, and what to keep for its return. Raises as `discover` does."""
        metadata = await self.discover(provider.issuer, at)
        attempt = Attempt(provider.id, generate_token(48), generate_token(48), generate_token(48), at)
        client = self._client(provider, redirect_uri)
        url, _ = client.create_authorization_url(
            metadata.authorization_endpoint, attempt.state, attempt.verifier, nonce=attempt.nonce
        )
        return str(url), attempt

    async def finish(
        self, provider: Provider, attempt: Attempt, params: Mapping[str, str], redirect_uri: str, at: datetime
    ) -> Identity:
        """Who came back, from the query parameters of the provider's answer. Raises each OpenIDConnectError."""
        metadata = await self.discover(provider.issuer, at)
        code = answered(provider, metadata, attempt, params, at)
        authentication = authenticated(provider, metadata)
        client = self._client(provider, redirect_uri)
        async with self._published(provider.issuer).turns:
            tokens = await exchange(client, metadata.token_endpoint, authentication, code, attempt.verifier)
            claims = await self._identified(provider, attempt, tokens, at)
            if "email" not in claims and metadata.userinfo_endpoint:
                claims = await described(client, metadata.userinfo_endpoint, claims)
        return identity(claims)

    async def end(self, provider: Provider, logout_token: str, at: datetime) -> LoggedOut:
        """Who has left, by a token that the provider sent. Raises TokenRefusedError, or as `discover` does."""
        token = await self._verified(provider, logout_token, at)
        if str(token.header.get("typ", "jwt")).lower() not in LOGOUT_TYPES:
            raise refused("typ")
        rules: dict[str, jwt.ClaimsOption] = {**expected(provider), "iat": {"essential": True}}
        with refusing():
            jwt.JWTClaimsRegistry(int(at.timestamp()), LEEWAY, **rules).validate(token.claims)
        return left(token.claims, at)

    async def _identified(
        self, provider: Provider, attempt: Attempt, tokens: Mapping[str, Any], at: datetime
    ) -> dict[str, Any]:
        token = await self._verified(provider, tokens.get("id_token"), at)
        sent = {"client_id": provider.client_id, "nonce": attempt.nonce, "access_token": tokens.get("access_token")}
        with refusing():
            claims = CodeIDToken(token.claims, token.header, expected(provider), sent)
            claims.validate(int(at.timestamp()), LEEWAY)
        return token.claims

    async def _verified(self, provider: Provider, token: object, at: datetime) -> jwt.Token:
        """The token, signed by one of the provider's keys; an unknown key is looked for among fresh ones."""
        if not isinstance(token, str) or len(token) > TOKEN_CHARACTERS:
            raise refused("token")
        with refusing():
            header = jws.extract_compact(token.encode()).headers()
        if header.get("alg") not in ALGORITHMS:
            raise refused("alg")
        published = self._published(provider.issuer)
        keys = await published.keys.get(at, lambda known: any(key.kid == header.get("kid") for key in known))
        with refusing():
            return jwt.decode(token, keys, registry=REGISTRY)

    def _published(self, issuer: str) -> Published:
        published = self._issuers.pop(issuer, None) or Published(issuer, self._transport)
        self._issuers[issuer] = published
        if len(self._issuers) > ISSUERS:
            self._issuers.popitem(last=False)
        return published

    def _client(self, provider: Provider, redirect_uri: str) -> Any:
        return AsyncOAuth2Client(
            provider.client_id,
            provider.client_secret,
            token_endpoint_auth_method="client_secret_post",  # noqa: S106
            scope="openid email profile",
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
            leeway=0,
            transport=self._transport,
            trust_env=False,
            headers={"Accept-Encoding": "identity"},
        )


def answered(provider: Provider, metadata: Metadata, attempt: Attempt, params: Mapping[str, str], at: datetime) -> str:
    """The code in the answer, once it is certain that this provider answers this attempt."""
    if attempt.provider_id != provider.id:
        raise AttemptError("This sign-in was begun with another provider. Begin again.", "provider")
    if not hmac.compare_digest(params.get("state", "").encode(errors="replace"), attempt.state.encode()):
        raise AttemptError("This sign-in was begun in another browser or window. Begin again.", "state")
    named = metadata.authorization_response_iss_parameter_supported or "iss" in params
    if named and params.get("iss") != provider.issuer:
        raise AttemptError("The answer comes from another provider. Begin again.", "iss")
    if at - attempt.begun_at > ATTEMPT_LIFETIME:
        raise AttemptError("The sign-in took too long. Begin again.", "expired")
    if "error" in params:
        reason = "denied" if params["error"] == "access_denied" else "error"
        raise SignInDeclinedError("The sign-in was cancelled, or the provider refused it.", reason)
    code = params.get("code", "")
    if not 0 < len(code) <= CODE_CHARACTERS:
        raise AttemptError("The provider's answer is incomplete. Begin again.", "code")
    return code


def authenticated(provider: Provider, metadata: Metadata) -> httpx2.BasicAuth | None:
    """How Parley shows that it is the client: HTTP Basic, or, for None, in the body.

    Basic wants both parts form-encoded (RFC 6749, section 2.3.1), which many providers do not undo: where that would
    make a difference the body is preferred.
    """
    parts = (provider.client_id, provider.client_secret)
    encoded = tuple(quote(part, safe="") for part in parts)
    methods = metadata.token_endpoint_auth_methods_supported
    if "client_secret_basic" in methods and (encoded == parts or "client_secret_post" not in methods):
        return httpx2.BasicAuth(*encoded)
    if "client_secret_post" in methods:
        return None
    raise ProviderSettingsError("The sign-in provider does not accept client secrets.", "authentication")


async def exchange(
    client: Any, endpoint: str, authentication: httpx2.BasicAuth | None, code: str, verifier: str
) -> Mapping[str, Any]:
    """The tokens for a code. A code works once."""
    try:
        tokens: Mapping[str, Any] = await client.fetch_token(
            endpoint, grant_type="authorization_code", code=code, code_verifier=verifier, auth=authentication
        )
    except OAuthError as error:
        if error.error == "invalid_grant":
            raise AttemptError("The provider no longer accepts this sign-in. Begin again.", "code") from None
        raise ProviderSettingsError("The sign-in provider does not accept Parley as its client.", "client") from None
    except (httpx2.HTTPError, ValueError, TypeError, RecursionError):
        raise ProviderUnavailableError("The sign-in provider did not answer as it must.", "exchange") from None
    if not isinstance(tokens.get("access_token"), str) or str(tokens.get("token_type")).lower() != "bearer":
        raise ProviderUnavailableError("The sign-in provider did not answer as it must.", "exchange")
    return tokens


async def described(client: Any, endpoint: str, claims: dict[str, Any]) -> dict[str, Any]:
    """The claims, with e-mail and name as the provider's userinfo has them."""
    try:
        response = await client.get(endpoint)
        response.raise_for_status()
        info = orjson.loads(response.content)
    except (AuthlibBaseError, httpx2.HTTPError, ValueError):
        raise ProviderUnavailableError("The sign-in provider did not answer as it must.", "userinfo") from None
    if not isinstance(info, dict) or info.get("sub") != claims["sub"]:
        raise refused("sub")
    email = {"email": info.get("email"), "email_verified": info.get("email_verified")}
    return {**claims, **email, "name": info.get("name", claims.get("name"))}


def identity(claims: Mapping[str, Any]) -> Identity:
    """What is used of the claims; a text that could break a page or a log is left out."""
    if (subject := text(claims.get("sub"), 255)) is None:
        raise refused("sub")
    email = text(claims.get("email"), 320)
    verified = email is not None and claims.get("email_verified") in (True, "true")  # some providers send words
    return Identity(subject, email, verified, text(claims.get("name"), 200), text(claims.get("sid"), 255))


def left(claims: Mapping[str, Any], at: datetime) -> LoggedOut:
    """Who a logout token is about (Back-Channel Logout 1.0, sections 2.4 and 2.6)."""
    events = claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(LOGOUT_EVENT), dict):
        raise refused("events")
    if "nonce" in claims:  # an ID token must not pass for a logout token
        raise refused("nonce")
    if claims["iat"] < (at - LOGOUT_LIFETIME).timestamp():
        raise refused("iat")
    subject, session_id, token_id = (text(claims.get(name), 255) for name in ("sub", "sid", "jti"))
    if subject is None and session_id is None:
        raise refused("sub")
    if token_id is None:
        raise refused("jti")
    return LoggedOut(subject, session_id, datetime.fromtimestamp(claims["iat"], UTC), token_id)


def text(value: object, longest: int) -> str | None:
    return value if isinstance(value, str) and 0 < len(value) <= longest and value.isprintable() else None


def expected(provider: Provider) -> dict[str, jwt.ClaimsOption]:
    return {
        "iss": {"essential": True, "value": provider.issuer},
        "aud": {"essential": True, "value": provider.client_id},
    }


def refused(reason: str) -> TokenRefusedError:
    return TokenRefusedError("The sign-in provider sent something that cannot be trusted.", reason)


@contextmanager
def refusing() -> Iterator[None]:
    """What the libraries refuse is refused without a word of what the token holds."""
    try:
        yield
    except ClaimError as error:
        raise refused(error.claim) from None
    except JoseError as error:
        raise refused(error.error) from None
    except (ValueError, TypeError, OverflowError, RecursionError):
        raise refused("malformed") from None
