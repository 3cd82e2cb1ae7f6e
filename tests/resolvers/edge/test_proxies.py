"""Where a request comes from: what trusted proxies say is believed, and what clients make up is not."""

from typing import Any

import pytest
from starlette.types import Receive, Scope, Send

from resolvers.edge.proxies import TrustedProxies
from tests.stack import running, scripted

PROXY = "10.0.0.1"
NETWORKS = ("10.0.0.0/8", "2001:db8::/32")


async def seen(peer: str, *headers: tuple[str, str], kind: str = "http") -> tuple[str, str]:
    """The address and the scheme that an application sees."""
    found: dict[str, Any] = {}

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        found.update(scope)

    raw = [(name.encode(), value.encode()) for name, value in headers]
    scheme = "http" if kind == "http" else "ws"
    scope = {"type": kind, "client": (peer, 1234), "scheme": scheme, "headers": raw}
    await TrustedProxies(app, NETWORKS)(scope, None, None)  # type: ignore[arg-type]
    return found["client"][0], found["scheme"]


def forwarded_for(value: str) -> tuple[str, str]:
    return ("x-forwarded-for", value)


@pytest.mark.parametrize(
    ("peer", "headers", "client"),
    [
        (PROXY, [], PROXY),
        (PROXY, [forwarded_for("192.0.2.1")], "192.0.2.1"),
        (PROXY, [forwarded_for("9.9.9.9, 192.0.2.1")], "192.0.2.1"),  # the left one is made up
        (PROXY, [forwarded_for("192.0.2.1, 10.0.0.7")], "192.0.2.1"),  # two proxies
        (PROXY, [forwarded_for("192.0.2.1"), forwarded_for("10.0.0.7")], "192.0.2.1"),
        (PROXY, [forwarded_for("10.0.0.8, 10.0.0.7")], "10.0.0.8"),
        (PROXY, [forwarded_for("9.9.9.9, unknown, 10.0.0.7")], "10.0.0.7"),
        (PROXY, [forwarded_for("192.0.2.1:4711")], "192.0.2.1"),
        (PROXY, [forwarded_for("[2001:db9::1]:4711")], "2001:db9::1"),
        (PROXY, [forwarded_for("2001:db9::1")], "2001:db9::1"),
        (PROXY, [forwarded_for("<script>")], PROXY),
        (PROXY, [forwarded_for("")], PROXY),
        (PROXY, [forwarded_for(", ".join(["9.9.9.9"] * 500 + ["192.0.2.1"]))], "192.0.2.1"),
        (PROXY, [("forwarded", "for=9.9.9.9, for=192.0.2.1;proto=https;by=10.0.0.1")], "192.0.2.1"),
        (PROXY, [("forwarded", 'For="[2001:db9::1]:4711"')], "2001:db9::1"),
        (PROXY, [("forwarded", "for=_hidden")], PROXY),
        (PROXY, [("forwarded", 'for=", for="[2001:db9::1]"')], PROXY),
        (PROXY, [("forwarded", "for=9.9.9.9"), forwarded_for("192.0.2.1")], PROXY),  # one of them is the client's
        (PROXY, [("forwarded", "for=192.0.2.1"), forwarded_for("192.0.2.1")], "192.0.2.1"),
        ("::ffff:10.0.0.1", [forwarded_for("192.0.2.1")], "192.0.2.1"),
        ("2001:db8::5", [forwarded_for("192.0.2.1")], "192.0.2.1"),
        ("192.0.2.9", [forwarded_for("9.9.9.9")], "192.0.2.9"),
        ("192.0.2.9", [("forwarded", "for=9.9.9.9")], "192.0.2.9"),
        ("127.0.0.1", [forwarded_for("9.9.9.9")], "127.0.0.1"),
    ],
)
async def test_the_client_is_the_nearest_hop_that_is_not_trusted(
    peer: str, headers: list[tuple[str, str]], client: str
) -> None:
    assert (await seen(peer, *headers))[0] == client


@pytest.mark.parametrize(
    ("peer", "header", "scheme"),
    [
        (PROXY, ("x-forwarded-proto", "https"), "https"),
        (PROXY, ("forwarded", "for=192.0.2.1;proto=https"), "https"),
        (PROXY, ("x-forwarded-proto", "gopher"), "http"),
        ("192.0.2.9", ("x-forwarded-proto", "https"), "http"),
    ],
)
async def test_the_scheme_is_what_a_trusted_proxy_says(peer: str, header: tuple[str, str], scheme: str) -> None:
    assert (await seen(peer, header))[1] == scheme


async def test_a_socket_behind_tls_is_wss() -> None:
    assert await seen(PROXY, ("x-forwarded-proto", "https"), kind="websocket") == (PROXY, "wss")


@pytest.mark.parametrize(("trusted", "is_own"), [(("127.0.0.0/8",), True), ((), False)])
async def test_a_server_believes_only_the_proxies_it_is_told_of(
    database_url: str, redis_url: str, trusted: tuple[str, ...], is_own: bool
) -> None:
    """Each address has requests of its own, so the second shows whether the header was believed."""
    options: dict[str, Any] = {"with_worker": False, "trusted_proxies": trusted}
    async with running(database_url, redis_url, scripted("x"), **options) as started:
        for number in (1, 2):
            answer = await started.http.get("/healthz", headers={"x-forwarded-for": f"192.0.2.{number}"})
        assert answer.headers["ratelimit"].startswith(f'"probes";r={599 if is_own else 598};')
