"""The rules of roles, without any I/O."""

from uuid import uuid4

import pytest

from domain.account.permission import BUILTIN, BuiltinRole, Grants, Permission, Scope
from domain.account.role import LONGEST_NAME, Role
from domain.base import Actor, ActorKind, ForbiddenError, InvalidInputError, InvalidStateError
from tests.people import actor

COMPANY = uuid4()
ADMIN = actor(ActorKind.ADMIN, COMPANY)
TEAM_READER: Grants = {Permission.READ_CONVERSATIONS: Scope.TEAM, Permission.MANAGE_ROLES: Scope.ALL}


def role(grants: Grants, by: Actor = ADMIN) -> Role:
    made = Role(uuid4(), COMPANY)
    made.create(by, "Support", grants)
    return made


def test_a_role_is_made_changed_and_deleted() -> None:
    made = role(TEAM_READER)
    made.change(ADMIN, "Night shift", {Permission.READ_AGENTS: Scope.ALL}, reason="They asked.")
    assert (made.name, made.given) == ("Night shift", {Permission.READ_AGENTS: Scope.ALL})
    made.delete(ADMIN, reason=None)
    assert made.deleted
    assert [event.kind for event in made.pending] == ["RoleCreated", "RoleChanged", "RoleDeleted"]


def test_a_change_that_changes_nothing_is_no_event() -> None:
    made = role(TEAM_READER)
    made.change(ADMIN, "Support", dict(TEAM_READER), reason=None)
    assert [event.kind for event in made.pending] == ["RoleCreated"]


@pytest.mark.parametrize(
    "wanted",
    [
        {Permission.READ_CONVERSATIONS: Scope.ALL},
        {Permission.REPLY_TO_CONVERSATIONS: Scope.OWN},
        {Permission.READ_CONVERSATIONS: Scope.OWN, Permission.MANAGE_AGENTS: Scope.ALL},
    ],
)
def test_nobody_grants_what_they_lack(wanted: Grants) -> None:
    lead = Actor(ActorKind.AGENT, uuid4(), COMPANY, TEAM_READER)
    with pytest.raises(ForbiddenError):
        role(wanted, by=lead)
    small = role({Permission.READ_CONVERSATIONS: Scope.OWN}, by=lead)
    with pytest.raises(ForbiddenError):
        small.change(lead, "Support", wanted, reason=None)
    assert small.given == {Permission.READ_CONVERSATIONS: Scope.OWN}


def test_nobody_takes_away_what_they_could_not_have_given() -> None:
    large = role({Permission.READ_CONVERSATIONS: Scope.ALL})
    lead = Actor(ActorKind.AGENT, uuid4(), COMPANY, TEAM_READER)
    with pytest.raises(ForbiddenError):
        large.change(lead, "Support", {}, reason=None)
    with pytest.raises(ForbiddenError):
        large.delete(lead, reason=None)


@pytest.mark.parametrize("builtin", BuiltinRole)
def test_builtin_roles_stay_as_they_are(builtin: BuiltinRole) -> None:
    made = Role(uuid4(), COMPANY, name=builtin, builtin=builtin)
    assert made.given == BUILTIN[builtin]
    with pytest.raises(InvalidStateError):
        made.change(ADMIN, "Mine", {}, reason=None)
    with pytest.raises(InvalidStateError):
        made.delete(ADMIN, reason=None)


@pytest.mark.parametrize(
    "grants",
    [
        {Permission.READ_KNOWLEDGE: Scope.OWN},
        {Permission.READ_CUSTOMERS: Scope.TEAM},
        {Permission.START_CONVERSATIONS: Scope.OWN},
    ],
)
def test_a_permission_is_granted_in_a_scope_that_it_has(grants: Grants) -> None:
    with pytest.raises(InvalidInputError) as caught:
        role(grants)
    assert [problem.path for problem in caught.value.fields] == ["input.grants"]


@pytest.mark.parametrize("name", ["", "  ", "x" * (LONGEST_NAME + 1), "a\x00b"])
def test_a_name_can_be_shown(name: str) -> None:
    with pytest.raises(InvalidInputError):
        Role(uuid4(), COMPANY).create(ADMIN, name, {})
