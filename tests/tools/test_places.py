"""Where tools may be: not inside, however the address is written, whoever resolves it, wherever it redirects to."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import replace
from ipaddress import ip_network
from uuid import uuid4

import httpx2
import pytest

from domain.tool.events import CallState, ToolKind
from domain.tool.ports import Behalf
from domain.tool.tool import Method, Tool
from infra.bootstrap import now
from infra.edge import outbound
from infra.edge.outbound import AddressRefusedError, GuardedTransport, Network
from infra.tools.http import NOT_DONE as NO_ADDRESS
from infra.tools.http import REFUSED, SEALED, HttpTools
from infra.tools.sealing import ToolSeals
from tests.tools.shop import Answer, Shop

INSIDE = [
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0177.0.0.1",
    "017700000001",
    "0",
    "0.0.0.0",
    "localhost",
    "10.0.0.8",
    "172.16.3.4",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.0.1",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::ffff:169.254.169.254]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "[2001:0:4136:e378:8000:63bf:3fff:fdd2]",
    "[fd00::1]",
    "[fe80::1]",
    "[fec0::1]",
    "[ff02::1]",
    "[100::1]",
]
UNREADABLE = ("0177.0.0.1",)
"""What the HTTP client does not take for an address at all."""
LOOPBACK = (ip_network("127.0.0.0/8"),)


def tool_at(url: str) -> Tool:
    return Tool(uuid4(), uuid4(), name="look", url=url, method=Method.GET, kind=ToolKind.READ, time_limit=3)


def tools_in(seals: ToolSeals, networks: Sequence[Network] = (), *finds: str) -> HttpTools:
    async def resolve(host: str, port: int) -> Sequence[str]:
        return finds

    return HttpTools(seals, now, networks, resolve) if finds else HttpTools(seals, now, networks)


async def outcome(tools: HttpTools, url: str) -> tuple[CallState, object]:
    tool = tool_at(url)
    reply = await tools.call(tool, {}, Behalf(tool.organization_id, uuid4()))
    return reply.state, reply.output


@pytest.mark.parametrize("host", INSIDE)
@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_no_spelling_of_an_inside_address_is_called(seals: ToolSeals, shop: Shop, host: str, scheme: str) -> None:
    shop.asked.clear()
    url = f"{scheme}://{host}:{shop.server_port}/"
    state, said = await outcome(tools_in(seals), url)
    assert state is CallState.FAILED and shop.asked == []
    assert said == (NO_ADDRESS if host in UNREADABLE else REFUSED)


@pytest.mark.parametrize(
    "found", ["127.0.0.1", "::1", "10.1.2.3", "::ffff:10.1.2.3", "fe80::1%eth0", "169.254.169.254"]
)
async def test_a_name_that_leads_inside_is_not_called(seals: ToolSeals, shop: Shop, found: str) -> None:
    shop.asked.clear()
    tools = tools_in(seals, (), found)
    assert await outcome(tools, f"https://tool.example:{shop.server_port}/") == (CallState.FAILED, REFUSED)
    assert shop.asked == []


async def test_one_inside_address_among_others_is_enough(seals: ToolSeals) -> None:
    tools = tools_in(seals, (), "93.184.216.34", "127.0.0.1")
    assert await outcome(tools, "https://tool.example/") == (CallState.FAILED, REFUSED)


async def test_a_name_is_resolved_once_and_that_address_called(seals: ToolSeals, shop: Shop) -> None:
    """A name that leads elsewhere the second time has no second time."""
    shop.asked.clear()
    finds = iter([["127.0.0.1"], ["10.0.0.1"]])

    async def resolve(host: str, port: int) -> Sequence[str]:
        return next(finds)

    tools = HttpTools(seals, now, LOOPBACK, resolve)
    state, _ = await outcome(tools, f"http://rebinding.example:{shop.server_port}/there")
    assert state is CallState.SUCCEEDED
    (asked,) = shop.asked
    assert asked.headers["host"] == f"rebinding.example:{shop.server_port}"
    assert next(finds) == ["10.0.0.1"]


@pytest.mark.parametrize("host", ["a..example", f"{'a' * 64}.example"])
async def test_a_name_that_can_be_none_is_not_reached(seals: ToolSeals, host: str) -> None:
    assert await outcome(tools_in(seals), f"https://{host}/") == (CallState.FAILED, NO_ADDRESS)


async def test_names_that_take_long_hold_nothing_else_up(monkeypatch: pytest.MonkeyPatch) -> None:
    ended = threading.Event()
    monkeypatch.setattr(outbound, "getaddrinfo", lambda *_, **__: [ended.wait(20)][:0])
    slow = [asyncio.create_task(outbound.resolved(f"slow{n}.example", 443)) for n in range(40)]
    try:
        async with asyncio.timeout(10):
            assert await asyncio.get_running_loop().getaddrinfo("localhost", 80)
            assert await asyncio.to_thread(lambda: True)
        assert not any(one.done() for one in slow)
    finally:
        ended.set()
        await asyncio.gather(*slow)


async def test_public_addresses_need_tls(seals: ToolSeals) -> None:
    assert await outcome(tools_in(seals, (), "93.184.216.34"), "http://tool.example/") == (CallState.FAILED, REFUSED)


async def test_what_is_allowed_is_called_and_its_redirects_are_not_followed(seals: ToolSeals, shop: Shop) -> None:
    shop.asked.clear()
    shop.answers["/away"] = lambda _: Answer(b"", 307, {"location": "http://169.254.169.254/latest"})
    state, said = await outcome(tools_in(seals, LOOPBACK), f"{shop.url}/away")
    assert state is CallState.FAILED and "does not follow" in str(said) and len(shop.asked) == 1


async def test_a_redirect_that_a_client_does_follow_is_checked_too(shop: Shop) -> None:
    shop.answers["/away"] = lambda _: Answer(b"", 307, {"location": "http://10.9.8.7/"})
    client = httpx2.AsyncClient(transport=GuardedTransport(LOOPBACK), follow_redirects=True, trust_env=False)
    with pytest.raises(AddressRefusedError):
        await client.get(f"{shop.url}/away")


async def test_a_secret_goes_to_its_tool_alone(seals: ToolSeals, shop: Shop) -> None:
    shop.asked.clear()
    tool = tool_at(f"{shop.url}/x")
    tool.secret_header, tool.secret = "X-Secret", seals.seal_secret(tool.id, "s3cret")
    reply = await tools_in(seals, LOOPBACK).call(tool, {}, Behalf(tool.organization_id, uuid4()))
    assert reply.state is CallState.SUCCEEDED and shop.asked[-1].headers["x-secret"] == "s3cret"
    assert "s3cret" not in repr(reply) and b"s3cret" not in tool.secret
    stolen = replace(tool, id=uuid4())
    reply = await tools_in(seals, LOOPBACK).call(stolen, {}, Behalf(tool.organization_id, uuid4()))
    assert (reply.state, reply.output) == (CallState.FAILED, SEALED) and len(shop.asked) == 1
