"""What staff do about MCP servers: name them, ask them what they have, forget them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from domain.access.api_key import Issued
from domain.account.permission import Permission
from domain.account.role import allowed_now, checked_reason
from domain.account.stored import Opening
from domain.base import Actor, Clock, FieldProblem, Identifiers, InvalidInputError, InvalidStateError, NotFoundError
from domain.ports import IdempotencyKey, Receipt
from domain.retry import retried_once
from domain.tool.mcp import Described, McpServer
from domain.tool.ports import Catalog, Outside, Schemas, Seals, ServerUnavailableError
from domain.tool.service import MOST_TOOLS, Secrets, ToolUnit
from domain.tool.tool import Definition, Tool, require_header

MOST_SERVERS = 10
LONGEST_TOOL_NAME = 64


@dataclass(frozen=True)
class McpServers:
    """The commands on MCP servers."""

    units: Opening[ToolUnit]
    catalog: Catalog
    outside: Outside
    schemas: Schemas
    seals: Seals
    new_id: Identifiers
    clock: Clock

    @retried_once
    async def create(
        self, actor: Actor, name: str, url: str, secrets: Secrets, *, key: IdempotencyKey | None = None
    ) -> Issued:
        """Name a server. It is not asked yet; the key that calls are signed with is given here, this once."""
        actor.require(Permission.MANAGE_ASSISTANT)
        require_header(secrets.header, secrets.secret)
        if (secrets.header is None) != (secrets.secret is None):
            raise InvalidInputError(FieldProblem("input.secret", "goes with the name of its header."))
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return Issued(unit.earlier, None)
            await allowed_now(unit, actor, Permission.MANAGE_ASSISTANT)
            others = await unit.mcp_servers.all()
            if len(others) >= MOST_SERVERS:
                raise InvalidStateError(f"There are {MOST_SERVERS} servers already. Delete one first.")
            if any(each.name == name for each in others):
                raise InvalidStateError(f"There is a server with the name “{name[:50]}” already.")
            server = McpServer(self.new_id(), actor.tenant)
            signing = self.seals.new_signing(server.id)
            server.secret_header, server.signing = secrets.header, signing.kept
            server.secret = None if secrets.secret is None else self.seals.seal_secret(server.id, secrets.secret)
            server.create(name, url)
            unit.mcp_servers.add(server)
            return Issued(await unit.commit(Receipt(server.id)), signing.shown)

    async def refresh(self, actor: Actor, server_id: UUID, *, key: IdempotencyKey | None = None) -> Receipt:
        """Ask a server what it has; `InvalidStateError` where it does not say.

        What is new, and what it now describes otherwise than it was switched on, is off, acting and for staff to look
        at: a description is text that a model obeys.
        """
        actor.require(Permission.MANAGE_ASSISTANT)
        server = await self.catalog.server(actor.tenant, server_id)
        if server is None:
            raise NotFoundError("MCP server")
        try:
            described = await self.outside.described(server)
        except ServerUnavailableError as error:
            raise InvalidStateError(str(error)) from None
        return await self._take(actor, server_id, self._sound(described), key)

    async def delete(
        self, actor: Actor, server_id: UUID, *, reason: str | None = None, key: IdempotencyKey | None = None
    ) -> Receipt:
        """Forget a server, and its tools with it."""
        actor.require(Permission.MANAGE_ASSISTANT)
        reason = checked_reason(reason)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            await allowed_now(unit, actor, Permission.MANAGE_ASSISTANT)
            server = await unit.mcp_servers.get(server_id)
            server.delete(reason=reason)
            return await unit.commit(Receipt(server.id))

    @retried_once
    async def _take(
        self, actor: Actor, server_id: UUID, described: Sequence[Described], key: IdempotencyKey | None
    ) -> Receipt:
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            await allowed_now(unit, actor, Permission.MANAGE_ASSISTANT)
            server = await unit.mcp_servers.get(server_id)
            every = await unit.tools.all()
            known = {each.remote_name: each for each in every if each.server_id == server.id}
            came = [each for each in described if each.name not in known]
            changed = [each for each in described if each.name in known and _is_other(known[each.name], each)]
            went = [tool for name, tool in known.items() if name not in {each.name for each in described}]
            if len(every) + len(came) - len(went) > MOST_TOOLS:
                raise InvalidStateError(f"With these there would be more than {MOST_TOOLS} tools.")
            self._add(unit, server, came, {each.name for each in every})
            for each in changed:
                known[each.name].describe(each.title, each.description, each.parameters)
            for tool in went:
                tool.delete(reason=None)
            names = [tool.name for tool in went]
            server.refresh([each.name for each in came], [each.name for each in changed], names, at=self.clock())
            return await unit.commit(Receipt(server.id))

    def _add(self, unit: ToolUnit, server: McpServer, came: Sequence[Described], taken: set[str]) -> None:
        for each in came:
            name = _name(server.name, each.name, taken)
            taken.add(name)
            tool = Tool(self.new_id(), server.organization_id, server_id=server.id, remote_name=each.name)
            tool.create(Definition(name, each.title, each.description, each.parameters, enabled=False))
            unit.tools.add(tool)

    def _sound(self, described: Sequence[Described]) -> list[Described]:
        """The tools whose parameters can be offered to a model; the others are left out."""
        found: dict[str, Described] = {}
        for each in described:
            try:
                parameters: Mapping[str, Any] = self.schemas.sound({"type": "object", **each.parameters}, "parameters")
            except InvalidInputError:
                continue
            found.setdefault(each.name, replace(each, parameters=parameters))
        return list(found.values())


def _is_other(tool: Tool, described: Described) -> bool:
    now = (described.description, dict(described.parameters))
    return (tool.description, dict(tool.parameters)) != now


def _name(server: str, remote: str, taken: set[str]) -> str:
    """What models call a server's tool: the server's name and its own, as far as that can be a name."""
    plain = re.sub(r"[^A-Za-z0-9_]", "_", f"{server}_{remote}")[:LONGEST_TOOL_NAME]
    name, number = plain, 2
    while name in taken:
        name, number = f"{plain[: LONGEST_TOOL_NAME - 4]}_{number}", number + 1
    return name
