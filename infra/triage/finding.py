"""From a filter to statements that read a page of conversations, or count them, by indexes that exist.

A page is the union of a few short lists, the arms: each is read from one index in the order of the page, from the
place that the page begins at, and ends after as many rows as the page has. So a deep page costs what the first does.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import product
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    FromClause,
    Interval,
    Select,
    Subquery,
    Uuid,
    and_,
    any_,
    exists,
    func,
    literal,
    select,
    true,
    union,
)

from domain.account.permission import Permission
from domain.base import Actor, ActorKind
from domain.conversation.events import ConversationState
from domain.ports import PageRequest
from domain.triage.filter import ConversationFilter, ConversationOrder
from domain.triage.label import wanted_labels
from infra.accounts.rows import inboxes
from infra.rows import conversations, read_marks
from infra.storage.paging import Key, keyset
from infra.storage.sight import reached
from infra.triage.rows import labels

Condition = ColumnElement[bool]
c = conversations.c


def page_of(actor: Actor, wanted: ConversationFilter, order: ConversationOrder, page: PageRequest) -> Subquery:
    """The ids of a page, with one more than asked for, and the places in the order that they have."""
    if order is ConversationOrder.ACTIVITY and (wanted.tag_ids or wanted.attributes):
        return _either(_labelled(actor, wanted, page), order, page)
    arms = _product(wanted, order)
    rest = [*_rest(actor, wanted), *([] if arms else _sorted(wanted)), *_labels(wanted)]
    if order is ConversationOrder.WAITING:
        rest.append(c.waiting_since.is_not(None))
    keys = KEYS[order]
    descending = order is not ConversationOrder.WAITING
    found = [_arm(conversations, [arm, *rest], page, keys, descending=descending) for arm in arms or [true()]]
    return _either(found, order, page)


def counted(actor: Actor, wanted: ConversationFilter, most: int) -> Select[Any]:
    """How many there are, but for those after the first `most`."""
    conditions = [*_rest(actor, wanted), *_sorted(wanted), *_labels(wanted)]
    found = select(literal(1)).select_from(conversations).where(*conditions)
    return select(func.count()).select_from(found.limit(most).subquery())


def place_of(row: Any, order: ConversationOrder) -> tuple[str, ...]:
    """Where a row stands in an order, as cursors have it."""
    match order:
        case ConversationOrder.ACTIVITY:
            return row.last_activity_at.isoformat(), str(row.id)
        case ConversationOrder.WAITING:
            return row.waiting_since.isoformat(), str(row.id)
        case ConversationOrder.PRIORITY:
            return str(row.priority), row.last_activity_at.isoformat(), str(row.id)


KEYS: dict[ConversationOrder, tuple[Key, ...]] = {
    ConversationOrder.ACTIVITY: ((c.last_activity_at, datetime.fromisoformat), (c.id, UUID)),
    ConversationOrder.WAITING: ((c.waiting_since, datetime.fromisoformat), (c.id, UUID)),
    ConversationOrder.PRIORITY: ((c.priority, int), (c.last_activity_at, datetime.fromisoformat), (c.id, UUID)),
}


def _labelled(actor: Actor, wanted: ConversationFilter, page: PageRequest) -> list[Select[Any]]:
    """One arm for each of the tags of which one is enough, or one for a label that all wanted ones have."""
    mark = labels.c
    required = [*wanted.all_tag_ids, *wanted_labels(wanted.attributes)]
    first = wanted.any_tag_ids or required[:1]
    others = required if wanted.any_tag_ids else required[1:]
    rest = [*_rest(actor, wanted), *_sorted(wanted), *(_has([each]) for each in others)]
    keys: tuple[Key, ...] = ((mark.last_activity_at, datetime.fromisoformat), (mark.conversation_id, UUID))
    joined = labels.join(conversations, c.id == mark.conversation_id)
    mine = mark.organization_id == actor.tenant
    return [
        _arm(joined, [mine, mark.label == each, *rest], page, keys, descending=True) for each in dict.fromkeys(first)
    ]


def _product(wanted: ConversationFilter, order: ConversationOrder) -> list[Condition]:
    """One condition for each way that state and priority can be, where an index has the rest of the order after them.

    None where few are wanted anyway, or where an index has the whole order without.
    """
    is_selective = wanted.customer_id or wanted.assignee_id or wanted.is_mine or wanted.is_spam or wanted.is_snoozed
    if is_selective or order is ConversationOrder.WAITING:
        return []
    by_priority = bool(wanted.priorities) or order is ConversationOrder.PRIORITY
    if not (by_priority or wanted.states):
        return []
    states = wanted.states or tuple(ConversationState)
    priorities = wanted.priorities if order is ConversationOrder.ACTIVITY else ()
    also = [c.priority.in_([each.rank for each in wanted.priorities])] if wanted.priorities and not priorities else []
    if not priorities:
        return [and_(c.state == state, *also) for state in dict.fromkeys(states)]
    ways = product(dict.fromkeys(states), dict.fromkeys(priorities))
    return [and_(c.state == state, c.priority == priority.rank) for state, priority in ways]


def _arm(
    place: FromClause, conditions: Sequence[Condition], page: PageRequest, keys: tuple[Key, ...], *, descending: bool
) -> Select[Any]:
    columns = [column.label(f"place_{number}") for number, (column, _) in enumerate(keys)]
    return keyset(select(c.id, *columns).select_from(place).where(*conditions), page, *keys, descending=descending)


def _either(arms: Sequence[Select[Any]], order: ConversationOrder, page: PageRequest) -> Subquery:
    """Those of all arms that come first in the order, each once."""
    if len(arms) == 1:
        return arms[0].subquery("found")
    each = union(*(select(arm.subquery()) for arm in arms)).subquery("each")
    places = [column for column in each.c if column.name.startswith("place_")]
    is_ascending = order is ConversationOrder.WAITING
    ordered = [column.asc() if is_ascending else column.desc() for column in places]
    return select(each).order_by(*ordered).limit(page.size + 1).subquery("found")


def _sorted(wanted: ConversationFilter) -> list[Condition]:
    """Conditions on states and priorities, where they are asked for."""
    ranks = [each.rank for each in wanted.priorities]
    by_state = [c.state.in_(wanted.states)] if wanted.states else []
    return [*by_state, *([c.priority.in_(ranks)] if ranks else [])]


def _labels(wanted: ConversationFilter) -> list[Condition]:
    required = [[each] for each in (*wanted.all_tag_ids, *wanted_labels(wanted.attributes))]
    return [_has(each) for each in (*([wanted.any_tag_ids] if wanted.any_tag_ids else []), *required)]


def _has(of: Sequence[UUID]) -> Condition:
    mark = labels.alias().c  # beside the labels that the list is read from
    return exists().where(mark.conversation_id == c.id, mark.label.in_(of))


def _rest(actor: Actor, wanted: ConversationFilter) -> list[Condition]:
    """Everything but states, priorities and labels, in the conversations that the actor sees."""
    conditions: list[Condition | None] = [
        reached(actor, Permission.READ_CONVERSATIONS),
        *_people(actor, wanted),
        *_times(wanted),
        c.inbox_id.in_(wanted.inbox_ids) if wanted.inbox_ids else None,
        _by_channel(actor, wanted) if wanted.channels else None,
        None if wanted.is_snoozed is None else _is(c.is_snoozed, wanted.is_snoozed),
        None if actor.kind is ActorKind.CUSTOMER else _is(c.is_spam, wanted.is_spam),
    ]
    return [each for each in conditions if each is not None]


def _people(actor: Actor, wanted: ConversationFilter) -> list[Condition | None]:
    assigned = {None: None, True: c.assignee_id.is_not(None), False: c.assignee_id.is_(None)}[wanted.is_assigned]
    return [
        c.customer_id == wanted.customer_id if wanted.customer_id else None,
        c.assignee_id == wanted.assignee_id if wanted.assignee_id else None,
        c.assignee_id == actor.identity if wanted.is_mine else None,
        assigned,
        _is_unread(actor) if wanted.is_unread else None,
    ]


def _times(wanted: ConversationFilter) -> list[Condition | None]:
    """What began after a time was active after it, too: then an index by activity ends there."""
    began, active = c.started_at, c.last_activity_at
    waits = literal(timedelta(seconds=wanted.waiting_seconds or 0), Interval)
    return [
        None if wanted.waiting_seconds is None else c.waiting_since <= func.now() - waits,
        and_(began >= wanted.started_after, active >= wanted.started_after) if wanted.started_after else None,
        began < wanted.started_before if wanted.started_before else None,
        active >= wanted.active_after if wanted.active_after else None,
        active < wanted.active_before if wanted.active_before else None,
    ]


def _is(flag: ColumnElement[bool], wanted: bool) -> Condition:
    return flag if wanted else ~flag


def _is_unread(actor: Actor) -> Condition:
    mark = read_marks.c
    read = select(mark.customer_messages).where(mark.conversation_id == c.id, mark.agent_id == actor.identity)
    return c.customer_message_count > func.coalesce(read.scalar_subquery(), 0)


def _by_channel(actor: Actor, wanted: ConversationFilter) -> Condition:
    i = inboxes.c
    of = select(i.id).where(i.organization_id == actor.tenant, i.channel.in_(wanted.channels))
    return c.inbox_id == any_(func.array(of.scalar_subquery(), type_=ARRAY(Uuid)))  # made once, so that an index serves
