"""What goes into and comes out of the mutations on roles and agents."""

from typing import Annotated, Any

import strawberry

from schema.account import Agent, Role
from schema.command import idempotency_key_field
from schema.errors import CommonError
from schema.permission import GrantInput


def reason_field() -> Any:
    """Why, for the audit log: what sensitive mutations take."""
    return strawberry.field(default=None, description="Why, at most 500 characters: it stands in the audit log.")


@strawberry.input(description="A new role.")
class CreateRoleInput:
    """Input of `createRole`."""

    name: str = strawberry.field(description="Unique within the company, 1 to 100 characters.")
    grants: list[GrantInput] = strawberry.field(description="What it allows, each permission at most once.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="Another name or other grants for a role; what is left out stays as it is.")
class ChangeRoleInput:
    """Input of `changeRole`."""

    role_id: strawberry.ID = strawberry.field(description="Which.")
    name: str | None = strawberry.field(default=None, description="Unique within the company, 1 to 100 characters.")
    grants: list[GrantInput] | None = strawberry.field(default=None, description="All that it is to allow.")
    reason: str | None = reason_field()
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="The role to remove; nobody may have it.")
class DeleteRoleInput:
    """Input of `deleteRole`."""

    role_id: strawberry.ID = strawberry.field(description="Which.")
    reason: str | None = reason_field()
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="How you want to be called.")
class ChangeAgentInput:
    """Input of `changeAgent`."""

    name: str = strawberry.field(description="What customers read, 1 to 100 characters.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="Another role for an agent.")
class AssignRoleInput:
    """Input of `assignRole`."""

    agent_id: strawberry.ID = strawberry.field(description="Whose.")
    role_id: strawberry.ID = strawberry.field(description="Which.")
    reason: str | None = reason_field()
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="The agent who is to get in no more.")
class SuspendAgentInput:
    """Input of `suspendAgent`."""

    agent_id: strawberry.ID = strawberry.field(description="Who.")
    reason: str | None = reason_field()
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="The agent who is to get in again.")
class ReinstateAgentInput:
    """Input of `reinstateAgent`."""

    agent_id: strawberry.ID = strawberry.field(description="Who.")
    reason: str | None = reason_field()
    idempotency_key: str | None = idempotency_key_field()


@strawberry.type(description="The role is there; nobody has it yet.")
class CreateRoleSuccess:
    """Success of `createRole`."""

    role: Role = strawberry.field(description="The new role.")


@strawberry.type(description="The role is changed, for all who have it.")
class ChangeRoleSuccess:
    """Success of `changeRole`."""

    role: Role = strawberry.field(description="The role as it is now.")


@strawberry.type(description="The role is gone.")
class DeleteRoleSuccess:
    """Success of `deleteRole`."""

    deleted_id: strawberry.ID = strawberry.field(description="The id that it had.")


@strawberry.type(description="You are called otherwise.")
class ChangeAgentSuccess:
    """Success of `changeAgent`."""

    agent: Agent = strawberry.field(description="You as you are now.")


@strawberry.type(description="The agent has the role.")
class AssignRoleSuccess:
    """Success of `assignRole`."""

    agent: Agent = strawberry.field(description="The agent as they are now.")


@strawberry.type(description="The agent does not get in any more.")
class SuspendAgentSuccess:
    """Success of `suspendAgent`."""

    agent: Agent = strawberry.field(description="The agent as they are now.")


@strawberry.type(description="The agent gets in again, by signing in anew.")
class ReinstateAgentSuccess:
    """Success of `reinstateAgent`."""

    agent: Agent = strawberry.field(description="The agent as they are now.")


CreateRolePayload = Annotated[
    CreateRoleSuccess | CommonError, strawberry.union("CreateRolePayload", description="What came of `createRole`.")
]
ChangeRolePayload = Annotated[
    ChangeRoleSuccess | CommonError, strawberry.union("ChangeRolePayload", description="What came of `changeRole`.")
]
DeleteRolePayload = Annotated[
    DeleteRoleSuccess | CommonError, strawberry.union("DeleteRolePayload", description="What came of `deleteRole`.")
]
ChangeAgentPayload = Annotated[
    ChangeAgentSuccess | CommonError, strawberry.union("ChangeAgentPayload", description="What came of `changeAgent`.")
]
AssignRolePayload = Annotated[
    AssignRoleSuccess | CommonError, strawberry.union("AssignRolePayload", description="What came of `assignRole`.")
]
SuspendAgentPayload = Annotated[
    SuspendAgentSuccess | CommonError,
    strawberry.union("SuspendAgentPayload", description="What came of `suspendAgent`."),
]
ReinstateAgentPayload = Annotated[
    ReinstateAgentSuccess | CommonError,
    strawberry.union("ReinstateAgentPayload", description="What came of `reinstateAgent`."),
]
