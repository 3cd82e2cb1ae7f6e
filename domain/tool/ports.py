"""What tools need from outside: their schemas read, their ends called, and who asks."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from domain.tool.events import CallState
from domain.tool.mcp import Described, McpServer
from domain.tool.tool import Tool


@dataclass(frozen=True, slots=True)
class Offer:
    """A tool as it can be called: with its server, where it is one of an MCP server's."""

    tool: Tool
    server: McpServer | None = None

    @property
    def is_repeatable(self) -> bool:
        """Whether a call that was maybe done can be made again under the same key: HTTP tools must bear that."""
        return self.server is None


@dataclass(frozen=True, slots=True)
class Asker:
    """The customer whom a call is for; `external_id` and `email` are there where the organization vouches for them."""

    id: UUID
    external_id: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Behalf:
    """For whom and for what a call is made, from the session alone; `call_id` is its idempotency key."""

    organization_id: UUID
    call_id: UUID
    asker: Asker | None = None
    conversation_id: UUID | None = None
    agent_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of a call: `unknown` where it may or may not have been done. `output` is JSON, or a text."""

    state: CallState
    output: Any

    @property
    def text(self) -> str:
        """The output as one text."""
        return self.output if isinstance(self.output, str) else json.dumps(self.output, ensure_ascii=False)


class BadArgumentsError(Exception):
    """What a model wrote is not what the tool takes; the message says so to the model."""


class Schemas(Protocol):
    """Reads JSON schemas, and arguments by them."""

    def sound(self, parameters: Mapping[str, Any], path: str) -> Mapping[str, Any]:
        """A schema that can be offered, with its references written out; `InvalidInputError` for any other."""
        ...

    def arguments(self, parameters: Mapping[str, Any], written: str) -> dict[str, Any]:
        """The arguments that a model wrote as JSON; raises `BadArgumentsError` where they do not fit."""
        ...


class ServerUnavailableError(Exception):
    """An MCP server did not answer, or not as one; the message is for staff."""


class Outside(Protocol):
    """Calls tools where they are. Only cancelling it stops a call; every failure is a reply."""

    def preview(self, offer: Offer, arguments: Mapping[str, Any]) -> str:
        """What a call would send, without any secret."""
        ...

    async def described(self, server: McpServer) -> Sequence[Described]:
        """The tools of a server; raises `ServerUnavailableError`."""
        ...

    async def call(self, offer: Offer, arguments: Mapping[str, Any], behalf: Behalf) -> Reply:
        """Make one call, within the tool's time limit."""
        ...


class Catalog(Protocol):
    """Tools and askers, as they are now."""

    async def offers(self, organization_id: UUID) -> Sequence[Offer]:
        """The tools of an organization that are switched on, by name."""
        ...

    async def one(self, organization_id: UUID, tool_id: UUID) -> Offer | None:
        """One tool, switched on or not."""
        ...

    async def server(self, organization_id: UUID, server_id: UUID) -> McpServer | None:
        """One MCP server."""
        ...

    async def of_call(self, organization_id: UUID, call_id: UUID) -> Offer | None:
        """The tool that a call is of, switched on or not."""
        ...

    async def asker(self, organization_id: UUID, customer_id: UUID, conversation_id: UUID | None) -> Asker | None:
        """A customer in a conversation; by mail or text message anybody may pretend to be one who is vouched for."""
        ...

    async def due(self, at: datetime) -> Sequence[tuple[UUID, UUID]]:
        """Organization and id of the calls, of any organization, whose time is up; at most a few hundred."""
        ...


@dataclass(frozen=True, slots=True)
class Signing:
    """A new key that calls are signed with: how it is kept, and as the other end must have it."""

    kept: bytes
    shown: str


class Seals(Protocol):
    """Seals each value for one owner, from whose row alone it can be opened."""

    def seal_secret(self, owner_id: UUID, secret: str) -> bytes:
        """The value of a tool's or a server's secret header."""
        ...

    def new_signing(self, owner_id: UUID) -> Signing:
        """A key of 256 bits for a tool or a server."""
        ...

    def seal_arguments(self, call_id: UUID, arguments: Mapping[str, Any]) -> bytes:
        """The arguments of a call that is to be made later."""
        ...

    def open_arguments(self, call_id: UUID, sealed: bytes) -> dict[str, Any]:
        """The arguments again."""
        ...
