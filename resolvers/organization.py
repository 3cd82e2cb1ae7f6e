"""The root fields about teams, inboxes and the organization itself."""

from collections.abc import Iterable
from uuid import UUID

import strawberry

from domain.account.permission import Permission
from domain.account.settings import BusinessHours, Decisions, SignInSettings, Span, SurveySettings
from domain.account.team import Roster
from domain.ports import AssistantSettings
from resolvers.account import accounts
from resolvers.context import RequestContext, mutation, shown
from resolvers.idempotency import key_of
from schema import organization_command as c
from schema.account import Inbox, Organization, Team
from schema.base import IdArgument, field, parse_key

Info = strawberry.Info[RequestContext, None]


@strawberry.type
class OrganizationQuery:
    """How work is divided."""

    @field("The company that you belong to.", needs=Permission.READ_ORGANIZATION)
    async def organization(self, info: Info) -> Organization:
        return Organization.of(await info.context.load("organizations", info.context.actor.tenant))

    @field("Every team, by name. Not for customers.", needs=Permission.READ_AGENTS)
    async def teams(self, info: Info) -> list[Team]:
        return [Team.of(view) for view in await info.context.reads.all_teams()]

    @field("A team by its id; null when there is none that you may see.", needs=Permission.READ_AGENTS)
    async def team(self, info: Info, id: IdArgument) -> Team | None:
        view = await info.context.load("teams", parse_key(id, "Team", "id"))
        return Team.of(view) if view else None

    @field("Every inbox, by name. Not for customers.", needs=Permission.READ_ORGANIZATION)
    async def inboxes(self, info: Info) -> list[Inbox]:
        return [Inbox.of(view) for view in await info.context.reads.all_inboxes()]


@strawberry.type
class OrganizationMutation:
    """How to divide it otherwise."""

    @mutation(
        "Make a team. Only who may read all conversations gives it people and inboxes.", needs=Permission.MANAGE_TEAMS
    )
    async def create_team(self, info: Info, input: c.CreateTeamInput) -> c.CreateTeamPayload | None:
        roster = _roster(input.name, input.agent_ids, input.inbox_ids)
        receipt = await accounts(info).teams.create(info.context.actor, roster, key=key_of(input))
        return c.CreateTeamSuccess(team=await shown(info, "teams", receipt.id, Team.of))

    @mutation(
        "Give a team another name, other people or other inboxes; they see at once what they are to see. Only who may"
        " read all conversations adds people or inboxes.",
        needs=Permission.MANAGE_TEAMS,
    )
    async def change_team(self, info: Info, input: c.ChangeTeamInput) -> c.ChangeTeamPayload | None:
        key = parse_key(input.team_id, "Team", "input.teamId")
        roster = _roster(input.name, input.agent_ids, input.inbox_ids)
        await accounts(info).teams.change(info.context.actor, key, roster, reason=input.reason, key=key_of(input))
        return c.ChangeTeamSuccess(team=await shown(info, "teams", key, Team.of))

    @mutation("Remove a team; its people and its inboxes stay.", needs=Permission.MANAGE_TEAMS)
    async def delete_team(self, info: Info, input: c.DeleteTeamInput) -> c.DeleteTeamPayload | None:
        key = parse_key(input.team_id, "Team", "input.teamId")
        await accounts(info).teams.delete(info.context.actor, key, reason=input.reason, key=key_of(input))
        return c.DeleteTeamSuccess(deleted_id=input.team_id)

    @mutation("Make an inbox.", needs=Permission.MANAGE_INBOXES)
    async def create_inbox(self, info: Info, input: c.CreateInboxInput) -> c.CreateInboxPayload | None:
        inboxes = accounts(info).inboxes
        receipt = await inboxes.create(info.context.actor, input.name, input.channel, key=key_of(input))
        return c.CreateInboxSuccess(inbox=await shown(info, "inboxes", receipt.id, Inbox.of))

    @mutation("Give an inbox another name, or let the assistant answer in it or not.", needs=Permission.MANAGE_INBOXES)
    async def change_inbox(self, info: Info, input: c.ChangeInboxInput) -> c.ChangeInboxPayload | None:
        key = parse_key(input.inbox_id, "Inbox", "input.inboxId")
        await accounts(info).inboxes.change(
            info.context.actor, key, name=input.name, answered=input.assistant_enabled, key=key_of(input)
        )
        return c.ChangeInboxSuccess(inbox=await shown(info, "inboxes", key, Inbox.of))

    @mutation("Call your company otherwise.", needs=Permission.MANAGE_ORGANIZATION)
    async def change_organization(
        self, info: Info, input: c.ChangeOrganizationInput
    ) -> c.ChangeOrganizationPayload | None:
        receipt = await accounts(info).organizations.rename(info.context.actor, input.name, key=key_of(input))
        organization = await shown(info, "organizations", receipt.id, Organization.of)
        return c.ChangeOrganizationSuccess(organization=organization)

    @mutation(
        "Decide for your company: its assistant, languages, hours, ways in and the pages that may call.",
        needs=Permission.MANAGE_ORGANIZATION,
    )
    async def change_settings(self, info: Info, input: c.ChangeSettingsInput) -> c.ChangeSettingsPayload | None:
        receipt = await accounts(info).organizations.decide(
            info.context.actor, _decisions(input), reason=input.reason, key=key_of(input)
        )
        organization = await shown(info, "organizations", receipt.id, Organization.of)
        return c.ChangeSettingsSuccess(organization=organization)


def _decisions(input: c.ChangeSettingsInput) -> Decisions:
    assistant, sign_in = input.assistant, input.sign_in
    return Decisions(
        assistant=AssistantSettings(assistant.enabled, assistant.threshold) if assistant else None,
        languages=input.languages,
        business_hours=_hours(input.business_hours) if input.business_hours else None,
        sign_in=SignInSettings(sign_in.password) if sign_in else None,
        visitors=input.visitors,
        allowed_origins=input.allowed_origins,
        survey=_survey(input.survey) if input.survey else None,
    )


def _survey(input: c.SurveySettingsInput) -> SurveySettings:
    return SurveySettings(input.enabled, input.delay_minutes, input.remind_after_hours)


def _hours(input: c.BusinessHoursInput) -> BusinessHours:
    return BusinessHours(input.zone, [Span(each.day, each.opens, each.closes) for each in input.week], input.holidays)


def _roster(name: str | None, agents: Iterable[str] | None, inboxes: Iterable[str] | None) -> Roster:
    return Roster(name, _keys(agents, "Agent", "input.agentIds"), _keys(inboxes, "Inbox", "input.inboxIds"))


def _keys(ids: Iterable[str] | None, concept: str, path: str) -> list[UUID] | None:
    if ids is None:
        return None
    return [parse_key(id, concept, f"{path}.{place}") for place, id in enumerate(ids)]
