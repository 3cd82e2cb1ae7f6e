"""The root fields about the assistant's tools: what there is, what it did, and what is decided."""

from typing import Annotated, Any

import orjson
import strawberry

from domain.account.permission import Permission
from domain.account.role import checked_reason
from domain.tool.commands import ToolCommands
from domain.tool.service import Secrets
from domain.tool.tool import Definition
from resolvers.context import RequestContext, mutation, shown
from resolvers.idempotency import key_of
from schema import tool_command as c
from schema.action import Action
from schema.base import After, Connection, First, connection, field, page_request, parse_key
from schema.conversation import Conversation
from schema.tool import McpServer, Tool, ToolCall

Info = strawberry.Info[RequestContext, None]
Waiting = Annotated[
    bool | None, strawberry.argument(description="Only those that wait for an agent, or only those that do not.")
]
SECRET = ("secret",)


def _commands(info: Info) -> ToolCommands:
    return info.context.services.assistants.tools


def _said(input: Any) -> dict[str, Any]:
    """What an input says of a tool, without the parts that it leaves as they are."""
    given = {name: getattr(input, name) for name in Definition.__slots__}
    lists = {name: tuple(given[name]) for name in ("redacted_input", "redacted_output") if given[name] is not None}
    return {name: value for name, value in (given | lists).items() if value is not None}


@strawberry.type
class ToolQuery:
    """Questions about tools."""

    @field("The assistant's tools, by name.", needs=Permission.READ_ASSISTANT)
    async def tools(self, info: Info, first: First = None, after: After = None) -> Connection[Tool]:
        return connection(await info.context.reads.tool_page(page_request(first, after)), Tool.of)

    @field("The MCP servers that tools come from, by name, at most 10.", needs=Permission.READ_ASSISTANT)
    async def mcp_servers(self, info: Info) -> list[McpServer]:
        return [McpServer.of(view) for view in await info.context.reads.all_mcp_servers()]

    @field("What the assistant asked to be allowed, the oldest first.", needs=Permission.APPROVE_ACTIONS)
    async def actions(
        self, info: Info, waiting: Waiting = None, first: First = None, after: After = None
    ) -> Connection[Action]:
        page = await info.context.reads.action_page(page_request(first, after), waiting=waiting)
        return connection(page, Action.of)


