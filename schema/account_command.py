"""What goes into and comes out of the mutations on roles, agents, teams and inboxes."""

from typing import Annotated, Any

import strawberry

from schema.account import Role
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


CreateRolePayload = Annotated[
    CreateRoleSuccess | CommonError, strawberry.union("CreateRolePayload", description="What came of `createRole`.")
]
ChangeRolePayload = Annotated[
    ChangeRoleSuccess | CommonError, strawberry.union("ChangeRolePayload", description="What came of `changeRole`.")
]
DeleteRolePayload = Annotated[
    DeleteRoleSuccess | CommonError, strawberry.union("DeleteRolePayload", description="What came of `deleteRole`.")
]
