"""The rules of agents, teams and inboxes, without any I/O."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from domain.account.agent import Agent, Hierarchy
from domain.account.inbox import Channel, Inbox
from domain.account.permission import Permission, Scope
from domain.account.role import Role
from domain.account.team import MOST_AGENTS, Roster, Team
from domain.base import Actor, ActorKind, ForbiddenError, InvalidInputError, InvalidStateError, system_of
from tests.people import actor

COMPANY = uuid4()
ADMIN = actor(ActorKind.ADMIN, COMPANY)
AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
OWNER_ROLE = Role(uuid4(), COMPANY, name="owner", builtin="owner")
AGENT_ROLE = Role(uuid4(), COMPANY, name="agent", builtin="agent")


def agent(role: Role = AGENT_ROLE) -> Agent:
    return Agent(uuid4(), COMPANY, name="Kim", role_id=role.id)


def kinds(made: Agent | Team | Inbox) -> list[str]:
    return [event.kind for event in made.pending]


def test_an_agent_is_renamed_promoted_suspended_and_reinstated() -> None:
    made = agent()
    made.rename("Kim L.")
    made.assign(OWNER_ROLE, reason=None)
    made.suspend(reason="Left.", at=AT)
    assert (made.name, made.role_id, made.suspended_at) == ("Kim L.", OWNER_ROLE.id, AT)
    made.reinstate(reason="Came back.")
    assert made.suspended_at is None
    assert kinds(made) == ["AgentRenamed", "AgentRoleAssigned", "AgentSuspended", "AgentReinstated"]


def test_what_changes_nothing_is_no_event() -> None:
    made = agent()
    made.rename("Kim")
    made.assign(AGENT_ROLE, reason=None)
    made.reinstate(reason=None)
    assert kinds(made) == []
    made.suspend(reason=None, at=AT)
    made.suspend(reason="Again.", at=datetime(2026, 12, 1, tzinfo=UTC))
    assert (kinds(made), made.suspended_at) == (["AgentSuspended"], AT)


def test_only_owners_make_and_unmake_owners() -> None:
    owner = agent(OWNER_ROLE)
    as_owner = actor(ActorKind.ADMIN, COMPANY, owner.id)
    hierarchy = Hierarchy([owner])
    hierarchy.check(as_owner, OWNER_ROLE, AGENT_ROLE)
    hierarchy.check(system_of(COMPANY), OWNER_ROLE)
    hierarchy.check(ADMIN, AGENT_ROLE)
    with pytest.raises(ForbiddenError, match="owners"):
        hierarchy.check(ADMIN, OWNER_ROLE)
    with pytest.raises(ForbiddenError, match="owners"):
        hierarchy.check(ADMIN, AGENT_ROLE, OWNER_ROLE)


def test_nobody_gives_or_takes_a_role_above_their_own() -> None:
    lead = Actor(ActorKind.AGENT, uuid4(), COMPANY, {Permission.MANAGE_AGENTS: Scope.ALL})
    with pytest.raises(ForbiddenError):
        Hierarchy([]).check(lead, AGENT_ROLE)


def test_the_last_owner_stays() -> None:
    one, other = agent(OWNER_ROLE), agent(OWNER_ROLE)
    Hierarchy([one, other]).keep_one(one)
    Hierarchy([one]).keep_one(other)
    with pytest.raises(InvalidStateError, match="last owner"):
        Hierarchy([one]).keep_one(one)


def test_a_team_has_whole_lists_each_once() -> None:
    team, people, places = Team(uuid4(), COMPANY), [uuid4(), uuid4()], [uuid4()]
    team.create(ADMIN, Roster("Night", people * 2, places))
    assert (team.name, set(team.agent_ids), team.inbox_ids) == ("Night", set(people), tuple(places))
    assert len(team.agent_ids) == 2
    team.change(ADMIN, Roster(agent_ids=reversed(people)), reason=None)
    team.change(ADMIN, Roster(inbox_ids=[]), reason=None)
    team.delete(reason=None)
    assert (team.inbox_ids, team.deleted) == ((), True)
    assert kinds(team) == ["TeamCreated", "TeamChanged", "TeamChanged", "TeamDeleted"]


def test_a_team_is_bounded_and_has_a_name() -> None:
    with pytest.raises(InvalidInputError) as caught:
        Team(uuid4(), COMPANY).create(ADMIN, Roster("Night", [uuid4() for _ in range(MOST_AGENTS + 1)]))
    assert caught.value.fields[0].path == "input.agentIds"
    with pytest.raises(InvalidInputError):
        Team(uuid4(), COMPANY).create(ADMIN, Roster(" "))


def test_only_who_reads_all_conversations_shows_them_to_others() -> None:
    grants = {Permission.MANAGE_TEAMS: Scope.ALL, Permission.READ_CONVERSATIONS: Scope.TEAM}
    lead = Actor(ActorKind.AGENT, uuid4(), COMPANY, grants)
    team, place = Team(uuid4(), COMPANY), uuid4()
    team.create(lead, Roster("Night"))
    for wider in (Roster(agent_ids=[lead.identity]), Roster(inbox_ids=[place])):
        with pytest.raises(ForbiddenError):
            team.change(lead, wider, reason=None)
    team.change(ADMIN, Roster(inbox_ids=[place]), reason=None)
    team.change(lead, Roster("Day", inbox_ids=[]), reason=None)
    assert (team.name, team.inbox_ids) == ("Day", ())


def test_an_inbox_is_made_and_changed() -> None:
    inbox = Inbox(uuid4(), COMPANY)
    inbox.create("Returns", Channel.CHAT)
    inbox.change("Returns", answered=True)
    assert kinds(inbox) == ["InboxCreated"]
    inbox.change("Exchanges", answered=None)
    inbox.change(None, answered=False)
    assert (inbox.name, inbox.channel, inbox.assistant_enabled) == ("Exchanges", "chat", False)
    assert kinds(inbox) == ["InboxCreated", "InboxChanged", "InboxChanged"]
