"""All that people do about tools, together, and what may be seen of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from domain.ports import Page, PageRequest
from domain.tool.action import Actions
from domain.tool.call import CallView
from domain.tool.mcp import McpServerView
from domain.tool.proof import Proofs
from domain.tool.servers import McpServers
from domain.tool.service import Toolbox
from domain.tool.tool import ToolView


@dataclass(frozen=True)
class ToolCommands:
    """Tools, where some come from, what waits for approval, and who has to show who they are."""

    box: Toolbox
    servers: McpServers
    actions: Actions
    proofs: Proofs


class ToolReads(Protocol):
    """What one actor may see of tools. Pages raise `ForbiddenError` for whoever lacks the permission."""

    async def tools(self, ids: Sequence[UUID]) -> Sequence[ToolView | None]:
        """Tools by id."""
        ...

    async def tool_page(self, page: PageRequest) -> Page[ToolView]:
        """Tools, by name."""
        ...

    async def mcp_servers(self, ids: Sequence[UUID]) -> Sequence[McpServerView | None]:
        """MCP servers by id."""
        ...

    async def all_mcp_servers(self) -> Sequence[McpServerView]:
        """Every MCP server, by name."""
        ...

    async def tool_calls(self, ids: Sequence[UUID]) -> Sequence[CallView | None]:
        """Calls by id, of conversations that the actor may read; none for customers."""
        ...

    async def tool_call_pages(self, keys: Sequence[tuple[UUID, PageRequest]]) -> Sequence[Page[CallView]]:
        """For each conversation a page of the calls made in it, oldest first; empty for customers."""
        ...

    async def actions(self, ids: Sequence[UUID]) -> Sequence[CallView | None]:
        """Calls that an agent is, or was, asked about, by id."""
        ...

    async def action_page(self, page: PageRequest, *, waiting: bool | None) -> Page[CallView]:
        """Actions of conversations that the actor may read, oldest first: all, those that wait, or the others."""
        ...
