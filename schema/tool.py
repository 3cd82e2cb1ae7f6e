"""What the assistant may do, and what it did, as staff see it."""

from datetime import datetime
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from domain.account.permission import Permission
from domain.tool import events
from domain.tool import mcp as domain_mcp
from domain.tool import tool as domain
from domain.tool.call import CallView
from schema.account import Agent
from schema.base import Node, edge
from schema.needs import needing

strawberry.enum(events.ToolKind, description="Whether a tool only looks something up, or changes something.")
strawberry.enum(domain.Method, name="ToolMethod", description="How an HTTP tool is called.")
ToolCallState = strawberry.enum(
    events.CallState,
    name="ToolCallState",
    description="How far a call is. `UNKNOWN` is for good: it was begun, and nobody can say whether it was done.",
)


@needing(Permission.READ_ASSISTANT)
@strawberry.type(description="Where tools come from that somebody else describes, by the Model Context Protocol.")
class McpServer(Node):
    """A server, without its secrets."""

    name: str = strawberry.field(description="What stands before the names of its tools.")
    url: str = strawberry.field(description="Its address, which speaks streamable HTTP.")
    secret_header: str | None = strawberry.field(description="The header that carries its secret, if there is one.")
    refreshed_at: datetime | None = strawberry.field(description="When it was last asked what it has; null for never.")
    created_at: datetime = strawberry.field(description="When it was set up.")

    @classmethod
    def of(cls, view: domain_mcp.McpServerView) -> "McpServer":
        """Built from its view."""
        return cls(
            key=view.id,
            name=view.name,
            url=view.url,
            secret_header=view.secret_header,
            refreshed_at=view.refreshed_at,
            created_at=view.created_at,
        )


@needing(Permission.READ_ASSISTANT)
@strawberry.type(description="Something that the assistant may look up or do.")
class Tool(Node):
    """A tool, without its secrets."""

    server_id: strawberry.Private[UUID | None]
    name: str = strawberry.field(description="What models call it; unique within the company.")
    title: str = strawberry.field(description="What people call it; customers read it where an agent is asked.")
    description: str = strawberry.field(description="What models are told of it.")
    parameters: JSON = strawberry.field(description="A JSON schema of its arguments, with all references written out.")
    url: str | None = strawberry.field(description="Where it is called; null for one of an MCP server.")
    method: domain.Method | None = strawberry.field(description="How it is called; null for one of an MCP server.")
    kind: events.ToolKind = strawberry.field(description="Whether it only reads.")
    needs_verified_customer: bool = strawberry.field(
        description="Whether the customer first enters a code that is mailed to them."
    )
    needs_approval: bool = strawberry.field(description="Whether an agent agrees first.")
    redacted_input: list[str] = strawberry.field(description="What is left out of records of its arguments.")
    redacted_output: list[str] = strawberry.field(description="What is left out of its answers, for everybody.")
    time_limit: int = strawberry.field(description="Seconds after which a call is given up.")
    enabled: bool = strawberry.field(description="Whether the assistant has it.")
    secret_header: str | None = strawberry.field(description="The header that carries its secret, if there is one.")
    created_at: datetime = strawberry.field(description="When it was defined.")
    mcp_server: McpServer | None = edge(
        "mcp_servers", "server_id", of=McpServer.of, description="The MCP server that it is on, if it is on one."
    )

    @classmethod
    def of(cls, view: domain.ToolView) -> "Tool":
        """Built from its view."""
        said = view.definition
        return cls(
            key=view.id,
            server_id=view.server_id,
            name=said.name,
            title=said.title,
            description=said.description,
            parameters=JSON(dict(said.parameters)),
            url=said.url,
            method=said.method,
            kind=said.kind,
            needs_verified_customer=said.needs_verified_customer,
            needs_approval=said.needs_approval,
            redacted_input=list(said.redacted_input),
            redacted_output=list(said.redacted_output),
            time_limit=said.time_limit,
            enabled=said.enabled,
            secret_header=view.secret_header,
            created_at=view.created_at,
        )


@needing(Permission.READ_ASSISTANT)
@strawberry.type(description="One call of a tool, with what went in and came out; redacted as the tool says.")
class ToolCall(Node):
    """A call on record."""

    tool_id: strawberry.Private[UUID | None]
    agent_id: strawberry.Private[UUID | None]
    name: str = strawberry.field(description="The tool's name when it was called.")
    state: events.CallState = strawberry.field(description="How far it is.")
    input: JSON = strawberry.field(description="The arguments.")
    output: str = strawberry.field(description="What came back, JSON or text; or why nothing did.")
    attempts: int = strawberry.field(description="How often it was begun, always under the same idempotency key.")
    took_ms: int = strawberry.field(description="Milliseconds that the last attempt took.")
    created_at: datetime = strawberry.field(description="When it was wished for.")
    tool: Tool | None = edge("tools", "tool_id", of=Tool.of, description="The tool, while it is there.")
    tried_by: Agent | None = edge("agents", "agent_id", of=Agent.of, description="The agent who tried it, if one did.")

    @classmethod
    def of(cls, view: CallView) -> "ToolCall":
        """Built from its view."""
        return cls(
            key=view.id,
            tool_id=view.tool_id,
            agent_id=view.agent_id,
            name=view.tool,
            state=view.state,
            input=JSON(dict(view.input)),
            output=view.output,
            attempts=view.attempts,
            took_ms=view.took_ms,
            created_at=view.created_at,
        )
