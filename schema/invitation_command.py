"""What goes into and comes out of the mutations on invitations."""

from typing import Annotated

import strawberry

from schema.access import Invitation
from schema.access_command import reason_field
from schema.command import idempotency_key_field
from schema.errors import CommonError


@strawberry.input(description="Somebody to invite.")
class InviteAgentInput:
    """Input of `inviteAgent`."""

    email: str = strawberry.field(description="Where to send the link.")
    name: str = strawberry.field(description="How they are called, 1 to 100 characters; they can change it.")
    role_id: strawberry.ID = strawberry.field(description="What they are to be: nothing that you could not be.")
    team_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Teams they are to be in, at most 20; for this you need `team.manage` too."
    )
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="The invitation to send again.")
class ResendInvitationInput:
    """Input of `resendInvitation`."""

    invitation_id: strawberry.ID = strawberry.field(description="Which.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="The invitation to end.")
class RevokeInvitationInput:
    """Input of `revokeInvitation`."""

    invitation_id: strawberry.ID = strawberry.field(description="Which.")
    reason: str | None = reason_field()
    idempotency_key: str | None = idempotency_key_field()


@strawberry.type(description="The invitation is made, and a mail is on its way.")
class InviteAgentSuccess:
    """Success of `inviteAgent`."""

    invitation: Invitation = strawberry.field(description="The invitation as it is now.")


@strawberry.type(description="Another mail is on its way; only its link works from then on.")
class ResendInvitationSuccess:
    """Success of `resendInvitation`."""

    invitation: Invitation = strawberry.field(description="The invitation as it is now.")


@strawberry.type(description="The link does not work any more.")
class RevokeInvitationSuccess:
    """Success of `revokeInvitation`."""

    invitation: Invitation = strawberry.field(description="The invitation as it is now.")


InviteAgentPayload = Annotated[
    InviteAgentSuccess | CommonError,
    strawberry.union("InviteAgentPayload", description="What came of `inviteAgent`."),
]
ResendInvitationPayload = Annotated[
    ResendInvitationSuccess | CommonError,
    strawberry.union("ResendInvitationPayload", description="What came of `resendInvitation`."),
]
RevokeInvitationPayload = Annotated[
    RevokeInvitationSuccess | CommonError,
    strawberry.union("RevokeInvitationPayload", description="What came of `revokeInvitation`."),
]
