"""The statements of a search: candidates by their words, then only what the actor may see and asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    DateTime,
    Float,
    FromClause,
    Integer,
    Select,
    Table,
    TableValuedAlias,
    Text,
    Uuid,
    and_,
    any_,
    cast,
    column,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from domain.account.permission import Permission, Scope
from domain.base import Actor, ActorKind
from domain.knowledge.events import ArticleState, Audience
from domain.search.query import Kind, Search, SearchFilter
from infra.collaboration.rows import notes
from infra.knowledge.rows import article_versions, articles
from infra.rows import conversations, customers, messages
from infra.storage.sight import reached

LOOKED = 4_000
"""How many of the newest are looked at one by one, whatever their words."""
MOST = 5_000
"""How many with the same words are ranked at most."""
MOST_CONVERSATIONS = 1_000
LONGEST_BODY = 20_000
"""Characters of an article among which the words are marked."""
LONG_AGO: ColumnElement[Any] = literal_column("'-infinity'::timestamptz")

PREPARED = text(
    "SELECT CAST(asked AS text) AS asked, numnode(asked) AS nodes, now() + interval '1 microsecond' AS now"
    " FROM search_query(:text, :opening, :prefix) AS asked"
)
STEMS = text("SELECT word, ts_lexize('english_stem', word) AS stem FROM unnest(CAST(:words AS text[])) AS word")


@dataclass(frozen=True, slots=True)
class Asked:
    """A search as Postgres takes it, at a moment that its later pages keep to; `among` are all conversations of it."""

    wanted: Search
    query: str
    until: datetime
    among: Sequence[UUID] | None

    def recent(self, kind: Kind) -> TableValuedAlias:
        """What fits among the newest of a kind."""
        return _found(func.search_recent(*self._arguments(kind), LOOKED))

    def back(self, kind: Kind, until: datetime, *, enough: int, most: int) -> TableValuedAlias:
        """What fits and is older, from the newest span of time back to the one in which it becomes enough."""
        return _found(func.search_back(*self._arguments(kind, until), enough, most))

    def within(self, kind: Kind) -> TableValuedAlias:
        """What fits in the conversations that it is about."""
        places = cast(literal(list(self.among or ()), ARRAY(Uuid)), ARRAY(Uuid))
        return _found(func.search_among(*self._arguments(kind), places, MOST))

    def is_narrow(self, kind: Kind) -> bool:
        """Whether it is about some conversations alone."""
        return self.among is not None and kind in (Kind.MESSAGE, Kind.NOTE)

    def _arguments(self, kind: Kind, until: datetime | None = None) -> tuple[ColumnElement[Any], ...]:
        since = LONG_AGO if self.wanted.filter.since is None else _moment(self.wanted.filter.since)
        return cast(self.query, TSQUERY), cast(kind, Text), since, _moment(until or self.until)


def seen(found: TableValuedAlias, source: Source) -> Select[Any]:
    """Of what was found only what the actor may see and asked for, and the row that tells how far it goes."""
    f = found.c
    joined, allowed = source.joined(found), source.allowed
    return select(f.id, f.conversation_id, f.at, f.rank, f.seen).select_from(joined).where(or_(f.id.is_(None), allowed))


@dataclass(frozen=True)
class Source:
    """What one kind of hits is made of: its rows, which of them the actor may see, and their words."""

    table: Table
    allowed: ColumnElement[bool]
    text: ColumnElement[str]
    needs_message: bool = False

    def joined(self, found: TableValuedAlias) -> FromClause:
        """What was found with the rows that the condition is about."""
        if self.table not in (messages, notes):
            return found.outerjoin(self.table, self.table.c.id == found.c.id)
        joined = found.outerjoin(conversations, conversations.c.id == found.c.conversation_id)
        return joined.outerjoin(messages, messages.c.id == found.c.id) if self.needs_message else joined

    def texts(self, ids: Sequence[UUID]) -> Select[Any]:
        """The words of what was found, as people read them."""
        rows = self.table.c
        return select(rows.id, self.text.label("text")).select_from(self.table).where(rows.id.in_(ids))


def source_of(actor: Actor, kind: Kind, wanted: SearchFilter) -> Source | None:
    """What of a kind the actor may see and asks for; None where that is nothing."""
    if kind in (Kind.MESSAGE, Kind.NOTE):
        return _said(actor, kind, wanted)
    if wanted.is_of_conversations:
        return None
    if kind is Kind.CUSTOMER:
        c = customers.c
        told = func.concat_ws(" · ", c.name, c.email, c.phone, c.external_id)
        mine = and_(c.organization_id == actor.tenant, c.merged_into.is_(None))
        sees_all = actor.grants.get(Permission.READ_CUSTOMERS) is Scope.ALL
        return Source(customers, mine, told) if sees_all else None
    if not actor.may(Permission.READ_KNOWLEDGE):
        return None
    a, v = articles.c, article_versions.c
    words = func.concat_ws(" · ", v.title, func.left(v.body, LONGEST_BODY))
    body = select(words).where(v.article_id == a.id, v.number == a.published_number).scalar_subquery()
    return Source(articles, _readable(actor), body)


def _said(actor: Actor, kind: Kind, wanted: SearchFilter) -> Source | None:
    is_note = kind is Kind.NOTE
    may_not = not actor.may(Permission.READ_CONVERSATIONS) or (is_note and actor.kind is ActorKind.CUSTOMER)
    if may_not or (is_note and wanted.author_kinds is not None):
        return None
    c = conversations.c
    asked: list[ColumnElement[bool]] = [reached(actor, Permission.READ_CONVERSATIONS)]
    for column_, values in (
        (c.inbox_id, wanted.inbox_ids),
        (c.state, wanted.states),
        (c.assignee_id, wanted.assignee_ids),
    ):
        asked += [] if values is None else [column_.in_(values)]
    asked += (
        []
        if wanted.tag_ids is None
        else [or_(false(), *(literal(tag, Uuid) == any_(c.tag_ids) for tag in wanted.tag_ids))]
    )
    asked += [] if wanted.author_kinds is None else [messages.c.author_kind.in_(wanted.author_kinds)]
    table = notes if is_note else messages
    return Source(table, and_(*asked), table.c.text, needs_message=wanted.author_kinds is not None)


def _readable(actor: Actor) -> ColumnElement[bool]:
    a = articles.c
    used = and_(a.organization_id == actor.tenant, a.published_number.is_not(None))
    if actor.may(Permission.READ_INTERNAL_KNOWLEDGE):
        return used
    return and_(used, a.state == ArticleState.PUBLISHED, a.audience == Audience.EVERYONE)


def conversations_of(actor: Actor, wanted: SearchFilter) -> Select[Any] | None:
    """Those conversations that are all that is asked for, the latest of a customer; None where others are too."""
    c = conversations.c
    customer_id = actor.identity if actor.kind is ActorKind.CUSTOMER else wanted.customer_id
    if customer_id is None and wanted.conversation_id is None:
        return None
    mine = select(c.id).where(reached(actor, Permission.READ_CONVERSATIONS))
    if customer_id is not None:
        mine = mine.where(c.customer_id == customer_id)
    if wanted.conversation_id is not None:
        mine = mine.where(c.id == wanted.conversation_id)
    return mine.order_by(c.last_activity_at.desc()).limit(MOST_CONVERSATIONS)


def _moment(at: datetime) -> ColumnElement[Any]:
    return literal(at, DateTime(timezone=True))


def _found(function: Any) -> TableValuedAlias:
    alias: TableValuedAlias = function.table_valued(
        column("id", Uuid),
        column("conversation_id", Uuid),
        column("at", DateTime(timezone=True)),
        column("rank", Float),
        column("seen", Integer),
    ).alias("found")
    return alias
