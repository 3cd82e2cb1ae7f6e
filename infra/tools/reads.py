"""What one actor may see of tools, and of the calls made with them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, or_, select, true

from domain.account.permission import Permission
from domain.ports import Page, PageRequest
from domain.tool.call import CallView
from domain.tool.events import CallState
from domain.tool.mcp import McpServerView
from domain.tool.tool import ToolView
from infra.accounts.key_reads import SqlAccessReads
from infra.rows import conversations
from infra.storage.paging import keyset, paged
from infra.tools.catalog import definition_of
from infra.tools.rows import mcp_servers, tool_calls, tools

SHOWN = (
    *("id", "tool_id", "tool", "title", "conversation_id", "question_id", "agent_id", "input", "output", "attempts"),
    *("took_ms", "created_at", "due_at", "proposed_at", "decided_at", "decided_by", "reason"),
)


class SqlToolReads(SqlAccessReads):
    """The reads of one operation, tools included, in its one snapshot."""

    async def tools(self, ids: Sequence[UUID]) -> Sequence[ToolView | None]:
        """Tools by id; none for whoever may not see how the assistant is set up."""
        return await self._found(tools, ids, Permission.READ_ASSISTANT, _tool)

    async def tool_page(self, page: PageRequest) -> Page[ToolView]:
        """Tools, by name."""
        self._actor.require(Permission.READ_ASSISTANT)
        wanted = keyset(self._mine(tools), page, (tools.c.name, str), (tools.c.id, UUID), descending=False)
        return paged(await self._rows(wanted), page, _tool, lambda row: (row.name, str(row.id)))

    async def mcp_servers(self, ids: Sequence[UUID]) -> Sequence[McpServerView | None]:
        """MCP servers by id; none for whoever may not see how the assistant is set up."""
        return await self._found(mcp_servers, ids, Permission.READ_ASSISTANT, _server)

    async def all_mcp_servers(self) -> Sequence[McpServerView]:
        """Every MCP server, by name."""
        self._actor.require(Permission.READ_ASSISTANT)
        wanted = self._mine(mcp_servers).order_by(mcp_servers.c.name, mcp_servers.c.id)
        return [_server(row) for row in await self._rows(wanted)]

    async def tool_calls(self, ids: Sequence[UUID]) -> Sequence[CallView | None]:
        """Calls by id, of conversations that the actor may read; none for customers."""
        return await self._calls_by_id(ids, self._seen_calls())

    async def actions(self, ids: Sequence[UUID]) -> Sequence[CallView | None]:
        """Calls that an agent is, or was, asked about, by id."""
        return await self._calls_by_id(ids, self._seen_calls().where(tool_calls.c.proposed_at.is_not(None)))

    async def tool_call_pages(self, keys: Sequence[tuple[UUID, PageRequest]]) -> Sequence[Page[CallView]]:
        """For each conversation a page of the calls made in it, oldest first, in one statement for all of them."""
        page, t, c = keys[0][1], tool_calls.c, conversations.c
        mine = select(tool_calls).where(t.conversation_id == c.id)
        one = keyset(mine, page, (t.created_at, datetime.fromisoformat), (t.id, UUID), descending=False).lateral("one")
        wanted = select(one).select_from(conversations.join(one, true())).where(self._visible())
        found: dict[UUID, list[Row[Any]]] = {key: [] for key, _ in keys}
        if self._actor.may(Permission.READ_ASSISTANT):
            rows = await self._rows(wanted.where(c.id.in_(found)))
            for row in sorted(rows, key=lambda row: (row.created_at, row.id), reverse=page.backward):
                found[row.conversation_id].append(row)
        return [paged(found[key], page, _call, _place) for key, _ in keys]

    async def action_page(self, page: PageRequest, *, waiting: bool | None) -> Page[CallView]:
        """Actions of conversations that the actor may read, oldest first: all, those that wait, or the others."""
        t = tool_calls.c
        self._actor.require(Permission.APPROVE_ACTIONS)
        self._actor.require(Permission.READ_ASSISTANT)
        wanted = self._seen_calls().where(t.proposed_at.is_not(None))
        if waiting is not None:
            is_waiting = t.state == CallState.PROPOSED
            wanted = wanted.where(is_waiting if waiting else ~is_waiting)
        keyed = keyset(wanted, page, (t.created_at, datetime.fromisoformat), (t.id, UUID), descending=False)
        return paged(await self._rows(keyed), page, _call, _place)

    async def _calls_by_id(self, ids: Sequence[UUID], wanted: Select[Any]) -> Sequence[CallView | None]:
        if not self._actor.may(Permission.READ_ASSISTANT):
            return [None] * len(ids)
        found = {row.id: _call(row) for row in await self._rows(wanted.where(tool_calls.c.id.in_(ids)))}
        return [found.get(identity) for identity in ids]

    def _seen_calls(self) -> Select[Any]:
        t, c = tool_calls.c, conversations.c
        joined = tool_calls.outerjoin(conversations, c.id == t.conversation_id)
        readable = or_(t.conversation_id.is_(None), self._visible())
        return select(*tool_calls.c).select_from(joined).where(t.organization_id == self._actor.tenant, readable)


def _tool(row: Row[Any]) -> ToolView:
    return ToolView(row.id, row.server_id, definition_of(row), row.secret_header, row.created_at)


def _server(row: Row[Any]) -> McpServerView:
    return McpServerView(row.id, row.name, row.url, row.secret_header, row.refreshed_at, row.created_at)


def _call(row: Row[Any]) -> CallView:
    return CallView(state=CallState(row.state), **{name: getattr(row, name) for name in SHOWN})


def _place(row: Row[Any]) -> tuple[str, str]:
    return row.created_at.isoformat(), str(row.id)
