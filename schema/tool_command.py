"""What goes into and comes out of the mutations on tools, their servers, actions and codes."""

from typing import Annotated

import strawberry
from strawberry.scalars import JSON

from domain.tool.events import ToolKind
from domain.tool.tool import Method
from schema.access_command import reason_field
from schema.action import Action
from schema.command import idempotency_key_field
from schema.conversation import Conversation
from schema.errors import CommonError
from schema.tool import McpServer, Tool, ToolCall

SEALED = "The value of that header. It is sealed, and shown to nobody again."
SIGNING = (
    "What its calls are signed with (HS256), for the other end to check them by. It is shown here, this once; a "
    "request that is repeated with its idempotency key gets null."
)


@strawberry.input(description="A new HTTP tool.")
class CreateToolInput:
    """Input of `createTool`."""

    name: str = strawberry.field(description="What models call it: 1 to 64 letters, digits, underscores.")
    title: str = strawberry.field(description="What people call it, at most 100 characters.")
    description: str = strawberry.field(description="What models are told of it, at most 2,000 characters.")
    parameters: JSON = strawberry.field(description="A JSON schema (2020-12) of an object: its arguments.")
    url: str = strawberry.field(description="Where it is called; `{name}` in its path stands for a required argument.")
    method: Method = strawberry.field(
        default=Method.POST, description="`GET` and `DELETE` send the arguments in the query, the others as JSON."
    )
    kind: ToolKind = strawberry.field(default=ToolKind.ACTING, description="Whether it only reads.")
    needs_verified_customer: bool = strawberry.field(
        default=False, description="Whether the customer first enters a code that is mailed to them."
    )
    needs_approval: bool = strawberry.field(default=False, description="Whether an agent agrees first.")
    redacted_input: list[str] = strawberry.field(
        default_factory=list, description="Paths such as `card.number` to leave out of records of its arguments."
    )
    redacted_output: list[str] = strawberry.field(
        default_factory=list, description="Paths to leave out of its answers, for models too."
    )
    time_limit: int = strawberry.field(default=10, description="Seconds after which a call is given up, 1 to 30.")
    enabled: bool = strawberry.field(default=True, description="Whether the assistant has it.")
    secret_header: str | None = strawberry.field(
        default=None, description="A header that proves Parley to the tool, such as `Authorization`."
    )
    secret: str | None = strawberry.field(default=None, description=SEALED)
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="What is to be another in a tool; null leaves a part as it is.")
class ChangeToolInput:
    """Input of `changeTool`."""

    tool_id: strawberry.ID = strawberry.field(description="Which.")
    name: str | None = strawberry.field(default=None, description="What models call it.")
    title: str | None = strawberry.field(default=None, description="What people call it.")
    description: str | None = strawberry.field(default=None, description="What models are told of it.")
    parameters: JSON | None = strawberry.field(default=None, description="A JSON schema of its arguments.")
    url: str | None = strawberry.field(default=None, description="Where it is called; then give its secret again.")
    method: Method | None = strawberry.field(default=None, description="How it is called.")
    kind: ToolKind | None = strawberry.field(default=None, description="Whether it only reads.")
    needs_verified_customer: bool | None = strawberry.field(default=None, description="Whether a code is asked for.")
    needs_approval: bool | None = strawberry.field(default=None, description="Whether an agent agrees first.")
    redacted_input: list[str] | None = strawberry.field(default=None, description="Left out of its arguments.")
    redacted_output: list[str] | None = strawberry.field(default=None, description="Left out of its answers.")
    time_limit: int | None = strawberry.field(default=None, description="Seconds after which a call is given up.")
    enabled: bool | None = strawberry.field(default=None, description="Whether the assistant has it.")
    secret_header: str | None = strawberry.field(default=None, description="The header that carries its secret.")
    secret: str | None = strawberry.field(default=None, description=SEALED)
    renew_signing_key: bool = strawberry.field(default=False, description="Make another key to sign its calls with.")
    reason: str | None = reason_field()
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="The tool to take away.")
class DeleteToolInput:
    """Input of `deleteTool`."""

    tool_id: strawberry.ID = strawberry.field(description="Which; one of an MCP server is switched off instead.")
    reason: str | None = reason_field()
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="The tool to try.")
class TestToolInput:
    """Input of `testTool`."""

    tool_id: strawberry.ID = strawberry.field(description="Which.")
    arguments: JSON = strawberry.field(description="As a model would give them.")
    idempotency_key: str | None = strawberry.field(
        default=None, description="Not kept: a tool that reads is called again with each request."
    )


