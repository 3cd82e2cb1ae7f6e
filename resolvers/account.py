"""The root fields about the caller, roles and agents: who may do what."""

import strawberry

from domain.account.permission import Permission
from domain.account.service import Accounts
from resolvers.context import RequestContext, mutation, shown
from resolvers.idempotency import key_of
from schema import account_command as c
from schema.account import Agent, PermissionEntry, Role, Viewer
from schema.base import After, Connection, First, IdArgument, connection, field, page_request, parse_key
from schema.needs import OPEN, SIGNED_IN
from schema.permission import given

Info = strawberry.Info[RequestContext, None]


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

    @field("Who works here, by name. Not for customers.", needs=Permission.READ_AGENTS)
    async def agents(self, info: Info, first: First = None, after: After = None) -> Connection[Agent]:
        return connection(await info.context.reads.agent_page(page_request(first, after)), Agent.of)


def accounts(info: Info) -> Accounts:
    return info.context.services.accounts


@strawberry.type
class AccountMutation:
    """What can be done about who may do what."""

    @mutation("Make a role, which allows what you choose of what you may do.", needs=Permission.MANAGE_ROLES)
    async def create_role(self, info: Info, input: c.CreateRoleInput) -> c.CreateRolePayload | None:
        roles = accounts(info).roles
        receipt = await roles.create(info.context.actor, input.name, given(input.grants), key=key_of(input))
        return c.CreateRoleSuccess(role=await shown(info, "roles", receipt.id, Role.of))

    @mutation(
        "Change a role of your own making. Its holders may do more, or less, at once.", needs=Permission.MANAGE_ROLES
    )
    async def change_role(self, info: Info, input: c.ChangeRoleInput) -> c.ChangeRolePayload | None:
        key = parse_key(input.role_id, "Role", "input.roleId")
        grants = None if input.grants is None else given(input.grants)
        await accounts(info).roles.change(
            info.context.actor, key, name=input.name, grants=grants, reason=input.reason, key=key_of(input)
        )
        return c.ChangeRoleSuccess(role=await shown(info, "roles", key, Role.of))

    @mutation("Remove a role that nobody has, and nobody is invited to.", needs=Permission.MANAGE_ROLES)
    async def delete_role(self, info: Info, input: c.DeleteRoleInput) -> c.DeleteRolePayload | None:
        key = parse_key(input.role_id, "Role", "input.roleId")
        await accounts(info).roles.delete(info.context.actor, key, reason=input.reason, key=key_of(input))
        return c.DeleteRoleSuccess(deleted_id=input.role_id)

    @mutation("Call yourself otherwise. For agents.", needs=SIGNED_IN)
    async def change_agent(self, info: Info, input: c.ChangeAgentInput) -> c.ChangeAgentPayload | None:
        receipt = await accounts(info).agents.rename(info.context.actor, input.name, key=key_of(input))
        return c.ChangeAgentSuccess(agent=await shown(info, "agents", receipt.id, Agent.of))

    @mutation(
        "Give an agent another role: neither theirs nor the new one may allow what you may not do yourself, and only"
        " owners make and unmake owners.",
        needs=Permission.MANAGE_AGENTS,
    )
    async def assign_role(self, info: Info, input: c.AssignRoleInput) -> c.AssignRolePayload | None:
        key = parse_key(input.agent_id, "Agent", "input.agentId")
        role = parse_key(input.role_id, "Role", "input.roleId")
        await accounts(info).agents.assign_role(info.context.actor, key, role, reason=input.reason, key=key_of(input))
        return c.AssignRoleSuccess(agent=await shown(info, "agents", key, Agent.of))

    @mutation(
        "Let an agent in no more; what they have open closes. Not yourself, and not the last owner.",
        needs=Permission.MANAGE_AGENTS,
    )
    async def suspend_agent(self, info: Info, input: c.SuspendAgentInput) -> c.SuspendAgentPayload | None:
        key = parse_key(input.agent_id, "Agent", "input.agentId")
        await accounts(info).agents.suspend(info.context.actor, key, reason=input.reason, key=key_of(input))
        return c.SuspendAgentSuccess(agent=await shown(info, "agents", key, Agent.of))

    @mutation(
        "Let a suspended agent in again. All sessions from before are over: they sign in anew.",
        needs=Permission.MANAGE_AGENTS,
    )
    async def reinstate_agent(self, info: Info, input: c.ReinstateAgentInput) -> c.ReinstateAgentPayload | None:
        key = parse_key(input.agent_id, "Agent", "input.agentId")
        await accounts(info).agents.reinstate(info.context.actor, key, reason=input.reason, key=key_of(input))
        return c.ReinstateAgentSuccess(agent=await shown(info, "agents", key, Agent.of))
