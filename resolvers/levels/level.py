"""The root fields about service levels."""

from typing import Any

import strawberry

from domain.account.permission import Permission
from domain.account.role import checked_reason
from domain.level.policy import Terms
from domain.level.service import ServiceLevels
from resolvers.context import RequestContext, mutation, shown
from resolvers.idempotency import key_of
from schema.base import After, Connection, First, connection, field, page_request, parse_key
from schema.conversation import Conversation
from schema.levels import level_command as c
from schema.levels.level import ServiceLevelPolicy

Info = strawberry.Info[RequestContext, None]
LISTED = {"inbox_ids": ("Inbox", "inboxIds"), "tag_ids": ("Tag", "tagIds")}
"""The parts of an input that are lists of ids: of what, and where they stand."""


def _levels(info: Info) -> ServiceLevels:
    return info.context.services.desk.levels


def _said(input: Any) -> dict[str, Any]:
    """What an input says of a policy, without the parts that it leaves as they are."""
    given = {name: getattr(input, name) for name in Terms.__slots__}
    said = {name: value for name, value in given.items() if value is not None}
    for name, (concept, path) in LISTED.items():
        if name in said:
            ids = (parse_key(one, concept, f"input.{path}.{place}") for place, one in enumerate(said[name]))
            said[name] = tuple(dict.fromkeys(ids))
    return said | ({"targets": c.targets_of(said["targets"])} if "targets" in said else {})


@strawberry.type
class LevelQuery:
    """Questions about service levels."""

    @field("The service-level policies, in the order in which they count, at most 50.", needs=Permission.MANAGE_ROUTING)
    async def service_level_policies(self, info: Info) -> list[ServiceLevelPolicy]:
        return [ServiceLevelPolicy.of(view) for view in await info.context.reads.all_service_level_policies()]

    @field(
        "Conversations in which somebody has to act by a time, the most urgent first. For staff.",
        needs=Permission.REPLY_TO_CONVERSATIONS,
    )
    async def due_conversations(self, info: Info, first: First = None, after: After = None) -> Connection[Conversation]:
        return connection(await info.context.reads.due_page(page_request(first, after)), Conversation.of)


@strawberry.type
class LevelMutation:
    """What can be decided about them."""

    @mutation("Make a service-level policy.", needs=Permission.MANAGE_ROUTING)
    async def create_service_level_policy(
        self, info: Info, input: c.CreateServiceLevelPolicyInput
    ) -> c.CreateServiceLevelPolicyPayload | None:
        receipt = await _levels(info).create(info.context.actor, Terms(**_said(input)), key=key_of(input))
        made = await shown(info, "service_level_policies", receipt.id, ServiceLevelPolicy.of)
        return c.CreateServiceLevelPolicySuccess(policy=made)

    @mutation("Let a service-level policy say something else.", needs=Permission.MANAGE_ROUTING)
    async def change_service_level_policy(
        self, info: Info, input: c.ChangeServiceLevelPolicyInput
    ) -> c.ChangeServiceLevelPolicyPayload | None:
        key, reason = parse_key(input.policy_id, "ServiceLevelPolicy", "input.policyId"), checked_reason(input.reason)
        await _levels(info).change(info.context.actor, key, _said(input), reason=reason, key=key_of(input))
        changed = await shown(info, "service_level_policies", key, ServiceLevelPolicy.of)
        return c.ChangeServiceLevelPolicySuccess(policy=changed)

    @mutation("Take a service-level policy away.", needs=Permission.MANAGE_ROUTING)
    async def delete_service_level_policy(
        self, info: Info, input: c.DeleteServiceLevelPolicyInput
    ) -> c.DeleteServiceLevelPolicyPayload | None:
        key, reason = parse_key(input.policy_id, "ServiceLevelPolicy", "input.policyId"), checked_reason(input.reason)
        await _levels(info).delete(info.context.actor, key, reason=reason, key=key_of(input))
        return c.DeleteServiceLevelPolicySuccess(deleted_id=input.policy_id)

    @mutation(
        "Leave an address for the answer, for when nobody is there; for customers. Nobody verifies it.",
        needs=Permission.REPLY_TO_CONVERSATIONS,
    )
    async def leave_email(self, info: Info, input: c.LeaveEmailInput) -> c.LeaveEmailPayload | None:
        key = parse_key(input.conversation_id, "Conversation", "input.conversationId")
        absence = info.context.services.desk.absence
        await absence.leave_email(info.context.actor, key, input.email, key=key_of(input))
        return c.LeaveEmailSuccess(conversation=await shown(info, "conversations", key, Conversation.of))
