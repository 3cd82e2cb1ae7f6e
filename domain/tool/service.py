"""What staff do about the assistant's tools: define them, change them, try them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol
from uuid import UUID

from domain.access.api_key import Issued
from domain.account.permission import Permission
from domain.account.role import allowed_now, checked_reason
from domain.account.stored import Opening, Stored
from domain.base import Actor, Clock, FieldProblem, Identifiers, InvalidInputError, InvalidStateError, NotFoundError
from domain.ports import IdempotencyKey, Receipt
from domain.retry import retried_once
from domain.tool.call import Call, CallUnit, redacted
from domain.tool.calling import Caller
from domain.tool.events import ToolKind
from domain.tool.mcp import McpServer
from domain.tool.ports import BadArgumentsError, Behalf, Catalog, Offer, Schemas, Seals
from domain.tool.tool import Definition, Tool, require_header

MOST_TOOLS = 100
"""Of one organization; a model is told of all that are switched on."""
SIGNING = "signing key"
HEADER_SECRET = "secret"  # noqa: S105  a word for the audit log


class ToolRepository(Stored[Tool], Protocol):
    """Tools of the actor's organization, to change."""

    async def all(self) -> Sequence[Tool]:
        """Every one, locked."""
        ...


class McpServerRepository(Stored[McpServer], Protocol):
    """MCP servers of the actor's organization, to change."""

    async def all(self) -> Sequence[McpServer]:
        """Every one, locked."""
        ...


class ToolUnit(CallUnit, Protocol):
    """A unit of work that holds tools, their servers and their calls."""

    @property
    def tools(self) -> ToolRepository:
        """Tools, to change."""
        ...

    @property
    def mcp_servers(self) -> McpServerRepository:
        """MCP servers, to change."""
        ...


@dataclass(frozen=True, slots=True)
class Secrets:
    """What is to be another in a tool's secrets: None leaves a part as it is."""

    header: str | None = None
    secret: str | None = None
    renew_signing: bool = False


@dataclass(frozen=True, slots=True)
class Trial:
    """What a call would send, and what came of it; the id of the call is None where it was not made."""

    sends: str
    call_id: UUID | None


