"""What goes into and comes out of the mutations on teams, inboxes and the organization itself."""

from datetime import date
from typing import Annotated

import strawberry

from domain.account.inbox import Channel
from domain.account.settings import Weekday
from schema.account import Inbox, Organization, Team
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


@strawberry.input(description="Another name or other settings for an inbox; what is left out stays as it is.")
class ChangeInboxInput:
    """Input of `changeInbox`."""

    inbox_id: strawberry.ID = strawberry.field(description="Which.")
    name: str | None = strawberry.field(default=None, description="Unique within the company, 1 to 100 characters.")
    assistant_enabled: bool | None = strawberry.field(
        default=None,
        description="Whether the assistant is to answer here; otherwise every question waits for a person.",
    )
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="Another name for your company.")
class ChangeOrganizationInput:
    """Input of `changeOrganization`."""

    name: str = strawberry.field(description="1 to 200 characters.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="Whether the assistant answers, and how sure it must be.")
class AssistantSettingsInput:
    """The assistant, as a whole."""

    enabled: bool = strawberry.field(description="Whether it answers.")
    threshold: float | None = strawberry.field(
        default=None, description="The confidence, 0 to 1, below which it does not answer; its own choice if unset."
    )


@strawberry.input(description="When people are there on a day of the week.")
class OpeningHoursInput:
    """A span of a day."""

    day: Weekday = strawberry.field(description="Which day.")
    opens: str = strawberry.field(description="As `09:00`.")
    closes: str = strawberry.field(description="As `17:30`; `24:00` is midnight.")


@strawberry.input(description="When people are there.")
class BusinessHoursInput:
    """Hours, as a whole."""

    zone: str = strawberry.field(description="The time zone, as in the IANA database, such as `Europe/Lisbon`.")
    week: list[OpeningHoursInput] = strawberry.field(description="At most 50; none means always open.")
    holidays: list[date] = strawberry.field(
        default_factory=list, description="Days on which nobody is there, at most 100."
    )


@strawberry.input(description="How people who work here sign in, beside identity providers.")
class SignInSettingsInput:
    """Strategies, as a whole."""

    password: bool = strawberry.field(description="By e-mail address and password; not without any other way in.")


@strawberry.input(description="Whether customers are asked how it went once a matter is settled.")
class SurveySettingsInput:
    """Surveys, as a whole."""

    enabled: bool = strawberry.field(description="Whether they are asked at all.")
    delay_minutes: int = strawberry.field(default=0, description="How long after; 0 is at once, at most a week.")
    remind_after_hours: int | None = strawberry.field(
        default=48, description="When those who say nothing are asked again, once: 1 to 336; null for never."
    )


@strawberry.input(description="What your company decides anew; what is left out stays as it is.")
class ChangeSettingsInput:
    """Input of `changeSettings`."""

    assistant: AssistantSettingsInput | None = strawberry.field(default=None, description="The assistant.")
    languages: list[str] | None = strawberry.field(
        default=None, description="All languages, the first preferred: at most 20 tags such as `en` or `pt-BR`."
    )
    business_hours: BusinessHoursInput | None = strawberry.field(default=None, description="When people are there.")
    sign_in: SignInSettingsInput | None = strawberry.field(
        default=None, description="How people sign in. Needs `sign_in.manage` too."
    )
    visitors: bool | None = strawberry.field(default=None, description="Whether strangers may ask.")
    allowed_origins: list[str] | None = strawberry.field(
        default=None, description="All origins whose pages may call this API, at most 50."
    )
    survey: SurveySettingsInput | None = strawberry.field(
        default=None, description="Whether customers are asked how it went."
    )
    reason: str | None = reason_field()
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


@strawberry.type(description="The company is called otherwise.")
class ChangeOrganizationSuccess:
    """Success of `changeOrganization`."""

    organization: Organization = strawberry.field(description="The company as it is now.")


@strawberry.type(description="The settings hold.")
class ChangeSettingsSuccess:
    """Success of `changeSettings`."""

    organization: Organization = strawberry.field(description="The company as it is now.")


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
ChangeOrganizationPayload = Annotated[
    ChangeOrganizationSuccess | CommonError,
    strawberry.union("ChangeOrganizationPayload", description="What came of `changeOrganization`."),
]
ChangeSettingsPayload = Annotated[
    ChangeSettingsSuccess | CommonError,
    strawberry.union("ChangeSettingsPayload", description="What came of `changeSettings`."),
]
