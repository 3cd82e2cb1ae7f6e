"""What goes into and comes out of the mutations on ways in."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from schema.access import ApiKey
from schema.account import Agent
from schema.command import idempotency_key_field
from schema.errors import CommonError
from schema.permission import GrantInput
from schema.session import Session


def reason_field() -> Any:
    """Why, for the audit log."""
    return strawberry.field(default=None, description="Why, for the audit log; at most 500 characters.")


@strawberry.input(description="A new API key.")
class CreateApiKeyInput:
    """Input of `createApiKey`."""

    name: str = strawberry.field(description="What it is for, 1 to 100 characters.")
    grants: list[GrantInput] = strawberry.field(description="What it may do: at most what you may, in the scope `ALL`.")
    expires_at: datetime | None = strawberry.field(default=None, description="When it ends by itself; null for never.")
    cost_capacity: int | None = strawberry.field(
        default=None, description="Points it may cost at once; as many as the server allows a key when unset."
    )
    cost_per_second: int | None = strawberry.field(
        default=None, description="Points restored to it each second; as many as the server allows when unset."
    )
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="The API key to end.")
class RevokeApiKeyInput:
    """Input of `revokeApiKey`."""

    api_key_id: strawberry.ID = strawberry.field(description="Which.")
    reason: str | None = reason_field()
    idempotency_key: str | None = idempotency_key_field()


@strawberry.type(description="The API key is made.")
class CreateApiKeySuccess:
    """Success of `createApiKey`."""

    api_key: ApiKey = strawberry.field(description="The key as it is listed.")
    secret: str | None = strawberry.field(
        description="The key itself, to send as `Authorization: Bearer …`. It is shown here, this once, and kept "
        "nowhere: a request that is repeated with its idempotency key gets null."
    )


@strawberry.type(description="The API key is worth nothing any more.")
class RevokeApiKeySuccess:
    """Success of `revokeApiKey`."""

    api_key: ApiKey = strawberry.field(description="The key as it is now.")


@strawberry.input(description="The session to end.")
class EndSessionInput:
    """Input of `endSession`."""

    session_id: strawberry.ID = strawberry.field(description="Which: one of yours, or anybody's if you may.")
    reason: str | None = reason_field()
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="All your sessions are to end but this one.")
class EndOtherSessionsInput:
    """Input of `endOtherSessions`."""

    reason: str | None = reason_field()
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="The agent whose sessions are to end.")
class EndAgentSessionsInput:
    """Input of `endAgentSessions`."""

    agent_id: strawberry.ID = strawberry.field(description="Whose.")
    reason: str | None = reason_field()
    idempotency_key: str | None = idempotency_key_field()


@strawberry.type(description="The session is over, and what it held open closes within a second.")
class EndSessionSuccess:
    """Success of `endSession`."""

    session: Session = strawberry.field(description="The session as it ended.")


@strawberry.type(description="All your other sessions are over.")
class EndOtherSessionsSuccess:
    """Success of `endOtherSessions`."""

    session: Session = strawberry.field(description="The one that stays.")


@strawberry.type(description="The agent is signed out everywhere.")
class EndAgentSessionsSuccess:
    """Success of `endAgentSessions`."""

    agent: Agent | None = strawberry.field(description="Who; null if you may not see agents.")


CreateApiKeyPayload = Annotated[
    CreateApiKeySuccess | CommonError,
    strawberry.union("CreateApiKeyPayload", description="What came of `createApiKey`."),
]
RevokeApiKeyPayload = Annotated[
    RevokeApiKeySuccess | CommonError,
    strawberry.union("RevokeApiKeyPayload", description="What came of `revokeApiKey`."),
]
EndSessionPayload = Annotated[
    EndSessionSuccess | CommonError,
    strawberry.union("EndSessionPayload", description="What came of `endSession`."),
]
EndOtherSessionsPayload = Annotated[
    EndOtherSessionsSuccess | CommonError,
    strawberry.union("EndOtherSessionsPayload", description="What came of `endOtherSessions`."),
]
EndAgentSessionsPayload = Annotated[
    EndAgentSessionsSuccess | CommonError,
    strawberry.union("EndAgentSessionsPayload", description="What came of `endAgentSessions`."),
]
