"""Tools, their servers, their calls and proofs as rows, with the questions that their rules ask."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import exists, func, select

from domain.account.permission import Permission
from domain.base import NotFoundError
from domain.tool.call import OPEN, Call
from domain.tool.events import CallState, ToolKind
from domain.tool.mcp import McpServer
from domain.tool.proof import Proof
from domain.tool.tool import Method, Tool
from infra.accounts.repository import Read, SqlStored
from infra.repositories import Unit
from infra.rows import conversations
from infra.storage.sight import reached
from infra.tools.rows import mcp_servers, proofs, tool_calls, tools

PATHS: dict[str, Read] = {"redacted_input": tuple, "redacted_output": tuple}


def _method(stored: str | None) -> Method | None:
    return None if stored is None else Method(stored)


class SqlTools(SqlStored[Tool]):
    """Tools."""

    def __init__(self, unit: Unit) -> None:
        super().__init__(unit, tools, Tool, kind=ToolKind, method=_method, **PATHS)

    async def all(self) -> Sequence[Tool]:
        """Every one, locked."""
        return await self.find()


class SqlMcpServers(SqlStored[McpServer]):
    """MCP servers."""

    def __init__(self, unit: Unit) -> None:
        super().__init__(unit, mcp_servers, McpServer)

    async def all(self) -> Sequence[McpServer]:
        """Every one, locked."""
        return await self.find()


class SqlCalls(SqlStored[Call]):
    """Calls."""

    def __init__(self, unit: Unit) -> None:
        super().__init__(unit, tool_calls, Call, state=CallState)

    async def by_id(self, call_id: UUID) -> Call | None:
        """The call, locked, if there is one."""
        return next(iter(await self.find(tool_calls.c.id == call_id)), None)

    async def open_like(self, conversation_id: UUID, digest: str) -> Call | None:
        """A call of the conversation, not over yet, that would do the same; locked."""
        c = tool_calls.c
        alike = await self.find(c.conversation_id == conversation_id, c.digest == digest, c.state.in_(OPEN))
        return next(iter(alike), None)

    async def of_other_attempt(self, question_id: UUID, tool_id: UUID, attempt_id: UUID) -> Call | None:
        """A call of the tool that another attempt at this answer made and that did not fail; locked."""
        c = tool_calls.c
        theirs = (c.question_id == question_id, c.tool_id == tool_id, c.attempt_id != attempt_id)
        return next(iter(await self.find(*theirs, c.state != CallState.FAILED)), None)

    async def of_question(self, question_id: UUID) -> int:
        """How many calls were made for a question."""
        c = tool_calls.c
        counted = select(func.count()).where(c.question_id == question_id, c.organization_id == self._unit.actor.tenant)
        return await self._unit.connection.scalar(counted) or 0

    async def seen(self, call_id: UUID) -> Call:
        """The call, locked, if the actor may read its conversation; otherwise `NotFoundError`."""
        mine = reached(self._unit.actor, Permission.READ_CONVERSATIONS)
        readable = exists().where(conversations.c.id == tool_calls.c.conversation_id, mine)
        for call in await self.find(tool_calls.c.id == call_id, readable):
            return call
        raise NotFoundError("action")


class SqlProofs(SqlStored[Proof]):
    """Proofs."""

    def __init__(self, unit: Unit) -> None:
        super().__init__(unit, proofs, Proof)

    async def of(self, conversation_id: UUID) -> Proof | None:
        """The proof of a conversation, locked; None where nothing was asked of its customer."""
        return next(iter(await self.find(proofs.c.id == conversation_id)), None)
