"""The queue as statements: the conversations that wait, in their order, and what each needs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select, text

from domain.routing.deciding import Person, Waiting
from domain.routing.ports import House
from infra.assist.rows import classifications
from infra.routing.rows import QUEUED, inbox_needs
from infra.rows import conversations

ORDER = (conversations.c.priority.desc(), conversations.c.waiting_since, conversations.c.id)


def queue(organization_id: UUID) -> Select[Any]:
    """All that waits, with what it needs: what its inbox asks for, else what it was found to be about."""
    c, n, k = conversations.c, inbox_needs.c, classifications.c
    joined = conversations.outerjoin(inbox_needs, n.id == c.inbox_id).outerjoin(classifications, k.id == c.id)
    return (
        select(
            c.id,
            c.inbox_id,
            c.priority,
            c.waiting_since,
            c.passed,
            c.offered_to,
            c.offered_until,
            func.coalesce(n.language, k.language).label("language"),
            func.coalesce(n.topic, k.topic).label("topic"),
        )
        .select_from(joined)
        .where(c.organization_id == organization_id, queued())
    )


def queued() -> ColumnElement[bool]:
    """The condition of the index that the queue is."""
    return text(QUEUED)  # type: ignore[return-value]


def read(row: Row[Any], house: House) -> Waiting:
    """One that waits."""
    return Waiting(
        id=row.id,
        inbox_id=row.inbox_id,
        rank=row.priority,
        since=row.waiting_since,
        for_team=row.inbox_id in house.of_teams,
        language=row.language,
        topic=row.topic,
        passed={UUID(agent): datetime.fromisoformat(until) for agent, until in row.passed.items()},
    )


def after(one: Waiting) -> ColumnElement[bool]:
    """What comes later in the queue; its first condition is what the index is entered by."""
    c = conversations.c
    later = or_(c.waiting_since > one.since, and_(c.waiting_since == one.since, c.id > one.id))
    return and_(c.priority <= one.rank, or_(c.priority < one.rank, later))


def for_some(people: Sequence[Person], house: House, at: datetime) -> ColumnElement[bool]:
    """What one of these people may fit, so that the head of the queue is not full of what nobody can take."""
    c = conversations.c
    theirs = [c.inbox_id.in_(sorted(frozenset[UUID]().union(*(person.inbox_ids for person in people))))]
    if any(person.everywhere for person in people):
        theirs.append(c.inbox_id.not_in(sorted(house.of_teams)))
    spoken = None if any(not each.languages for each in people) else {one for each in people for one in each.languages}
    known = None if any(not each.topics for each in people) else {one for each in people for one in each.topics}
    n, k = inbox_needs.c, classifications.c
    stem = func.lower(func.split_part(func.coalesce(n.language, k.language), "-", 1))
    topic = func.lower(func.coalesce(n.topic, k.topic))
    return and_(
        or_(*theirs),
        *_unless_waited(stem, spoken, house.terms.language, at),
        *_unless_waited(topic, known, house.terms.topic, at),
    )


def _unless_waited(
    skill: ColumnElement[Any], held: set[str] | None, seconds: int, at: datetime
) -> Sequence[ColumnElement[bool]]:
    """That a skill is held, or not asked for, or not any more; no condition where somebody has no limit."""
    if held is None:
        return ()
    waited = conversations.c.waiting_since <= at - timedelta(seconds=seconds)
    return (or_(skill.is_(None), skill.in_(sorted(held)), waited),)