@strawberry.input(description="A server of tools.")
class CreateMcpServerInput:
    """Input of `createMcpServer`."""

    name: str = strawberry.field(description="What stands before its tools' names: at most 24 letters and digits.")
    url: str = strawberry.field(description="Its address, which speaks streamable HTTP.")
    secret_header: str | None = strawberry.field(default=None, description="A header that proves Parley to it.")
    secret: str | None = strawberry.field(default=None, description=SEALED)
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="The MCP server to ask what it has.")
class RefreshMcpServerInput:
    """Input of `refreshMcpServer`."""

    mcp_server_id: strawberry.ID = strawberry.field(description="Which.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="The MCP server to forget.")
class DeleteMcpServerInput:
    """Input of `deleteMcpServer`."""

    mcp_server_id: strawberry.ID = strawberry.field(description="Which.")
    reason: str | None = reason_field()
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="The action to allow.")
class ApproveActionInput:
    """Input of `approveAction`."""

    action_id: strawberry.ID = strawberry.field(description="Which.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="The action not to allow.")
class RejectActionInput:
    """Input of `rejectAction`."""

    action_id: strawberry.ID = strawberry.field(description="Which.")
    reason: str | None = strawberry.field(default=None, description="Why, for colleagues; at most 500 characters.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="The code that was mailed to the customer.")
class VerifyMyselfInput:
    """Input of `verifyMyself`."""

    conversation_id: strawberry.ID = strawberry.field(description="Where the assistant asked for it.")
    code: str = strawberry.field(description="Six digits.")
    idempotency_key: str | None = strawberry.field(
        default=None, description="Not kept: a wrong code counts each time, and the right one may be sent again."
    )


@strawberry.type(description="The assistant has another tool.")
class CreateToolSuccess:
    """Success of `createTool`."""

    tool: Tool = strawberry.field(description="The tool.")
    signing_key: str | None = strawberry.field(description=SIGNING)


@strawberry.type(description="The tool is as you wish.")
class ChangeToolSuccess:
    """Success of `changeTool`."""

    tool: Tool = strawberry.field(description="The tool as it is now.")
    signing_key: str | None = strawberry.field(description="The new key, if another was asked for, this once.")


@strawberry.type(description="The tool is gone; its calls stay on record.")
class DeleteToolSuccess:
    """Success of `deleteTool`."""

    deleted_id: strawberry.ID = strawberry.field(description="The id that the tool had.")


@strawberry.type(description="What the tool would be sent, and what came of it.")
class TestToolSuccess:
    """Success of `testTool`."""

    sends: str = strawberry.field(description="Method, address and body of the call, without its headers.")
    call: ToolCall | None = strawberry.field(description="The call; null for a tool that acts, which is not called.")


@strawberry.type(description="The server is set up. Refresh it to see its tools.")
class CreateMcpServerSuccess:
    """Success of `createMcpServer`."""

    mcp_server: McpServer = strawberry.field(description="The server.")
    signing_key: str | None = strawberry.field(description=SIGNING)


@strawberry.type(description="The server's tools are known. New and changed ones are switched off.")
class RefreshMcpServerSuccess:
    """Success of `refreshMcpServer`."""

    mcp_server: McpServer = strawberry.field(description="The server as it is now.")


@strawberry.type(description="The server is forgotten, with its tools.")
class DeleteMcpServerSuccess:
    """Success of `deleteMcpServer`."""

    deleted_id: strawberry.ID = strawberry.field(description="The id that the server had.")


@strawberry.type(description="The action is about to be done; the customer will be told what came of it.")
class ApproveActionSuccess:
    """Success of `approveAction`."""

    action: Action = strawberry.field(description="The action as it is now.")


@strawberry.type(description="The action will not be done; the customer will be told.")
class RejectActionSuccess:
    """Success of `rejectAction`."""

    action: Action = strawberry.field(description="The action as it is now.")


@strawberry.type(description="You have shown who you are, in this conversation and for half an hour.")
class VerifyMyselfSuccess:
    """Success of `verifyMyself`."""

    conversation: Conversation = strawberry.field(description="The conversation: tell the assistant to go on.")


CreateToolPayload = Annotated[
    CreateToolSuccess | CommonError, strawberry.union("CreateToolPayload", description="What came of `createTool`.")
]
ChangeToolPayload = Annotated[
    ChangeToolSuccess | CommonError, strawberry.union("ChangeToolPayload", description="What came of `changeTool`.")
]
DeleteToolPayload = Annotated[
    DeleteToolSuccess | CommonError, strawberry.union("DeleteToolPayload", description="What came of `deleteTool`.")
]
TestToolPayload = Annotated[
    TestToolSuccess | CommonError, strawberry.union("TestToolPayload", description="What came of `testTool`.")
]
CreateMcpServerPayload = Annotated[
    CreateMcpServerSuccess | CommonError,
    strawberry.union("CreateMcpServerPayload", description="What came of `createMcpServer`."),
]
RefreshMcpServerPayload = Annotated[
    RefreshMcpServerSuccess | CommonError,
    strawberry.union("RefreshMcpServerPayload", description="What came of `refreshMcpServer`."),
]
DeleteMcpServerPayload = Annotated[
    DeleteMcpServerSuccess | CommonError,
    strawberry.union("DeleteMcpServerPayload", description="What came of `deleteMcpServer`."),
]
ApproveActionPayload = Annotated[
    ApproveActionSuccess | CommonError,
    strawberry.union("ApproveActionPayload", description="What came of `approveAction`."),
]
RejectActionPayload = Annotated[
    RejectActionSuccess | CommonError,
    strawberry.union("RejectActionPayload", description="What came of `rejectAction`."),
]
VerifyMyselfPayload = Annotated[
    VerifyMyselfSuccess | CommonError,
    strawberry.union("VerifyMyselfPayload", description="What came of `verifyMyself`."),
]
