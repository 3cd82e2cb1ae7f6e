"""One door to all tools, wherever they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.tool.mcp import Described, McpServer
from domain.tool.ports import Behalf, Offer, Reply
from infra.tools.http import HttpTools, preview
from infra.tools.mcp import McpTools


@dataclass(frozen=True)
class ToolDoor:
    """Calls a tool as its kind of end wants to be called."""

    http: HttpTools
    mcp: McpTools

    async def call(self, offer: Offer, arguments: Mapping[str, Any], behalf: Behalf) -> Reply:
        """Make one call, within the tool's time limit."""
        if offer.server is not None:
            return await self.mcp.call(offer.server, offer.tool, arguments, behalf)
        return await self.http.call(offer.tool, arguments, behalf)

    def preview(self, offer: Offer, arguments: Mapping[str, Any]) -> str:
        """What a call would send, without any secret."""
        return preview(offer, arguments)

    async def described(self, server: McpServer) -> Sequence[Described]:
        """The tools of a server; raises `ServerUnavailableError`."""
        return await self.mcp.described(server)
