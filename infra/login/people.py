"""People as they are stored: found by address, with their memberships, and changed without two doing so at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.login.person import Membership, Person
from infra.accounts.rows import people, recovery_codes, roles, sessions
from infra.rows import agents, organizations


async def person_by_email(connection: AsyncConnection, email: str) -> Person | None:
    """The person with an address in lower case."""
    return await _person(connection, people.c.email == email)


async def person_by_id(connection: AsyncConnection, person_id: UUID) -> Person | None:
    """The person of an id."""
    return await _person(connection, people.c.id == person_id)


async def _person(connection: AsyncConnection, which: ColumnElement[bool]) -> Person | None:
    p, a, o, r = people.c, agents.c, organizations.c, roles.c
    joined = (
        people.outerjoin(agents, a.person_id == p.id)
        .outerjoin(organizations, o.id == a.organization_id)
        .outerjoin(roles, r.id == a.role_id)
    )
    there = [a.id.label("agent_id"), a.organization_id, a.suspended_at, r.builtin]
    where = [o.name.label("organization"), o.slug, o.settings, o.suspended_at.label("organization_suspended_at")]
    wanted = select(people, *there, *where).select_from(joined).where(which).order_by(o.name, o.id)
    rows = (await connection.execute(wanted)).all()
    return _read(rows) if rows else None


def _read(rows: Sequence[Row[Any]]) -> Person:
    row = rows[0]
    return Person(
        row.id,
        row.email,
        row.name,
        row.password_hash,
        row.password_changed_at,
        row.email_verified_at is not None,
        row.totp_confirmed_at is not None,
        tuple(_membership(one) for one in rows if one.agent_id is not None),
    )


def _membership(row: Row[Any]) -> Membership:
    return Membership(
        row.agent_id,
        row.organization_id,
        row.organization,
        row.slug,
        row.builtin,
        row.suspended_at is not None,
        row.organization_suspended_at is not None,
        row.settings.get("sign_in") or {},
    )


async def session_of(connection: AsyncConnection, session_id: UUID | None) -> tuple[str, UUID | None] | None:
    """By which way a session began, and whose it is; None for no session."""
    s = sessions.c
    row = (await connection.execute(select(s.strategy, s.person_id).where(s.id == session_id))).one_or_none()
    return (row.strategy, row.person_id) if row else None


async def store_hash(connection: AsyncConnection, person: Person, password_hash: str) -> bool:
    """Store the same password under newer figures, unless it was changed meanwhile."""
    same = (people.c.id == person.id) & (people.c.password_hash == person.password_hash)
    return _one(await connection.execute(update(people).where(same).values(password_hash=password_hash)))


async def has_same_password(connection: AsyncConnection, person: Person) -> bool:
    """Whether the password is still the one that the person was read with; until the transaction ends it stays so."""
    p = people.c
    changed_at = select(p.password_changed_at).where(p.id == person.id).with_for_update(read=True)
    row = (await connection.execute(changed_at)).one_or_none()
    return row is not None and row.password_changed_at == person.password_changed_at


async def use_step(connection: AsyncConnection, person_id: UUID, step: int) -> bool:
    """Use up a code of the app: false when it, or a later one, was used before."""
    p = people.c
    unused = (p.id == person_id) & or_(p.totp_step.is_(None), p.totp_step < step)
    return _one(await connection.execute(update(people).where(unused).values(totp_step=step)))


async def use_recovery_code(
    connection: AsyncConnection, person_id: UUID, hashes: Sequence[bytes], at: datetime
) -> bool:
    """Use up a recovery code: false when it is none, or was used before."""
    c = recovery_codes.c
    unused = (c.person_id == person_id) & c.hash.in_(hashes) & c.used_at.is_(None)
    return _one(await connection.execute(update(recovery_codes).where(unused).values(used_at=at)))


def _one(result: Any) -> bool:
    return bool(result.rowcount == 1)


async def second_factor_of(connection: AsyncConnection, person_id: UUID) -> tuple[bytes, int | None] | None:
    """The sealed secret of a confirmed app, and the step of the last code that was used; None without one."""
    p = people.c
    confirmed = select(p.totp_secret, p.totp_step).where(p.id == person_id, p.totp_confirmed_at.is_not(None))
    row = (await connection.execute(confirmed)).one_or_none()
    return (bytes(row.totp_secret), row.totp_step) if row else None
