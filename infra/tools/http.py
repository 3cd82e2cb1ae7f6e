"""Calls HTTP tools: within limits of time and size, where calls may go, in nobody's name but the asker's."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx2
import orjson

from domain.base import Clock
from domain.tool.events import CallState
from domain.tool.ports import Behalf, Offer, Reply
from domain.tool.tool import PLACEHOLDER, Method, Tool
from infra.edge.outbound import AddressRefusedError, GuardedTransport, Network, Resolve, resolved
from infra.identity.sealing import BrokenSealError
from infra.tools.sealing import ToolSeals

MOST_BYTES = 256 * 1024
LONGEST_TEXT = 8_000
DEEPEST = 32
CUT = "[cut off here]"
IN_QUERY = (Method.GET, Method.DELETE)
NOT_DONE = "The tool's address was not reached. Nothing was done."
REFUSED = "The tool's address may not be called: it leads into a private network, or is not https."
SEALED = "The tool's secret cannot be read any more: staff must give it again."
TIMED_OUT = "The tool did not answer in time."
BROKE_OFF = "The tool's answer broke off, or could not be read."


NOT_SENT: dict[type[Exception], str] = {
    AddressRefusedError: REFUSED,
    BrokenSealError: SEALED,
    httpx2.ConnectError: NOT_DONE,
    httpx2.ConnectTimeout: NOT_DONE,
    httpx2.UnsupportedProtocol: NOT_DONE,
    httpx2.InvalidURL: NOT_DONE,
}
"""What can go wrong before anything is sent, and what is said of it."""
FAILURES: tuple[type[Exception], ...] = (*NOT_SENT, OSError, httpx2.HTTPError)


@dataclass(frozen=True, slots=True)
class Requested:
    """A request as it is sent, but for its headers."""

    method: str
    url: httpx2.URL
    body: bytes

    @property
    def preview(self) -> str:
        """Method, address and body, as text."""
        return "\n".join(part for part in (f"{self.method} {self.url}", self.body.decode()) if part)


class UnsendableError(Exception):
    """The arguments make no request; the message is for the model."""


@dataclass(frozen=True)
class HttpTools:
    """Calls tools by HTTP. `networks` are the private ones that may be called all the same."""

    seals: ToolSeals
    clock: Clock
    networks: Collection[Network] = ()
    resolve: Resolve = resolved

    async def call(self, tool: Tool, arguments: Mapping[str, Any], behalf: Behalf) -> Reply:
        """Make one call; redirects are not followed. Only cancelling it stops it early."""
        try:
            request = requested(tool, arguments)
            async with asyncio.timeout(tool.time_limit), self._client() as client:
                headers = self._headers(tool, request, behalf)
                sent = client.stream(request.method, request.url, content=request.body or None, headers=headers)
                async with sent as response:
                    return _reply(response, await _body(response))
        except UnsendableError as error:
            return Reply(CallState.FAILED, str(error))
        except FAILURES as error:
            return _failed(error)

    def _client(self) -> httpx2.AsyncClient:
        transport = GuardedTransport(self.networks, resolve=self.resolve)
        return httpx2.AsyncClient(transport=transport, trust_env=False, follow_redirects=False, timeout=None)

    def _headers(self, tool: Tool, request: Requested, behalf: Behalf) -> dict[str, str]:
        ours = {"accept": "application/json, text/plain;q=0.9", "accept-encoding": "identity", "user-agent": "Parley"}
        if request.body:
            ours["content-type"] = "application/json"
        if tool.secret_header and tool.secret:
            ours[tool.secret_header] = self.seals.open_secret(tool.id, tool.secret)
        return ours | behalf_headers(self.seals, tool.id, tool.signing, behalf, body=request.body, at=self.clock())


def behalf_headers(
    seals: ToolSeals, owner_id: Any, signing: bytes | None, behalf: Behalf, *, body: bytes, at: Any
) -> dict[str, str]:
    """For whom and for what a call is: once to read, once signed. No argument of a model comes near them."""
    found = {"idempotency-key": str(behalf.call_id), "x-parley-organization": str(behalf.organization_id)}
    if behalf.conversation_id:
        found["x-parley-conversation"] = str(behalf.conversation_id)
    if behalf.asker:
        found["x-parley-customer"] = str(behalf.asker.id)
        if behalf.asker.external_id:
            found["x-parley-customer-external-id"] = quote(behalf.asker.external_id, safe="")
    if signing:
        found["x-parley-signature"] = seals.signature(owner_id, signing, behalf, body=body, at=at)
    return found


def requested(tool: Tool, arguments: Mapping[str, Any]) -> Requested:
    """The request that arguments make; raises `UnsendableError` where one would lead to another path."""
    method, rest = tool.method or Method.POST, dict(arguments)

    def filled(match: Any) -> str:
        value = str(rest.pop(match[1], ""))
        if value.strip(".") == "":
            raise UnsendableError(f"{match[1]}: this cannot stand in an address.")
        return quote(value, safe="")

    url = httpx2.URL(PLACEHOLDER.sub(filled, tool.url or ""))
    if method not in IN_QUERY:
        return Requested(method.upper(), url, orjson.dumps(rest))
    query = {name: each if isinstance(each, str) else orjson.dumps(each).decode() for name, each in rest.items()}
    if fixed := [name for name in query if name in url.params]:
        raise UnsendableError(f"{fixed[0]}: this stands in the tool's address already.")
    return Requested(method.upper(), url.copy_merge_params(query), b"")


def preview(offer: Offer, arguments: Mapping[str, Any]) -> str:
    """What a call would send, without its headers."""
    tool = offer.tool
    if tool.url is None:
        return f"{tool.remote_name}\n{orjson.dumps(dict(arguments)).decode()}"
    try:
        return requested(tool, arguments).preview
    except UnsendableError as error:
        return str(error)


def _failed(error: Exception) -> Reply:
    """What an error means for the call: before anything is sent, nothing was done; after it, nobody knows."""
    for kind, said in NOT_SENT.items():
        if isinstance(error, kind):
            return Reply(CallState.FAILED, said)
    timed_out = isinstance(error, TimeoutError | httpx2.TimeoutException)
    return Reply(CallState.UNKNOWN, TIMED_OUT if timed_out else BROKE_OFF)


async def _body(response: httpx2.Response) -> bytes:
    if "content-encoding" in response.headers:  # asked for none; a small body could unpack to a huge one
        raise httpx2.RemoteProtocolError("packed")
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > MOST_BYTES:
            raise httpx2.RemoteProtocolError("too long")
    return bytes(body)


def _reply(response: httpx2.Response, body: bytes) -> Reply:
    """What the status says: 2xx done, 5xx who knows, anything else not done."""
    output = read(body, response.headers.get("content-type", ""))
    if response.is_success:
        return Reply(CallState.SUCCEEDED, output)
    if response.is_redirect:
        return Reply(CallState.FAILED, "The tool sent the call elsewhere, and Parley does not follow.")
    if response.is_server_error:
        return Reply(CallState.UNKNOWN, f"The tool answered with the status {response.status_code}.")
    return Reply(CallState.FAILED, {"status": response.status_code, "output": output})


def read(body: bytes, media_type: str) -> Any:
    """JSON, all of it, so that parts can be left out; or text as far as it is text, clipped. Both can be stored."""
    if "json" in media_type:
        try:
            return storable(orjson.loads(body))
        except orjson.JSONDecodeError:
            return "The tool's answer is not JSON."
    return clean(body.decode(errors="replace"))


def clean(text: str) -> str:
    """A text that can be stored and shown to a model, clipped with a word about it."""
    text = text.replace("\x00", "")
    return text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]} {CUT}"


def storable(value: Any, deep: int = DEEPEST) -> Any:
    """JSON without NUL characters, which no database takes, and without what is nested deeper than anybody reads."""
    match value:
        case list() | dict() if deep == 0:
            return CUT
        case str():
            return value.replace("\x00", "")
        case list():
            return [storable(each, deep - 1) for each in value]
        case dict():
            return {storable(name): storable(each, deep - 1) for name, each in value.items()}
    return value
