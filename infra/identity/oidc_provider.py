"""What an OpenID provider publishes, fetched within limits of time and size from addresses that may be called.

Every message is for a person and repeats nothing that a provider or a stranger sent; `reason` is a word for logs.

    OpenIDConnectError
    ├── ProviderSettingsError       the provider as it is set up, or as it describes itself, cannot be used
    ├── ProviderUnavailableError    it did not answer, or not with what was asked for
    ├── AttemptError                the answer does not belong to the sign-in that this browser began
    ├── SignInDeclinedError         the person, or the provider, said no
    └── TokenRefusedError           a token is not what it must be
"""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Collection
from contextlib import aclosing
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Annotated, Generic, TypeVar

import httpx2
import orjson
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from infra.edge.outbound import AddressRefusedError, GuardedTransport, Network

BODY_BYTES = 256 * 1024
METADATA_LIFETIME = timedelta(hours=1)
KEYS_LIFETIME = timedelta(minutes=10)
ASK_AGAIN = timedelta(seconds=5)
KEYS = 50
TURNS = 10

LOOPBACK: tuple[Network, ...] = (ip_network("127.0.0.0/8"), ip_network("::1/128"))

T = TypeVar("T")


class OpenIDConnectError(Exception):
    """A sentence for a person; `reason` says in a word which check failed."""

    def __init__(self, message: str, reason: str) -> None:
        super().__init__(message)
        self.reason = reason


class ProviderSettingsError(OpenIDConnectError):
    """The settings must change before anybody can sign in."""


class ProviderUnavailableError(OpenIDConnectError):
    """Later it may work."""


class AttemptError(OpenIDConnectError):
    """The person must begin again."""


class SignInDeclinedError(OpenIDConnectError):
    """Nobody was signed in, and nothing is broken."""


class TokenRefusedError(OpenIDConnectError):
    """A forgery, a mistake of the provider, or a clock that is wrong."""


class Transport(GuardedTransport):
    """Sends a request to addresses that were checked, and reads its answer whole, within `seconds` and `BODY_BYTES`."""

    def __init__(
        self, networks: Collection[Network], *, development: bool, seconds: float, trusted: ssl.SSLContext | None
    ) -> None:
        allowed = (*networks, *LOOPBACK) if development else tuple(networks)
        super().__init__(allowed, trusted=trusted, plain=True)  # `check` says where http is allowed
        self._development = development
        self._seconds = seconds

    def check(self, url: str) -> None:
        """Raises ProviderSettingsError unless it is https, or, in development, http on loopback."""
        try:
            parsed = httpx2.URL(url)
        except (httpx2.InvalidURL, TypeError):
            parsed = httpx2.URL("")
        secure = parsed.scheme == "https" or (
            parsed.scheme == "http" and self._development and on_loopback(parsed.host)
        )
        if not secure or not parsed.host or parsed.userinfo or parsed.fragment:
            raise ProviderSettingsError("Every address of a sign-in provider must begin with https://.", "address")

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        try:
            async with asyncio.timeout(self._seconds):
                response = await super().handle_async_request(request)
                async with aclosing(response):
                    return await _bounded(response)
        except AddressRefusedError:
            sentence = "The sign-in provider is at an address inside a private network."
            raise ProviderSettingsError(sentence, "private") from None
        except (TimeoutError, OSError, httpx2.HTTPError):
            raise ProviderUnavailableError(
                "The sign-in provider does not answer. Try again later.", "network"
            ) from None


def on_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def _bounded(response: httpx2.Response) -> httpx2.Response:
    if "content-encoding" in response.headers:  # asked for none; a small body could unpack to a huge one
        raise httpx2.RemoteProtocolError("packed")
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > BODY_BYTES:
            raise httpx2.RemoteProtocolError("too long")
    return httpx2.Response(response.status_code, headers=response.headers, content=bytes(body))


Text = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=2000)]


