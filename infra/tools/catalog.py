"""Tools, servers and askers as they are now, each asked for in a short transaction of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, exists, select

from domain.account.inbox import Channel
from domain.tool.events import ToolKind
from domain.tool.mcp import McpServer
from domain.tool.ports import Asker, Offer
from domain.tool.tool import Definition, Method, Tool
from infra.accounts.rows import inboxes
from infra.channels.rows import channel_messages
from infra.database import Database
from infra.rows import customers, organizations
from infra.tools.rows import mcp_servers, tool_calls, tools

MOST_DUE = 200
SERVER = ("name", "url", "secret_header", "secret", "signing")


class SqlCatalog:
    """Reads what calls need to know."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def offers(self, organization_id: UUID) -> Sequence[Offer]:
        """The tools of an organization that are switched on, by name."""
        return await self._offers(organization_id, tools.c.enabled)

    async def one(self, organization_id: UUID, tool_id: UUID) -> Offer | None:
        """One tool, switched on or not."""
        return next(iter(await self._offers(organization_id, tools.c.id == tool_id)), None)

    async def of_call(self, organization_id: UUID, call_id: UUID) -> Offer | None:
        """The tool that a call is of, switched on or not."""
        tool_id = select(tool_calls.c.tool_id).where(tool_calls.c.id == call_id).scalar_subquery()
        return next(iter(await self._offers(organization_id, tools.c.id == tool_id)), None)

    async def server(self, organization_id: UUID, server_id: UUID) -> McpServer | None:
        """One MCP server."""
        s = mcp_servers.c
        wanted = select(mcp_servers).where(s.id == server_id, s.organization_id == organization_id)
        async with self._database.tenant(organization_id) as connection:
            row = (await connection.execute(wanted)).one_or_none()
        if row is None:
            return None
        return McpServer(row.id, organization_id, **{name: getattr(row, name) for name in SERVER})

    async def asker(self, organization_id: UUID, customer_id: UUID, conversation_id: UUID | None) -> Asker | None:
        """A customer; with what the organization calls them and their address only where it vouches for them.

        That is nowhere where something came in by a way whose senders can be made up.
        """
        c, m, i = customers.c, channel_messages.c, inboxes.c
        came = channel_messages.join(inboxes, i.id == m.inbox_id)
        outside = (m.conversation_id == conversation_id, m.is_inbound, i.channel.in_((Channel.EMAIL, Channel.SMS)))
        unsure = exists().select_from(came).where(*outside)
        wanted = select(c.id, c.external_id, c.email, c.verified_at, unsure.label("unsure")).where(
            c.id == customer_id, c.organization_id == organization_id
        )
        async with self._database.tenant(organization_id) as connection:
            row = (await connection.execute(wanted)).one_or_none()
        if row is None or row.verified_at is None or row.unsure:
            return None if row is None else Asker(row.id)
        return Asker(row.id, row.external_id, row.email)

    async def name_of(self, organization_id: UUID) -> str:
        """What an organization is called."""
        wanted = select(organizations.c.name).where(organizations.c.id == organization_id)
        async with self._database.tenant(organization_id) as connection:
            return str(await connection.scalar(wanted))

    async def due(self, at: datetime) -> Sequence[tuple[UUID, UUID]]:
        """Organization and id of the calls, of any organization, whose time is up."""
        c = tool_calls.c
        wanted = select(c.organization_id, c.id).where(c.due_at <= at).order_by(c.due_at).limit(MOST_DUE)
        async with self._database.relay() as connection:
            return [(row.organization_id, row.id) for row in await connection.execute(wanted)]

    async def _offers(self, organization_id: UUID, which: ColumnElement[bool]) -> list[Offer]:
        wanted = _offered().where(which, tools.c.organization_id == organization_id).order_by(tools.c.name)
        async with self._database.tenant(organization_id) as connection:
            return [_offer(row) for row in await connection.execute(wanted)]


def _offered() -> Select[Any]:
    s = mcp_servers.c
    served = [s[name].label(f"server_{name}") for name in SERVER]
    return select(*tools.c, *served).select_from(tools.outerjoin(mcp_servers, s.id == tools.c.server_id))


def definition_of(row: Row[Any]) -> Definition:
    """What is said of the tool of a row."""
    return Definition(
        name=row.name,
        title=row.title,
        description=row.description,
        parameters=row.parameters,
        url=row.url,
        method=None if row.method is None else Method(row.method),
        kind=ToolKind(row.kind),
        needs_verified_customer=row.needs_verified_customer,
        needs_approval=row.needs_approval,
        redacted_input=tuple(row.redacted_input),
        redacted_output=tuple(row.redacted_output),
        time_limit=row.time_limit,
        enabled=row.enabled,
    )


def _offer(row: Row[Any]) -> Offer:
    tool = Tool(row.id, row.organization_id, server_id=row.server_id, remote_name=row.remote_name)
    definition = definition_of(row)
    for name in Definition.__slots__:
        setattr(tool, name, getattr(definition, name))
    tool.secret_header, tool.secret, tool.signing = row.secret_header, row.secret, row.signing
    if row.server_id is None:
        return Offer(tool)
    served = {name: getattr(row, f"server_{name}") for name in SERVER}
    return Offer(tool, McpServer(row.server_id, row.organization_id, **served))
