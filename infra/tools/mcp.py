"""Calls the tools of MCP servers, and asks servers what they have, by streamable HTTP."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
import mcp_types as types
import structlog
from mcp import Client, MCPError
from mcp.client.streamable_http import streamable_http_client
from mcp_types import CONNECTION_CLOSED, REQUEST_TIMEOUT

from domain.base import Clock
from domain.tool.events import CallState
from domain.tool.mcp import Described, McpServer
from domain.tool.ports import Behalf, Reply, ServerUnavailableError
from domain.tool.tool import LONGEST_DESCRIPTION, LONGEST_TITLE, MARKUP, Tool
from infra.edge.outbound import AddressRefusedError, GuardedTransport, Network, Resolve, resolved
from infra.tools.http import LONGEST_TEXT, MOST_BYTES, NOT_DONE, REFUSED, TIMED_OUT, behalf_headers, clean, storable
from infra.tools.sealing import ToolSeals

DESCRIBING_LASTS = 10.0
CLOSING_LASTS = 2.0
"""Seconds that a server has to end a session, when its time is up or it has answered."""
MOST_TOOLS = 100
LONGEST_NAME = 128
MOST_PAGES = 5
UNSURE = (CONNECTION_CLOSED, REQUEST_TIMEOUT)
"""Errors that the client makes up itself when no answer comes."""

log = structlog.get_logger(__name__)
for _name in ("mcp", "client"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)  # it logs what servers say


class BoundedTransport(GuardedTransport):
    """Refuses long answers too, and remembers that an address was refused, which the protocol's client swallows."""

    refused = False

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send it, and give back an answer that breaks off where it gets too long."""
        try:
            response = await super().handle_async_request(request)
        except AddressRefusedError as error:
            self.refused = True
            raise httpx2.ConnectError(str(error)) from None
        if isinstance(response.stream, httpx2.AsyncByteStream):
            response.stream = Bounded(response.stream)
        return response


class Bounded(httpx2.AsyncByteStream):
    """The bytes of another stream, up to so many."""

    def __init__(self, stream: httpx2.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        left = MOST_BYTES
        async for chunk in self._stream:
            left -= len(chunk)
            if left < 0:
                raise httpx2.RemoteProtocolError("too long")
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()


@dataclass
class Exchange:
    """How far an exchange with a server is: before `asked`, nothing was done."""

    transport: BoundedTransport
    asked: bool = False

    def failed(self, error: BaseException) -> Reply:
        """What an error means for the call."""
        while isinstance(error, BaseExceptionGroup):
            error = error.exceptions[0]
        if self.transport.refused:
            return Reply(CallState.FAILED, REFUSED)
        if not self.asked:
            return Reply(CallState.FAILED, NOT_DONE)
        if isinstance(error, MCPError) and error.code not in UNSURE:
            return Reply(CallState.FAILED, {"output": clean(str(error))})
        log.info("mcp.broke_off", error=type(error).__name__)
        return Reply(CallState.UNKNOWN, TIMED_OUT)


@dataclass(frozen=True)
class McpTools:
    """Speaks with MCP servers, each time anew: no server learns of one customer while it serves another."""

    seals: ToolSeals
    clock: Clock
    networks: Collection[Network] = ()
    resolve: Resolve = resolved

    async def call(self, server: McpServer, tool: Tool, arguments: Mapping[str, Any], behalf: Behalf) -> Reply:
        """Make one call. Only cancelling it stops it early."""
        exchange = Exchange(self._transport())
        signed = behalf_headers(self.seals, server.id, server.signing, behalf, body=b"", at=self.clock())
        reply: Reply | None = None
        try:
            async with _within(tool.time_limit) as left, self._open(server, exchange, signed) as client:
                exchange.asked = True
                params = types.CallToolRequestParams(name=tool.remote_name or tool.name, arguments=dict(arguments))
                # `call_tool` would also check the answer by a schema of the server's, whose patterns may never end
                request = types.CallToolRequest(params=params)
                reply = _reply(await client.session.send_request(request, types.CallToolResult))
                left.reschedule(asyncio.get_running_loop().time() + CLOSING_LASTS)
        except Exception as error:  # the client raises whatever comes, and groups of it
            reply = reply or exchange.failed(error)
        return reply

    async def described(self, server: McpServer) -> Sequence[Described]:
        """The tools of a server; raises `ServerUnavailableError`."""
        exchange = Exchange(self._transport())
        try:
            async with _within(DESCRIBING_LASTS), self._open(server, exchange, {}) as client:
                found, cursor = [], None
                for _ in range(MOST_PAGES):
                    page = await client.list_tools(cursor=cursor)
                    found += [_described(tool) for tool in page.tools if _is_name(tool.name)]
                    cursor = page.next_cursor
                    if cursor is None:
                        break
                return found[:MOST_TOOLS]
        except Exception as error:
            said = REFUSED if exchange.transport.refused else "The server did not answer as an MCP server does."
            log.info("mcp.unavailable", error=type(error).__name__)
            raise ServerUnavailableError(said) from None

    def _transport(self) -> BoundedTransport:
        return BoundedTransport(self.networks, resolve=self.resolve)

    @asynccontextmanager
    async def _open(self, server: McpServer, exchange: Exchange, signed: Mapping[str, str]) -> AsyncIterator[Client]:
        headers = {"accept-encoding": "identity", "user-agent": "Parley", **signed}
        if server.secret_header and server.secret:
            headers[server.secret_header] = self.seals.open_secret(server.id, server.secret)
        http = httpx2.AsyncClient(
            transport=exchange.transport, trust_env=False, follow_redirects=False, timeout=None, headers=headers
        )
        async with http:
            way = streamable_http_client(server.url, http_client=http, max_sse_event_size=MOST_BYTES)
            async with Client(way, cache=None) as client:
                yield client


@asynccontextmanager
async def _within(seconds: float) -> AsyncIterator[asyncio.Timeout]:
    """A time limit, and a second one for closing: the first cuts off once only, and the client then says goodbye."""
    async with asyncio.timeout(seconds + CLOSING_LASTS), asyncio.timeout(seconds) as left:
        yield left


def _is_name(name: str) -> bool:
    return 0 < len(name) <= LONGEST_NAME and name.isprintable()


def _described(tool: types.Tool) -> Described:
    titles = (tool.title, tool.annotations and tool.annotations.title, tool.name, "Tool")
    title = next(found for each in titles if (found := _plain(each or "")))
    about = (tool.description or "").replace("\x00", "").strip()[:LONGEST_DESCRIPTION]
    return Described(tool.name, title, about or title, tool.input_schema)


def _plain(text: str) -> str:
    """One line that is no markup: customers read it where an agent is asked."""
    kept = "".join(each if each.isprintable() else " " for each in MARKUP.sub(" ", text[: 4 * LONGEST_TITLE]))
    return " ".join(kept.split())[:LONGEST_TITLE].strip()


def _reply(result: types.CallToolResult) -> Reply:
    """What the server says of it; its texts, or its structured content where it has no text."""
    texts = [clean(part.text) for part in result.content if isinstance(part, types.TextContent)]
    output: Any = clean("\n".join(texts))
    if not texts or isinstance(result.structured_content, dict):
        whole = storable(result.structured_content or {})
        output = whole if len(str(whole)) <= LONGEST_TEXT else output or clean(str(whole))
    return Reply(CallState.FAILED, {"output": output}) if result.is_error else Reply(CallState.SUCCEEDED, output)
