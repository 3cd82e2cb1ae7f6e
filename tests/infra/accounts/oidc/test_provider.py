"""What may be called, how much is read, and how often: a provider is a stranger whose addresses somebody typed in."""

import asyncio
import gzip
import socket
import ssl
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from infra.edge import outbound
from infra.identity.oidc import (
    ISSUERS,
    OpenIDConnect,
    OpenIDConnectError,
    ProviderSettingsError,
    ProviderUnavailableError,
)
from infra.identity.oidc_provider import BODY_BYTES, KEYS, TURNS
from tests.infra.accounts.oidc.forger import KEY, METADATA, REDIRECT, Forger, forging, sign_in
from tests.infra.accounts.oidc.loopback import Answer, loopback

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUSE = [ip_network("127.0.0.0/8"), ip_network("::1/128")]


async def refused(openid: OpenIDConnect, issuer: str) -> OpenIDConnectError:
    with pytest.raises(OpenIDConnectError) as caught:
        await openid.discover(issuer, AT)
    return caught.value


@pytest.mark.parametrize(
    "issuer",
    [
        "https://127.0.0.1",
        "https://localhost",
        "https://2130706433",
        "https://0x7f.1",
        "https://0.0.0.0",
        "https://10.1.2.3",
        "https://100.64.0.1",
        "https://169.254.169.254",
        "https://172.16.0.1:8443/realms/house",
        "https://192.168.1.1",
        "https://224.0.0.1",
        "https://255.255.255.255",
        "https://[::]",
        "https://[::1]",
        "https://[::ffff:127.0.0.1]",
        "https://[64:ff9b::7f00:1]",
        "https://[2002:7f00:1::]",
        "https://[fe80::1]",
        "https://[fec0::1]",
        "https://[fd00::1]",
        "https://[ff02::1]",
    ],
)
async def test_private_addresses_are_not_called(issuer: str) -> None:
    error = await refused(OpenIDConnect(seconds=2), issuer)
    assert isinstance(error, ProviderSettingsError) and error.reason == "private"


@pytest.mark.parametrize(
    "issuer",
    [
        "",
        "example.com",
        "http://example.com",
        "http://localhost:1",
        "ftp://example.com",
        "file:///etc/passwd",
        "https://",
        "https://user:word@example.com",
        "https://example.com/#part",
        "https://example.com:x",
        "https://example.com?x=",
    ],
)
async def test_addresses_that_are_none(issuer: str) -> None:
    """Not even where the address behind it is allowed."""
    error = await refused(OpenIDConnect(networks=HOUSE), issuer)
    assert isinstance(error, ProviderSettingsError) and error.reason in {"address", "issuer"}


@pytest.mark.parametrize(
    "issuer", ["http://example.com", "http://10.0.0.1", "http://localhost.example.com", "https://10.0.0.1"]
)
async def test_development_opens_loopback_alone(openid: OpenIDConnect, issuer: str) -> None:
    assert isinstance(await refused(openid, issuer), ProviderSettingsError)