class Metadata(BaseModel):
    """What is needed of a provider's description of itself (OpenID Connect Discovery 1.0, section 3; RFC 9207)."""

    model_config = ConfigDict(frozen=True)

    issuer: Text
    authorization_endpoint: Text
    token_endpoint: Text
    jwks_uri: Text
    userinfo_endpoint: Text | None = None
    token_endpoint_auth_methods_supported: list[Text] = ["client_secret_basic"]
    authorization_response_iss_parameter_supported: bool = False


class Remembered(Generic[T]):
    """Something a provider publishes: kept until its end, fetched once for all who wait, and asked for sparingly."""

    def __init__(self, fetch: Callable[[datetime], Awaitable[T]], lifetime: timedelta) -> None:
        self._fetch = fetch
        self._lifetime = lifetime
        self._value: tuple[T, datetime] | None = None
        self._failure: OpenIDConnectError = ProviderUnavailableError("The sign-in provider does not answer.", "network")
        self._asked_at: datetime | None = None
        self._asking: asyncio.Task[None] | None = None

    async def get(self, at: datetime, enough: Callable[[T], bool] = lambda _: True) -> T:
        """The newest known value; one that is not `enough` is fetched again, at most every `ASK_AGAIN`."""
        value = self._current(at)
        if (value is None or not enough(value)) and (self._asking or self._rested(at)):
            self._asking = self._asking or asyncio.create_task(self._ask(at))
            await asyncio.shield(self._asking)  # who leaves takes it from nobody
            value = self._current(at)
        if value is None:
            raise type(self._failure)(str(self._failure), self._failure.reason)
        return value

    def _current(self, at: datetime) -> T | None:
        return self._value[0] if self._value and at - self._value[1] < self._lifetime else None

    def _rested(self, at: datetime) -> bool:
        return self._asked_at is None or at - self._asked_at >= ASK_AGAIN

    async def _ask(self, at: datetime) -> None:
        try:
            self._value = (await self._fetch(at), at)
        except OpenIDConnectError as failure:
            self._failure = failure
        finally:
            self._asked_at, self._asking = at, None


class Published:
    """One issuer's metadata and keys, and the turns of those who speak with it: a slow one delays only its own."""

    def __init__(self, issuer: str, transport: Transport) -> None:
        transport.check(issuer)
        if "?" in issuer:
            raise ProviderSettingsError("The issuer address of a sign-in provider has no query.", "issuer")
        self._issuer = issuer
        self._transport = transport
        self.turns = asyncio.Semaphore(TURNS)
        self.metadata = Remembered(self._fetch_metadata, METADATA_LIFETIME)
        self.keys = Remembered(self._fetch_keys, KEYS_LIFETIME)

    async def _fetch_metadata(self, at: datetime) -> Metadata:
        body = await self._get(self._issuer.rstrip("/") + "/.well-known/openid-configuration")
        try:
            metadata = Metadata.model_validate_json(body)
        except ValidationError:
            raise ProviderSettingsError("The sign-in provider describes itself wrongly.", "metadata") from None
        if metadata.issuer != self._issuer:
            raise ProviderSettingsError("The sign-in provider calls itself by another issuer address.", "issuer")
        endpoints = (metadata.authorization_endpoint, metadata.token_endpoint, metadata.jwks_uri)
        for endpoint in (*endpoints, metadata.userinfo_endpoint or metadata.token_endpoint):
            self._transport.check(endpoint)
        return metadata

    async def _fetch_keys(self, at: datetime) -> KeySet:
        body = await self._get((await self.metadata.get(at)).jwks_uri)
        try:
            keys = KeySet.import_key_set(orjson.loads(body))
        except (JoseError, ValueError, TypeError, KeyError, AttributeError):
            keys = KeySet([])
        if not 0 < len(keys.keys) <= KEYS:
            raise ProviderUnavailableError("The sign-in provider publishes no keys that can be read.", "keys")
        return keys

    async def _get(self, url: str) -> bytes:
        client = httpx2.AsyncClient(transport=self._transport, trust_env=False, headers={"Accept-Encoding": "identity"})
        response = await client.get(url)
        if response.status_code != httpx2.codes.OK:
            raise ProviderUnavailableError("The sign-in provider did not answer as it must.", "status")
        return response.content
