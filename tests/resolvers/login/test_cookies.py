"""Sessions in cookies: what browsers keep, and what pages of other sites cannot make them do."""

import json
from collections.abc import AsyncIterator
from http.cookies import SimpleCookie
from typing import Any
from uuid import uuid4

import httpx2
import pytest
import websockets
from starlette.requests import HTTPConnection
from starlette.responses import Response

from domain.base import ForbiddenError
from domain.login.session import Tokens
from resolvers.login.cookies import ACCESS, Cookies
from tests.resolvers.login.members import PASSWORD, Member, Personnel
from tests.stack import Stack

VIEWER = {"query": "{ viewer { kind } }"}
TOKENS = Tokens(uuid4(), "an-access-token", "a-refresh-token", 600)
OURS = "https://help.shop.example"


class Browser:
    """A page of ours in a browser: its cookies, its origin, and the text that it sends as proof."""

    def __init__(self, http: httpx2.AsyncClient) -> None:
        self.http = http
        self.origin = str(http.base_url).rstrip("/")

    async def post(self, path: str, body: Any, **headers: str | None) -> httpx2.Response:
        sent = {"origin": self.origin, "x-csrf-token": self.http.cookies.get("parley_csrf")}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        kept = {name: value for name, value in sent.items() if value is not None}
        return await self.http.post(path, json=body, headers=kept)


@pytest.fixture
async def browser(stack: Stack) -> AsyncIterator[Browser]:
    async with httpx2.AsyncClient(base_url=stack.http.base_url) as http:
        yield Browser(http)


async def sign_in(browser: Browser, member: Member) -> httpx2.Response:
    answer = await browser.post("/auth/sign-in", {"email": member.email, "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    return answer


async def test_a_browser_gets_cookies_and_no_token_to_read(browser: Browser, personnel: Personnel) -> None:
    answer = await sign_in(browser, await personnel.member())
    assert answer.json() == {"expires_in": 600}
    set_cookies = [SimpleCookie(text) for text in answer.headers.get_list("set-cookie")]
    kept = {name: morsel for cookie in set_cookies for name, morsel in cookie.items()}
    assert set(kept) == {"parley_access", "parley_refresh", "parley_csrf", "parley_device"}
    assert {name for name, morsel in kept.items() if not morsel["httponly"]} == {"parley_csrf"}
    assert {morsel["samesite"] for morsel in kept.values()} == {"strict"}
    assert (await browser.post("/graphql", VIEWER)).json()["data"] == {"viewer": {"kind": "AGENT"}}


def test_over_https_the_cookies_are_bound_to_the_host() -> None:
    response = Response()
    Cookies(secure=True, origins=[OURS], session_seconds=100).keep(response, TOKENS, device="a-device")
    texts = [value.decode() for name, value in response.raw_headers if name == b"set-cookie"]
    assert len(texts) == 4
    for text in texts:
        assert text.startswith("__Host-parley_")
        assert {"Secure", "Path=/", "SameSite=strict"} <= set(text.split("; ")), text
        assert "domain" not in text.lower()


@pytest.mark.parametrize(
    ("headers", "is_refused"),
    [
        ({"origin": "https://evil.example"}, True),
        ({"origin": "null"}, True),
        ({"origin": "http://help.shop.example"}, True),
        ({"sec-fetch-site": "same-site"}, True),
        ({"sec-fetch-site": "cross-site"}, True),
        ({}, True),
        ({"origin": OURS}, False),
        ({"origin": "https://console.shop.example"}, False),
        ({"origin": "https://other.host"}, False),
        ({"sec-fetch-site": "same-origin"}, False),
    ],
)
def test_a_socket_or_a_get_by_cookie_must_come_from_a_page_of_ours(headers: dict[str, str], is_refused: bool) -> None:
    cookies = Cookies(secure=True, origins=[OURS, "https://console.shop.example"], session_seconds=100)
    sent = {"cookie": "__Host-parley_access=token", "host": "other.host", **headers}
    scope = {"type": "websocket", "headers": [(name.encode(), value.encode()) for name, value in sent.items()]}
    if is_refused:
        with pytest.raises(ForbiddenError):
            cookies.credential(HTTPConnection(scope))
    else:
        assert cookies.credential(HTTPConnection(scope)) == "token"
    assert cookies.read(HTTPConnection(scope), ACCESS) == "token"


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": None},
        {"origin": None, "sec_fetch_site": "cross-site"},
        {"x_csrf_token": None},
        {"x_csrf_token": "made-up"},
    ],
)
async def test_another_site_changes_nothing_by_our_cookies(
    browser: Browser, personnel: Personnel, headers: dict[str, str | None]
) -> None:
    await sign_in(browser, await personnel.member())
    sent: dict[str, Any] = {"x_csrf_token": browser.http.cookies.get("parley_csrf"), **headers}
    if "x_csrf_token" in headers:
        sent["x-csrf-token"] = sent.pop("x_csrf_token")
    for path, body in (("/graphql", VIEWER), ("/auth/refresh", {}), ("/auth/sign-out", {})):
        assert (await browser.post(path, body, **sent)).status_code == 403, path
    assert (await browser.post("/graphql", VIEWER)).status_code == 200