@strawberry.type
class ToolMutation:
    """What can be done about tools."""

    @mutation("Give the assistant an HTTP tool.", needs=Permission.MANAGE_ASSISTANT)
    async def create_tool(self, info: Info, input: c.CreateToolInput) -> c.CreateToolPayload | None:
        secrets = Secrets(input.secret_header, input.secret)
        issued = await _commands(info).box.create(
            info.context.actor, Definition(**_said(input)), secrets, key=key_of(input, but=SECRET)
        )
        made = await shown(info, "tools", issued.receipt.id, Tool.of)
        return c.CreateToolSuccess(tool=made, signing_key=issued.secret)

    @mutation("Change a tool, or switch it on or off.", needs=Permission.MANAGE_ASSISTANT)
    async def change_tool(self, info: Info, input: c.ChangeToolInput) -> c.ChangeToolPayload | None:
        tool_id = parse_key(input.tool_id, "Tool", "input.toolId")
        issued = await _commands(info).box.change(
            info.context.actor,
            tool_id,
            _said(input),
            Secrets(input.secret_header, input.secret, input.renew_signing_key),
            reason=checked_reason(input.reason),
            key=key_of(input, but=SECRET),
        )
        changed = await shown(info, "tools", tool_id, Tool.of)
        return c.ChangeToolSuccess(tool=changed, signing_key=issued.secret)

    @mutation(
        "Try a tool as yourself, for no customer: one that reads is called, one that acts is not.",
        needs=Permission.MANAGE_ASSISTANT,
    )
    async def test_tool(self, info: Info, input: c.TestToolInput) -> c.TestToolPayload | None:
        tool_id = parse_key(input.tool_id, "Tool", "input.toolId")
        written = orjson.dumps(input.arguments).decode()
        trial = await _commands(info).box.test(info.context.actor, tool_id, written)
        call = None if trial.call_id is None else await shown(info, "tool_calls", trial.call_id, ToolCall.of)
        return c.TestToolSuccess(sends=trial.sends, call=call)

    @mutation("Take a tool from the assistant.", needs=Permission.MANAGE_ASSISTANT)
    async def delete_tool(self, info: Info, input: c.DeleteToolInput) -> c.DeleteToolPayload | None:
        tool_id, reason = parse_key(input.tool_id, "Tool", "input.toolId"), checked_reason(input.reason)
        await _commands(info).box.delete(info.context.actor, tool_id, reason=reason, key=key_of(input))
        return c.DeleteToolSuccess(deleted_id=input.tool_id)

    @mutation("Set up an MCP server. It is asked nothing yet.", needs=Permission.MANAGE_ASSISTANT)
    async def create_mcp_server(self, info: Info, input: c.CreateMcpServerInput) -> c.CreateMcpServerPayload | None:
        issued = await _commands(info).servers.create(
            info.context.actor,
            input.name,
            input.url,
            Secrets(input.secret_header, input.secret),
            key=key_of(input, but=SECRET),
        )
        made = await shown(info, "mcp_servers", issued.receipt.id, McpServer.of)
        return c.CreateMcpServerSuccess(mcp_server=made, signing_key=issued.secret)

    @mutation("Ask an MCP server which tools it has.", needs=Permission.MANAGE_ASSISTANT)
    async def refresh_mcp_server(self, info: Info, input: c.RefreshMcpServerInput) -> c.RefreshMcpServerPayload | None:
        server_id = parse_key(input.mcp_server_id, "McpServer", "input.mcpServerId")
        await _commands(info).servers.refresh(info.context.actor, server_id, key=key_of(input))
        return c.RefreshMcpServerSuccess(mcp_server=await shown(info, "mcp_servers", server_id, McpServer.of))

    @mutation("Forget an MCP server, and its tools.", needs=Permission.MANAGE_ASSISTANT)
    async def delete_mcp_server(self, info: Info, input: c.DeleteMcpServerInput) -> c.DeleteMcpServerPayload | None:
        server_id = parse_key(input.mcp_server_id, "McpServer", "input.mcpServerId")
        reason = checked_reason(input.reason)
        await _commands(info).servers.delete(info.context.actor, server_id, reason=reason, key=key_of(input))
        return c.DeleteMcpServerSuccess(deleted_id=input.mcp_server_id)

    @mutation("Let the assistant do what it proposed.", needs=Permission.APPROVE_ACTIONS)
    async def approve_action(self, info: Info, input: c.ApproveActionInput) -> c.ApproveActionPayload | None:
        action_id = parse_key(input.action_id, "Action", "input.actionId")
        await _commands(info).actions.approve(info.context.actor, action_id, key=key_of(input))
        return c.ApproveActionSuccess(action=await shown(info, "actions", action_id, Action.of))

    @mutation("Do not let the assistant do what it proposed.", needs=Permission.APPROVE_ACTIONS)
    async def reject_action(self, info: Info, input: c.RejectActionInput) -> c.RejectActionPayload | None:
        action_id, reason = parse_key(input.action_id, "Action", "input.actionId"), checked_reason(input.reason)
        await _commands(info).actions.reject(info.context.actor, action_id, reason, key=key_of(input))
        return c.RejectActionSuccess(action=await shown(info, "actions", action_id, Action.of))

    @mutation("Enter the code that the assistant had mailed to you.", needs=Permission.REPLY_TO_CONVERSATIONS)
    async def verify_myself(self, info: Info, input: c.VerifyMyselfInput) -> c.VerifyMyselfPayload | None:
        key = parse_key(input.conversation_id, "Conversation", "input.conversationId")
        await _commands(info).proofs.enter(info.context.actor, key, input.code)
        return c.VerifyMyselfSuccess(conversation=await shown(info, "conversations", key, Conversation.of))
