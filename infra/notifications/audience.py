"""Whom something concerns, among those who may see it at this moment."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, false, func, select

from domain.account.permission import Permission
from domain.account.settings import Settings
from domain.base import Actor, ActorKind
from domain.notification.notification import Circle, Notice, NotificationKind
from domain.notification.ports import Reader
from infra.accounts.rows import people, roles, team_agents, team_inboxes
from infra.identity.standing import ADMINS, grants_of
from infra.notifications.deciding import preferences_of
from infra.notifications.rows import notification_preferences, push_subscriptions
from infra.repositories import Unit
from infra.rows import agents, conversations, organizations
from infra.storage.sight import reached

MOST = 50
"""How many people one event can be told to: a mention of everybody is none of anybody."""
ENGLISH = "en"
ABLE_BY = {
    NotificationKind.DELIVERY_FAILED: Permission.READ_DELIVERIES,
    NotificationKind.JOB_FAILED: Permission.MANAGE_JOBS,
    NotificationKind.WEBHOOK_DISABLED: Permission.MANAGE_WEBHOOKS,
}
"""What somebody needs to do something about it."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody at work here, with what they may do at this moment."""

    actor: Actor
    is_admin: bool
    reader: Reader


async def readers_of(unit: Unit, notice: Notice) -> Sequence[Reader]:
    """Whom a notice concerns, in the order of their ids."""
    concerned = await _circle(unit, notice) if notice.circle else await who(unit, notice.people)
    others = [one for one in concerned if one.reader.agent_id != notice.by.id][:MOST]
    if notice.conversation_id is not None and others:
        others = await _seeing(unit, others, notice.conversation_id)
    return [one.reader for one in others]


async def conversations_seen_by(unit: Unit, agent_id: UUID, ids: Collection[UUID]) -> Collection[UUID]:
    """Which of these conversations somebody may read now."""
    found = await who(unit, [agent_id])
    if not found or not ids:
        return ()
    c = conversations.c
    seen = select(c.id).where(c.id.in_(ids), _reached(found[0].actor))
    return set((await unit.connection.execute(seen)).scalars())


async def who(unit: Unit, ids: Collection[UUID] | None) -> Sequence[Colleague]:
    """Those of them, or of all, who work here and are not suspended, in the order of their ids."""
    a, r, o, p, d, s = (
        table.c for table in (agents, roles, organizations, people, notification_preferences, push_subscriptions)
    )
    theirs = (s.agent_id == a.id) & (s.organization_id == a.organization_id)
    browsers = select(func.array_agg(s.id)).where(theirs).scalar_subquery().label("browsers")
    joined = (
        agents.join(roles, r.id == a.role_id)
        .join(organizations, o.id == a.organization_id)
        .outerjoin(people, p.id == a.person_id)
        .outerjoin(notification_preferences, d.agent_id == a.id)
    )
    shown = [
        a.id,
        r.builtin,
        r.grants,
        p.email,
        d.decided,
        o.name,
        o.settings,
        browsers,
    ]
    here = (a.organization_id == unit.actor.tenant) & a.suspended_at.is_(None) & o.suspended_at.is_(None)
    wanted = select(*shown).select_from(joined).where(here).order_by(a.id)
    if ids is not None:
        wanted = wanted.where(a.id.in_(ids))
    return [_colleague(row, unit.actor.tenant) for row in await unit.connection.execute(wanted)]


async def _circle(unit: Unit, notice: Notice) -> Sequence[Colleague]:
    if notice.circle is Circle.ABLE:
        return [one for one in await who(unit, None) if one.actor.may(ABLE_BY[notice.kind])]
    c = conversations.c
    place = select(c.assignee_id, c.inbox_id).where(
        c.id == notice.conversation_id, c.organization_id == unit.actor.tenant
    )
    row = (await unit.connection.execute(place)).one_or_none()
    if row is None:
        return ()
    if row.assignee_id is not None:
        return await who(unit, [row.assignee_id])
    return () if notice.circle is Circle.ASSIGNEE else await _responsible_for(unit, row.inbox_id)


async def _responsible_for(unit: Unit, inbox_id: UUID) -> Sequence[Colleague]:
    t, i = team_agents.c, team_inboxes.c
    joined = team_agents.join(team_inboxes, i.team_id == t.team_id)
    members = select(t.agent_id).select_from(joined).where(i.inbox_id == inbox_id).distinct()
    ids = list((await unit.connection.execute(members)).scalars())
    return await who(unit, ids) if ids else [one for one in await who(unit, None) if one.is_admin]


async def _seeing(unit: Unit, colleagues: Sequence[Colleague], conversation_id: UUID) -> list[Colleague]:
    """Those of them who may read a conversation, by one statement with a column for each."""
    c = conversations.c
    columns = [_reached(one.actor).label(f"sees_{place}") for place, one in enumerate(colleagues)]
    wanted = select(*columns).where(c.id == conversation_id, c.organization_id == colleagues[0].actor.tenant)
    row = (await unit.connection.execute(wanted)).one_or_none()
    return [one for one, sees in zip(colleagues, row or (), strict=False) if sees]


def _reached(actor: Actor) -> ColumnElement[bool]:
    return reached(actor, Permission.READ_CONVERSATIONS) if actor.may(Permission.READ_CONVERSATIONS) else false()


def _colleague(row: Row[Any], organization_id: UUID) -> Colleague:
    is_admin = row.builtin in ADMINS
    kind = ActorKind.ADMIN if is_admin else ActorKind.AGENT
    actor = Actor(kind, row.id, organization_id, grants_of(row.builtin, row.grants))
    preferences, languages = preferences_of(row.decided), Settings.of(row.settings).languages
    language = preferences.language or (languages[0] if languages else ENGLISH)
    return Colleague(
        actor, is_admin, Reader(row.id, row.email, tuple(row.browsers or ()), preferences, row.name, language)
    )