async def test_a_name_is_looked_up_once_for_check_and_call(forger: Forger, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that turns elsewhere after the check must not be followed: the call goes to what was checked."""
    lookups = []
    found, loops = socket.getaddrinfo, asyncio.get_running_loop().getaddrinfo

    def counted(host: str, port: Any, **options: Any) -> Any:
        lookups.append(host)
        return found(host, port, **options)

    async def connecting(host: Any, port: Any, **options: Any) -> Any:
        lookups.append(host if isinstance(host, str) else host.decode())
        return await loops(host, port, **options)

    monkeypatch.setattr(outbound, "getaddrinfo", counted)
    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", connecting, raising=False)
    await OpenIDConnect(development=True).discover(forger.issuer, AT)
    assert lookups[0] == "localhost" and "localhost" not in lookups[1:]
    assert forger.server.asked[0].headers["Host"] == forger.issuer.removeprefix("http://")


@pytest.mark.parametrize("endpoint", ["authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint"])
@pytest.mark.parametrize("address", ["http://example.com/x", "file:///etc/passwd", "gopher://localhost", "/token"])
async def test_every_endpoint_is_checked(openid: OpenIDConnect, forger: Forger, endpoint: str, address: str) -> None:
    forger.metadata[endpoint] = address
    assert (await refused(openid, forger.issuer)).reason == "address"


@pytest.mark.parametrize("endpoint", ["token_endpoint", "jwks_uri", "userinfo_endpoint"])
async def test_endpoints_at_private_addresses_are_not_called(
    openid: OpenIDConnect, forger: Forger, endpoint: str
) -> None:
    forger.metadata[endpoint] = "https://169.254.169.254/latest"
    with pytest.raises(ProviderSettingsError) as caught:
        await sign_in(openid, forger)
    assert caught.value.reason == "private"


@pytest.mark.parametrize("suffix", ["/", "/realm", "#", ""])
async def test_the_issuer_is_compared_letter_by_letter(openid: OpenIDConnect, forger: Forger, suffix: str) -> None:
    forger.metadata["issuer"] = forger.issuer.replace("localhost", "LOCALHOST") + suffix
    assert (await refused(openid, forger.issuer)).reason == "issuer"


@pytest.mark.parametrize(
    "change",
    [{"issuer": None}, {"token_endpoint": 7}, {"jwks_uri": None}, {"token_endpoint_auth_methods_supported": "all"}],
)
async def test_metadata_of_a_wrong_shape(openid: OpenIDConnect, forger: Forger, change: dict[str, Any]) -> None:
    forger.metadata |= change
    assert (await refused(openid, forger.issuer)).reason == "metadata"


async def test_a_provider_that_takes_no_secret(openid: OpenIDConnect, forger: Forger) -> None:
    forger.metadata["token_endpoint_auth_methods_supported"] = ["private_key_jwt"]
    with pytest.raises(ProviderSettingsError) as caught:
        await sign_in(openid, forger)
    assert caught.value.reason == "authentication"


def drip() -> Iterator[bytes]:
    for _ in range(100):
        yield b" "
        time.sleep(0.1)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(b" " * (BODY_BYTES + 1)),
        Answer(gzip.compress(b" " * 1_000_000), headers={"content-encoding": "gzip"}),
        Answer({}, status=404),
        Answer(status=302, headers={"location": "/elsewhere"}),
        Answer(status=302, headers={"location": "https://169.254.169.254/"}),
    ],
    ids=["long", "packed", "missing", "moved", "moved inside"],
)
async def test_answers_that_are_not_read(openid: OpenIDConnect, forger: Forger, answer: Answer) -> None:
    forger.server.answers[METADATA] = lambda _: answer
    assert isinstance(await refused(openid, forger.issuer), ProviderUnavailableError)
    assert forger.server.times("/elsewhere") == 0


async def test_a_slow_provider_is_given_up(forger: Forger) -> None:
    """A byte now and then keeps no request alive."""
    forger.server.answers[METADATA] = lambda _: Answer(drip())
    began = time.monotonic()
    error = await refused(OpenIDConnect(development=True, seconds=0.5), forger.issuer)
    assert error.reason == "network" and time.monotonic() - began < 2


async def test_nobody_is_there(openid: OpenIDConnect) -> None:
    with loopback() as server:
        issuer = server.address
    assert (await refused(openid, issuer)).reason == "network"


@pytest.mark.parametrize(
    "keys",
    [
        b"",
        [],
        {},
        {"keys": [KEY.as_dict(private=False)] * (KEYS + 1)},
        {"keys": 7},
        {"keys": []},
        {"keys": [{}]},
        {"keys": [{"kty": "RSA", "n": 7}]},
    ],
)
async def test_keys_that_are_none(openid: OpenIDConnect, forger: Forger, keys: Any) -> None:
    forger.keys = keys
    with pytest.raises(ProviderUnavailableError) as caught:
        await sign_in(openid, forger)
    assert caught.value.reason == "keys"


async def test_metadata_is_kept_for_an_hour_and_fetched_by_one(openid: OpenIDConnect, forger: Forger) -> None:
    await asyncio.gather(*(openid.begin(forger.provider, REDIRECT, AT) for _ in range(20)))
    await openid.discover(forger.issuer, AT + timedelta(minutes=59))
    assert forger.server.times(METADATA) == 1
    forger.metadata["authorization_endpoint"] = f"{forger.issuer}/new"
    url, _ = await openid.begin(forger.provider, REDIRECT, AT + timedelta(minutes=60))
    assert url.startswith(f"{forger.issuer}/new?") and forger.server.times(METADATA) == 2


async def test_who_waits_shares_one_request_and_its_failure(forger: Forger) -> None:
    """Whenever they came: nobody waits longer for a dead provider than one request may take."""
    forger.server.answers[METADATA] = lambda _: Answer(drip())
    openid = OpenIDConnect(development=True, seconds=0.5)
    began = time.monotonic()
    waiting = [asyncio.create_task(openid.discover(forger.issuer, AT + timedelta(seconds=6 * n))) for n in range(5)]
    await asyncio.sleep(0.1)
    waiting[0].cancel()  # the one who asked goes away
    done = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(one) for one in done] == [asyncio.CancelledError] + 4 * [ProviderUnavailableError]
    assert time.monotonic() - began < 2 and forger.server.times(METADATA) == 1


async def test_a_slow_provider_holds_up_no_other(forger: Forger) -> None:
    with forging() as slow:
        slow.server.answers["/token"] = lambda _: Answer(drip())
        openid = OpenIDConnect(development=True, seconds=5)
        crowd = [asyncio.create_task(sign_in(openid, slow)) for _ in range(3 * TURNS)]
        async with asyncio.timeout(4):
            while slow.server.times("/token") < TURNS:
                await asyncio.sleep(0.02)
            assert (await sign_in(openid, forger)).subject == "ada"
        assert slow.server.times("/token") == TURNS
        for task in crowd:
            task.cancel()
        await asyncio.gather(*crowd, return_exceptions=True)


async def test_a_failure_is_not_repeated_at_once(openid: OpenIDConnect, forger: Forger) -> None:
    """Or everybody who presses the button makes a request of Parley's."""
    good = forger.server.answers.pop(METADATA)
    for seconds in (0, 1, 4):
        with pytest.raises(ProviderUnavailableError):
            await openid.discover(forger.issuer, AT + timedelta(seconds=seconds))
    assert forger.server.times(METADATA) == 1
    forger.server.answers[METADATA] = good
    assert (await openid.discover(forger.issuer, AT + timedelta(seconds=5))).issuer == forger.issuer


async def test_only_so_many_issuers_are_remembered() -> None:
    openid = OpenIDConnect()
    for number in range(ISSUERS + 5):
        with pytest.raises(ProviderSettingsError):
            await openid.discover(f"https://10.0.0.1/{number}", AT)
    assert len(openid._issuers) == ISSUERS


def certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """What a server shows for this name, and what trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "server.pem").write_bytes(secret + pem)
    shown = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    shown.load_cert_chain(folder / "server.pem")
    return shown, ssl.create_default_context(cadata=pem.decode())


async def test_a_provider_inside_the_house(tmp_path: Path) -> None:
    """Called by its address, trusted by its name; not called at all unless its network is listed."""
    shown, trusted = certificate(tmp_path, "localhost")
    with loopback(shown) as server:
        forger = Forger(server)
        assert (await sign_in(OpenIDConnect(networks=HOUSE, trusted=trusted), forger)).subject == "ada"
        assert (await refused(OpenIDConnect(trusted=trusted), forger.issuer)).reason == "private"
        assert (await refused(OpenIDConnect(networks=HOUSE), forger.issuer)).reason == "network"


async def test_a_certificate_of_another_name(tmp_path: Path) -> None:
    shown, trusted = certificate(tmp_path, "elsewhere.example")
    with loopback(shown) as server:
        assert (await refused(OpenIDConnect(networks=HOUSE, trusted=trusted), server.address)).reason == "network"
        assert server.asked == []


async def test_a_connection_serves_one_name(tmp_path: Path) -> None:
    """Two names may share an address: a connection made for the one is not used for the other, unproven."""
    shown, trusted = certificate(tmp_path, "localhost")
    with loopback(shown) as server:
        forger = Forger(server)
        forger.metadata["jwks_uri"] = f"https://127.0.0.1:{server.server_port}/jwks"
        with pytest.raises(ProviderUnavailableError) as caught:
            await sign_in(OpenIDConnect(networks=HOUSE, trusted=trusted), forger)
        assert caught.value.reason == "network" and server.times("/token") == 1 and server.times("/jwks") == 0