async def test_a_form_of_another_site_does_not_reach_us(browser: Browser, personnel: Personnel) -> None:
    await sign_in(browser, await personnel.member())
    for path in ("/graphql", "/auth/refresh", "/auth/sign-out"):
        for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
            answer = await browser.http.post(
                path, content=b'{"query": "{ viewer { kind } }"}', headers={"content-type": kind}
            )
            assert answer.status_code == 415, (path, kind)


async def test_another_site_signs_nobody_in(browser: Browser, personnel: Personnel) -> None:
    ann = await personnel.member()
    body = {"email": ann.email, "password": PASSWORD}
    answer = await browser.post("/auth/sign-in", body, origin="https://evil.example")
    assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)


@pytest.mark.parametrize(
    ("headers", "is_refused"),
    [
        ({"sec-fetch-site": "cross-site"}, True),
        ({"sec-fetch-site": "same-site"}, True),
        ({"sec-fetch-site": "cross-site", "referer": "https://evil.example/"}, True),
        ({"sec-fetch-site": "same-site", "referer": f"{OURS}.evil.example/"}, True),
        ({"sec-fetch-site": "same-site", "referer": f"{OURS}/sign-in"}, False),
        ({"sec-fetch-site": "same-origin"}, False),
        ({"sec-fetch-site": "none"}, False),
        ({}, False),
    ],
)
def test_a_sign_in_elsewhere_begins_on_a_page_of_ours(headers: dict[str, str], is_refused: bool) -> None:
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    connection = HTTPConnection({"type": "http", "method": "GET", "headers": raw})
    cookies = Cookies(secure=True, origins=[OURS], session_seconds=100)
    if is_refused:
        with pytest.raises(ForbiddenError):
            cookies.require_begun_here(connection)
    else:
        cookies.require_begun_here(connection)


async def test_another_site_sends_nobody_to_a_provider(browser: Browser) -> None:
    """Nor to one that signs the browser in as somebody of the provider's choice."""
    start = f"/auth/oidc/{uuid4()}/start"
    refused = await browser.http.get(start, headers={"sec-fetch-site": "cross-site"})
    assert refused.status_code == 403
    assert "set-cookie" not in refused.headers
    assert (await browser.http.get(start, headers={"sec-fetch-site": "same-origin"})).status_code == 404


async def test_a_refresh_by_cookie_keeps_the_proof_and_a_sign_out_takes_all(
    browser: Browser, personnel: Personnel
) -> None:
    await sign_in(browser, await personnel.member())
    before = dict(browser.http.cookies)
    answer = await browser.post("/auth/refresh", {})
    assert answer.json() == {"expires_in": 600}
    after = dict(browser.http.cookies)
    assert (after["parley_csrf"], after["parley_device"]) == (before["parley_csrf"], before["parley_device"])
    assert after["parley_refresh"] != before["parley_refresh"]
    assert (await browser.post("/auth/sign-out", {})).status_code == 204
    assert set(browser.http.cookies) == {"parley_device"}
    assert (await browser.post("/auth/refresh", {})).status_code == 401


async def test_a_refused_refresh_takes_the_cookies(browser: Browser, personnel: Personnel) -> None:
    await sign_in(browser, await personnel.member())
    old = browser.http.cookies.get("parley_refresh")
    await browser.post("/auth/refresh", {})
    browser.http.cookies.set("parley_refresh", old or "", domain="127.0.0.1", path="/")
    answer = await browser.post("/auth/refresh", {})
    assert answer.status_code == 401
    assert {text.partition("=")[0] for text in answer.headers.get_list("set-cookie") if "Max-Age=0" in text} == {
        "parley_access",
        "parley_refresh",
        "parley_csrf",
    }


@pytest.mark.parametrize("origin", [None, "https://evil.example"])
async def test_a_socket_takes_the_cookie_from_our_pages_alone(
    browser: Browser, stack: Stack, personnel: Personnel, origin: str | None
) -> None:
    await sign_in(browser, await personnel.member())
    cookie = "; ".join(f"{name}={value}" for name, value in browser.http.cookies.items())

    async def opened(origin: str | None) -> Any:
        options: dict[str, Any] = {"additional_headers": {"cookie": cookie}, "origin": origin}
        protocol = websockets.Subprotocol("graphql-transport-ws")
        async with websockets.connect(stack.socket_url, subprotocols=[protocol], **options) as socket:
            await socket.send(json.dumps({"type": "connection_init"}))
            return json.loads(await socket.recv())["type"]

    assert await opened(browser.origin) == "connection_ack"
    with pytest.raises((websockets.ConnectionClosedError, websockets.InvalidStatus)) as refused:
        await opened(origin)
    code = refused.value.rcvd and refused.value.rcvd.code if hasattr(refused.value, "rcvd") else None
    assert code == (4403 if origin is None else None)
