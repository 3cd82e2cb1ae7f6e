"""One door to all tools, wherever they are."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from domain.base import Clock
from domain.tool.mcp import Described, McpServer
from domain.tool.ports import Behalf, Offer, Reply
from infra.edge.outbound import Network
from infra.process.late import Late, present
from infra.tools.http import HttpTools, preview
from infra.tools.sealing import ToolSeals

if TYPE_CHECKING:
    from infra.tools import mcp
else:
    mcp = Late("infra.tools.mcp")


@dataclass(frozen=True)
class ToolDoor:
    """Calls a tool as its kind of end wants to be called."""

    seals: ToolSeals
    clock: Clock
    networks: Collection[Network]

    async def call(self, offer: Offer, arguments: Mapping[str, Any], behalf: Behalf) -> Reply:
        """Make one call, within the tool's time limit."""
        if offer.server is not None:
            return await (await self._mcp()).call(offer.server, offer.tool, arguments, behalf)
        return await HttpTools(self.seals, self.clock, self.networks).call(offer.tool, arguments, behalf)

    def preview(self, offer: Offer, arguments: Mapping[str, Any]) -> str:
        """What a call would send, without any secret."""
        return preview(offer, arguments)

    async def described(self, server: McpServer) -> Sequence[Described]:
        """The tools of a server; raises `ServerUnavailableError`."""
        return await (await self._mcp()).described(server)

    async def _mcp(self) -> mcp.McpTools:
        await present(mcp)
        return mcp.McpTools(self.seals, self.clock, self.networks)
