"""The one rule of who reaches which conversation, for reads, for commands and for what is watched."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Uuid, and_, any_, func, or_, select

from domain.account.permission import Permission, Scope
from domain.base import Actor, ActorKind
from infra.accounts.rows import team_agents, team_inboxes
from infra.rows import conversations


def reached(actor: Actor, permission: Permission) -> ColumnElement[bool]:
    """A condition on `conversation`: the ones that the actor's permission reaches.

    A customer's are the ones they began. Otherwise `own` are the ones assigned to the actor, `team` those and the ones
    in the inboxes of the actor's teams. Raises `UnauthenticatedError` and `ForbiddenError` where it is not granted.
    """
    scope = actor.require(permission)
    c = conversations.c
    mine = c.organization_id == actor.tenant
    if actor.kind is ActorKind.CUSTOMER:
        return and_(mine, c.customer_id == actor.identity)
    if scope is Scope.ALL:
        return mine
    assigned = c.assignee_id == actor.identity
    return and_(mine, assigned if scope is Scope.OWN else or_(assigned, c.inbox_id == any_(_inboxes_of(actor))))


def _inboxes_of(actor: Actor) -> ColumnElement[Any]:
    t, i = team_agents.c, team_inboxes.c
    joined = team_inboxes.join(team_agents, t.team_id == i.team_id)
    mine = select(i.inbox_id).select_from(joined).where(t.agent_id == actor.identity)
    return func.array(mine.scalar_subquery(), type_=ARRAY(Uuid))  # made once, so that an index serves
