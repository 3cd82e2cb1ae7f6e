"""The root fields about the caller, and about how their organization is run."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

import strawberry

from domain.account.permission import Permission
from domain.account.service import Accounts
from domain.base import NotFoundError
from resolvers.context import RequestContext, mutation
from resolvers.idempotency import key_of
from schema import account_command as c
from schema.account import PermissionEntry, Role, Viewer
from schema.base import IdArgument, field, parse_key
from schema.needs import OPEN
from schema.permission import given

Info = strawberry.Info[RequestContext, None]
N = TypeVar("N")


@strawberry.type
class AccountQuery:
    """Who asks, and who works here."""

    @field("You, as this API knows you.", needs=OPEN)
    async def viewer(self, info: Info) -> Viewer:
        return Viewer.of(info.context.actor)

    @field("Everything that a role or a key can allow.", needs=Permission.READ_AGENTS)
    async def permissions(self, info: Info) -> list[PermissionEntry]:
        return [PermissionEntry.of(permission) for permission in Permission]

    @field("Every role, built-in ones first. Not for customers.", needs=Permission.READ_AGENTS)
    async def roles(self, info: Info) -> list[Role]:
        return [Role.of(view) for view in await info.context.reads.all_roles()]

    @field("A role by its id; null when there is none that you may see.", needs=Permission.READ_AGENTS)
    async def role(self, info: Info, id: IdArgument) -> Role | None:
        view = await info.context.load("roles", parse_key(id, "Role", "id"))
        return Role.of(view) if view else None


def _accounts(info: Info) -> Accounts:
    return info.context.services.accounts


async def _shown(info: Info, loader: str, identity: UUID, of: Callable[[Any], N]) -> N:
    """An object as a command left it; `NotFoundError` where a later one removed it and this one was only repeated."""
    await info.context.renew()
    view = await info.context.load(loader, identity)
    if view is None:
        raise NotFoundError(loader.removesuffix("s"))
    return of(view)


@strawberry.type
class AccountMutation:
    """What can be done about who may do what."""

    @mutation("Make a role, which allows what you choose of what you may do.", needs=Permission.MANAGE_ROLES)
    async def create_role(self, info: Info, input: c.CreateRoleInput) -> c.CreateRolePayload | None:
        roles = _accounts(info).roles
        receipt = await roles.create(info.context.actor, input.name, given(input.grants), key=key_of(input))
        return c.CreateRoleSuccess(role=await _shown(info, "roles", receipt.id, Role.of))

    @mutation(
        "Change a role of your own making. Its holders may do more, or less, at once.", needs=Permission.MANAGE_ROLES
    )
    async def change_role(self, info: Info, input: c.ChangeRoleInput) -> c.ChangeRolePayload | None:
        key = parse_key(input.role_id, "Role", "input.roleId")
        grants = None if input.grants is None else given(input.grants)
        await _accounts(info).roles.change(
            info.context.actor, key, name=input.name, grants=grants, reason=input.reason, key=key_of(input)
        )
        return c.ChangeRoleSuccess(role=await _shown(info, "roles", key, Role.of))

    @mutation("Remove a role that nobody has, and nobody is invited to.", needs=Permission.MANAGE_ROLES)
    async def delete_role(self, info: Info, input: c.DeleteRoleInput) -> c.DeleteRolePayload | None:
        key = parse_key(input.role_id, "Role", "input.roleId")
        await _accounts(info).roles.delete(info.context.actor, key, reason=input.reason, key=key_of(input))
        return c.DeleteRoleSuccess(deleted_id=input.role_id)
