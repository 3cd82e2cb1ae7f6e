"""What goes into and comes out of the mutations on teams, inboxes and the organization itself."""

from typing import Annotated

import strawberry

from domain.account.inbox import Channel
from schema.account import Inbox, Team
from schema.account_command import reason_field
from schema.command import idempotency_key_field
from schema.errors import CommonError


@strawberry.input(description="A new team.")
class CreateTeamInput:
    """Input of `createTeam`."""

    name: str = strawberry.field(description="Unique within the company, 1 to 100 characters.")
    agent_ids: list[strawberry.ID] = strawberry.field(default_factory=list, description="Its people, at most 500.")
    inbox_ids: list[strawberry.ID] = strawberry.field(default_factory=list, description="Its inboxes, at most 100.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(
    description="Another name, other people or other inboxes for a team; what is left out stays as it is."
)
class ChangeTeamInput:
    """Input of `changeTeam`."""

    team_id: strawberry.ID = strawberry.field(description="Which.")
    name: str | None = strawberry.field(default=None, description="Unique within the company, 1 to 100 characters.")
    agent_ids: list[strawberry.ID] | None = strawberry.field(default=None, description="All its people, at most 500.")
    inbox_ids: list[strawberry.ID] | None = strawberry.field(default=None, description="All its inboxes, at most 100.")
    reason: str | None = reason_field()
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="The team to remove.")
class DeleteTeamInput:
    """Input of `deleteTeam`."""

    team_id: strawberry.ID = strawberry.field(description="Which.")
    reason: str | None = reason_field()
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="A new inbox.")
class CreateInboxInput:
    """Input of `createInbox`."""

    name: str = strawberry.field(description="Unique within the company, 1 to 100 characters.")
    channel: Channel = strawberry.field(default=Channel.CHAT, description="How conversations come in.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="Another name for an inbox.")
class ChangeInboxInput:
    """Input of `changeInbox`."""

    inbox_id: strawberry.ID = strawberry.field(description="Which.")
    name: str = strawberry.field(description="Unique within the company, 1 to 100 characters.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.type(description="The team is there.")
class CreateTeamSuccess:
    """Success of `createTeam`."""

    team: Team = strawberry.field(description="The new team.")


@strawberry.type(description="The team is changed.")
class ChangeTeamSuccess:
    """Success of `changeTeam`."""

    team: Team = strawberry.field(description="The team as it is now.")


@strawberry.type(description="The team is gone; its people and inboxes stay.")
class DeleteTeamSuccess:
    """Success of `deleteTeam`."""

    deleted_id: strawberry.ID = strawberry.field(description="The id that it had.")


@strawberry.type(description="The inbox is there.")
class CreateInboxSuccess:
    """Success of `createInbox`."""

    inbox: Inbox = strawberry.field(description="The new inbox.")


@strawberry.type(description="The inbox is changed.")
class ChangeInboxSuccess:
    """Success of `changeInbox`."""

    inbox: Inbox = strawberry.field(description="The inbox as it is now.")


CreateTeamPayload = Annotated[
    CreateTeamSuccess | CommonError, strawberry.union("CreateTeamPayload", description="What came of `createTeam`.")
]
ChangeTeamPayload = Annotated[
    ChangeTeamSuccess | CommonError, strawberry.union("ChangeTeamPayload", description="What came of `changeTeam`.")
]
DeleteTeamPayload = Annotated[
    DeleteTeamSuccess | CommonError, strawberry.union("DeleteTeamPayload", description="What came of `deleteTeam`.")
]
CreateInboxPayload = Annotated[
    CreateInboxSuccess | CommonError, strawberry.union("CreateInboxPayload", description="What came of `createInbox`.")
]
ChangeInboxPayload = Annotated[
    ChangeInboxSuccess | CommonError, strawberry.union("ChangeInboxPayload", description="What came of `changeInbox`.")
]
