"""The people who take conversations, as rows with what they have."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select, union_all

from domain.account.permission import Grants, Permission, Scope
from domain.routing.availability import DEFAULT_CAPACITY
from domain.routing.deciding import Person, skills
from domain.routing.events import Status
from infra.accounts.rows import roles, team_agents, team_inboxes
from infra.identity.standing import grants_of
from infra.routing.rows import availabilities
from infra.rows import agents, conversations

NEEDED = (Permission.READ_CONVERSATIONS, Permission.REPLY_TO_CONVERSATIONS)


def people(organization_id: UUID) -> Select[Any]:
    """Agents who are not suspended, each with their role, inboxes and load; without availability they are offline."""
    a, v, r = agents.c, availabilities.c, roles.c
    load, places = _loads(organization_id), _places(organization_id)
    joined = (
        agents.join(roles, r.id == a.role_id)
        .outerjoin(availabilities, v.id == a.id)
        .outerjoin(load, load.c.agent_id == a.id)
        .outerjoin(places, places.c.agent_id == a.id)
    )
    return (
        select(
            a.id,
            a.role_id,
            r.builtin,
            r.grants,
            func.coalesce(v.status, Status.OFFLINE.value).label("status"),
            func.coalesce(v.capacity, DEFAULT_CAPACITY).label("capacity"),
            v.languages,
            v.topics,
            func.coalesce(v.seen_at, a.created_at).label("seen_at"),
            v.asked_at,
            func.coalesce(load.c.load, 0).label("load"),
            places.c.inbox_ids,
        )
        .select_from(joined)
        .where(a.organization_id == organization_id, a.suspended_at.is_(None))
    )


def read(rows: Iterable[Row[Any]], *, own: bool = False) -> list[Person]:
    """The people of these rows whose rights reach a whole team's inboxes at least; with `own` all who may answer."""
    scopes: dict[UUID, Scope | None] = {}
    found = []
    for row in rows:
        if row.role_id not in scopes:
            scopes[row.role_id] = _scope(grants_of(row.builtin, row.grants))
        scope = scopes[row.role_id]
        if scope is not None and (own or scope is not Scope.OWN):
            found.append(_person(row, scope))
    return found


def _person(row: Row[Any], scope: Scope) -> Person:
    languages, topics = skills(row.languages or (), row.topics or ())
    return Person(
        id=row.id,
        capacity=row.capacity,
        load=row.load,
        seen_at=row.seen_at,
        status=Status(row.status),
        languages=languages,
        topics=topics,
        inbox_ids=frozenset(row.inbox_ids or ()),
        everywhere=scope is not Scope.TEAM,  # what is given to who sees their own only, is their own
        asked_at=row.asked_at,
    )


def _scope(grants: Grants) -> Scope | None:
    """How far somebody both reads and answers conversations; None where they do not."""
    if not all(permission in grants for permission in NEEDED):
        return None
    return min((grants[permission] for permission in NEEDED), key=lambda scope: scope.reach)


def _loads(organization_id: UUID) -> Any:
    """For each agent how much they have, and are asked to take."""
    c = conversations.c
    mine = c.organization_id == organization_id
    held = select(c.assignee_id.label("agent_id")).where(mine, c.assignee_id.is_not(None))
    asked = select(c.offered_to.label("agent_id")).where(mine, c.offered_to.is_not(None))
    both = union_all(held, asked).subquery()
    return select(both.c.agent_id, func.count().label("load")).group_by(both.c.agent_id).subquery("loads")


def _places(organization_id: UUID) -> Any:
    """For each agent the inboxes of their teams."""
    t, i = team_agents.c, team_inboxes.c
    joined = team_agents.join(team_inboxes, t.team_id == i.team_id)
    listed = select(t.agent_id, func.array_agg(i.inbox_id.distinct()).label("inbox_ids")).select_from(joined)
    return listed.where(t.organization_id == organization_id).group_by(t.agent_id).subquery("places")
