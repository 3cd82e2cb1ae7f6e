"""The root fields about invitations."""

import strawberry

from domain.access.invitation import Invitations
from domain.account.permission import Permission
from resolvers.context import RequestContext, mutation, shown
from resolvers.idempotency import key_of
from schema import invitation_command as c
from schema.access import Invitation
from schema.base import After, Connection, First, connection, field, page_request, parse_key

Info = strawberry.Info[RequestContext, None]


def _invitations(info: Info) -> Invitations:
    return info.context.services.access.invitations


@strawberry.type
class InvitationQuery:
    """Who was asked to work here."""

    @field("Invitations, newest first, with those that are over.", needs=Permission.MANAGE_AGENTS)
    async def invitations(self, info: Info, first: First = None, after: After = None) -> Connection[Invitation]:
        return connection(await info.context.reads.invitation_page(page_request(first, after)), Invitation.of)


@strawberry.type
class InvitationMutation:
    """And asking them."""

    @mutation("Invite somebody by e-mail to work here.", needs=Permission.MANAGE_AGENTS)
    async def invite_agent(self, info: Info, input: c.InviteAgentInput) -> c.InviteAgentPayload | None:
        role_id = parse_key(input.role_id, "Role", "input.roleId")
        team_ids = [parse_key(id, "Team", f"input.teamIds.{place}") for place, id in enumerate(input.team_ids or ())]
        receipt = await _invitations(info).create(
            info.context.actor, input.email, input.name, role_id, team_ids=team_ids, key=key_of(input)
        )
        return c.InviteAgentSuccess(invitation=await shown(info, "invitations", receipt.id, Invitation.of))

    @mutation("Send an invitation again, with another link.", needs=Permission.MANAGE_AGENTS)
    async def resend_invitation(self, info: Info, input: c.ResendInvitationInput) -> c.ResendInvitationPayload | None:
        key = parse_key(input.invitation_id, "Invitation", "input.invitationId")
        await _invitations(info).resend(info.context.actor, key, key=key_of(input))
        return c.ResendInvitationSuccess(invitation=await shown(info, "invitations", key, Invitation.of))

    @mutation("End an invitation.", needs=Permission.MANAGE_AGENTS)
    async def revoke_invitation(self, info: Info, input: c.RevokeInvitationInput) -> c.RevokeInvitationPayload | None:
        key = parse_key(input.invitation_id, "Invitation", "input.invitationId")
        await _invitations(info).revoke(info.context.actor, key, reason=input.reason, key=key_of(input))
        return c.RevokeInvitationSuccess(invitation=await shown(info, "invitations", key, Invitation.of))