@dataclass(frozen=True)
class Toolbox:
    """The commands on tools."""

    units: Opening[ToolUnit]
    catalog: Catalog
    caller: Caller
    schemas: Schemas
    seals: Seals
    new_id: Identifiers
    clock: Clock

    @retried_once
    async def create(
        self, actor: Actor, definition: Definition, secrets: Secrets, *, key: IdempotencyKey | None = None
    ) -> Issued:
        """Define an HTTP tool. The key that its calls are signed with is given here, this once."""
        actor.require(Permission.MANAGE_ASSISTANT)
        definition = self._sound(definition)
        if definition.url is None or definition.method is None:
            raise InvalidInputError(FieldProblem("input.url", "is where the tool is called."))
        require_header(secrets.header, secrets.secret)
        if (secrets.header is None) != (secrets.secret is None):
            raise InvalidInputError(FieldProblem("input.secret", "goes with the name of its header."))
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return Issued(unit.earlier, None)
            await allowed_now(unit, actor, Permission.MANAGE_ASSISTANT)
            tool = Tool(self.new_id(), actor.tenant)
            await _require_room(unit, tool.id, definition.name)
            shown = self._seal(tool, replace(secrets, renew_signing=True))
            tool.create(definition)
            unit.tools.add(tool)
            return Issued(await unit.commit(Receipt(tool.id)), shown)

    @retried_once
    async def change(
        self,
        actor: Actor,
        tool_id: UUID,
        given: Mapping[str, Any],
        secrets: Secrets,
        *,
        reason: str | None = None,
        key: IdempotencyKey | None = None,
    ) -> Issued:
        """Define a tool otherwise: `given` holds the parts of its definition that are to be others."""
        actor.require(Permission.MANAGE_ASSISTANT)
        reason = checked_reason(reason)
        require_header(secrets.header, secrets.secret)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return Issued(unit.earlier, None)
            await allowed_now(unit, actor, Permission.MANAGE_ASSISTANT)
            tool = await unit.tools.get(tool_id)
            if tool.server_id is not None and secrets != Secrets():
                raise InvalidStateError("The secrets of this tool are its MCP server's.")
            definition = self._sound(replace(tool.definition, **given))
            if definition.url != tool.url and tool.secret is not None and secrets.secret is None:
                raise InvalidInputError(FieldProblem("input.secret", "must be given again for another address."))
            await _require_room(unit, tool.id, definition.name)
            shown = self._seal(tool, secrets)
            renewed = ((HEADER_SECRET,) if secrets.secret else ()) + ((SIGNING,) if shown else ())
            tool.change(definition, renewed=renewed, reason=reason)
            return Issued(await unit.commit(Receipt(tool.id)), shown)

    async def delete(
        self, actor: Actor, tool_id: UUID, *, reason: str | None = None, key: IdempotencyKey | None = None
    ) -> Receipt:
        """Take a tool away. One of an MCP server is switched off instead, since the server would bring it back."""
        actor.require(Permission.MANAGE_ASSISTANT)
        reason = checked_reason(reason)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            await allowed_now(unit, actor, Permission.MANAGE_ASSISTANT)
            tool = await unit.tools.get(tool_id)
            if tool.server_id is not None:
                raise InvalidStateError("This tool is an MCP server's: switch it off, or delete the server.")
            tool.delete(reason=reason)
            return await unit.commit(Receipt(tool.id))

    async def test(self, actor: Actor, tool_id: UUID, arguments: str) -> Trial:
        """Try a tool: one that reads is called, for no customer; of one that acts, only what it would send is shown."""
        actor.require(Permission.MANAGE_ASSISTANT)
        offer = await self.catalog.one(actor.tenant, tool_id)
        if offer is None:
            raise NotFoundError("tool")
        try:
            given = self.schemas.arguments(offer.tool.parameters, arguments)
        except BadArgumentsError as error:
            raise InvalidInputError(FieldProblem("input.arguments", str(error))) from None
        sends = self.caller.outside.preview(offer, given)
        if offer.tool.kind is ToolKind.ACTING:
            return Trial(sends, None)
        return Trial(sends, await self._tried(actor, offer, given))

    async def _tried(self, actor: Actor, offer: Offer, given: Mapping[str, Any]) -> UUID:
        tool, agent_id = offer.tool, actor.id if actor.is_staff else None
        call = Call(self.new_id(), actor.tenant, tool_id=tool.id, tool=tool.name, title=tool.title, agent_id=agent_id)
        call.input = redacted(dict(given), tool.redacted_input)
        reply, took_ms = await self.caller.call(offer, given, Behalf(actor.tenant, call.id, agent_id=agent_id))
        call.finish(reply, took_ms=took_ms)
        async with self.units(actor) as unit:
            unit.calls.add(call)
            await unit.commit(Receipt(call.id))
        return call.id

    def _sound(self, definition: Definition) -> Definition:
        """The definition, if everything in it can be."""
        sound = self.schemas.sound(definition.parameters, "input.parameters")
        return replace(definition, parameters=sound).checked()

    def _seal(self, tool: Tool, secrets: Secrets) -> str | None:
        """Put secrets into a tool; the new signing key as the other end must have it, if one is made."""
        if secrets.secret is not None:
            tool.secret = self.seals.seal_secret(tool.id, secrets.secret)
        tool.secret_header = secrets.header or tool.secret_header
        if not secrets.renew_signing:
            return None
        signing = self.seals.new_signing(tool.id)
        tool.signing = signing.kept
        return signing.shown


async def _require_room(unit: ToolUnit, tool_id: UUID, name: str) -> None:
    others = [each for each in await unit.tools.all() if each.id != tool_id]
    if len(others) >= MOST_TOOLS:
        raise InvalidStateError(f"There are {MOST_TOOLS} tools already. Delete one first.")
    if any(each.name == name for each in others):
        raise InvalidStateError(f"There is a tool with the name “{name}” already.")
