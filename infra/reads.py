"""What one actor may see: every statement is bound to the actor, and one operation sees one moment."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Executable, Row, Select, and_, any_, func, literal, select, true
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.account.permission import Permission, Scope
from domain.assistant import Citation, HandoffReason, Provenance
from domain.base import STAFF, Actor, ActorKind
from domain.conversation.events import ConversationState, Message, MessageKind
from domain.conversation.triage import Priority, Triage
from domain.ports import (
    ConversationView,
    CustomerView,
    DeadLetter,
    MessageView,
    Page,
    PageRequest,
    RatingView,
)
from domain.triage.label import TagColor, TagView
from infra.database import Database, outages
from infra.rows import conversations, customers, events, jobs, messages, read_marks
from infra.storage.paging import keyset, paged
from infra.storage.sight import reached
from infra.triage.rows import tags

_tag = tags.c
_described = func.jsonb_build_object("id", _tag.id, "name", _tag.name, "color", _tag.color)
_of_one = select(func.coalesce(func.jsonb_agg(aggregate_order_by(_described, _tag.name)), literal([], JSONB)))
TAGS = _of_one.where(_tag.id == any_(conversations.c.tag_ids)).scalar_subquery().label("tags")
"""The tags of a conversation, read along with it."""
_citations = TypeAdapter(tuple[Citation, ...])
_provenance = TypeAdapter(Provenance)


class SqlReads:
    """Reads of one operation, in one read-only transaction that begins with the first of them.

    Statements take turns on its connection, so that concurrent resolvers are safe and the tenant is set only once.
    """

    def __init__(self, database: Database, actor: Actor) -> None:
        self._database = database
        self._actor = actor
        self._turn = asyncio.Lock()
        self._stack = AsyncExitStack()
        self._connection: AsyncConnection | None = None
        self._is_over = False

    async def close(self) -> None:
        """Give the connection back; the next read opens a new snapshot."""
        async with self._turn:
            self._connection = None
            await self._stack.aclose()

    async def end(self) -> None:
        """Give the connection back for good: a loader's batch that is still to come has nobody to read for."""
        self._is_over = True
        await self.close()

    async def customers(self, ids: Sequence[UUID]) -> Sequence[CustomerView | None]:
        """Customers by id; a customer sees no other."""
        scope = self._actor.require(Permission.READ_CUSTOMERS)
        c = customers.c
        wanted = select(customers).where(c.id.in_(ids), c.organization_id == self._actor.tenant)
        if scope is not Scope.ALL:
            wanted = wanted.where(c.id == self._actor.identity)
        return _ordered(ids, {row.id: customer_of(row, self._actor) for row in await self._rows(wanted)})

    async def conversations(self, ids: Sequence[UUID]) -> Sequence[ConversationView | None]:
        """Conversations by id."""
        wanted = self._conversations().where(conversations.c.id.in_(ids))
        return _ordered(ids, {row.id: self._conversation(row) for row in await self._rows(wanted)})

    async def messages(self, ids: Sequence[UUID]) -> Sequence[MessageView | None]:
        """Messages by id."""
        wanted = self._messages().where(messages.c.id.in_(ids))
        return _ordered(ids, {row.id: self._message(row) for row in await self._rows(wanted)})

    async def message_pages(self, keys: Sequence[tuple[UUID, PageRequest]]) -> Sequence[Page[MessageView]]:
        """For each conversation a page of its messages, oldest first, in one statement for all of them."""
        page = keys[0][1]
        c = conversations.c
        one = keyset(
            select(messages).where(messages.c.conversation_id == c.id), page, (messages.c.number, int), descending=False
        ).lateral("wanted")
        wanted = select(one).select_from(conversations.join(one, true())).where(self._visible())
        rows = await self._rows(wanted.where(c.id.in_([key for key, _ in keys])))
        found: dict[UUID, list[Row[Any]]] = {}
        for row in rows:
            found.setdefault(row.conversation_id, []).append(row)
        by_number = {key: sorted(of, key=lambda row: row.number, reverse=page.backward) for key, of in found.items()}
        return [
            paged(by_number.get(key, []), page, self._message, lambda row: (str(row.number),)) for key, page in keys
        ]

    async def dead_letters(self, page: PageRequest) -> Page[DeadLetter]:
        """Jobs of the organization that failed for good, newest first."""
        self._actor.require(Permission.MANAGE_JOBS)
        j, e = jobs.c, events.c
        wanted = (
            select(j.id, j.name, e.stream, e.kind, j.attempts, j.error, j.run_at)
            .select_from(jobs.join(events, e.id == j.event_id))
            .where(j.organization_id == self._actor.tenant, j.state == "dead")
        )
        rows = await self._rows(keyset(wanted, page, (j.id, int), descending=True))
        return paged(rows, page, _dead_letter, lambda row: (str(row.id),))

    async def inbox_position(self) -> int:
        """The newest delivered position of the organization; `ForbiddenError` for customers."""
        self._actor.require(Permission.READ_CONVERSATIONS)
        self._actor.require_kind(*STAFF, ActorKind.API_KEY)
        c = events.c
        newest = select(func.max(c.delivered_position)).where(c.organization_id == self._actor.tenant)
        return (await self._rows(newest))[0][0] or 0

    def _conversations(self) -> Select[Any]:
        c, mark = conversations.c, read_marks.c
        if self._actor.kind is ActorKind.CUSTOMER:
            return select(conversations).where(self._visible())
        if not self._actor.is_staff:
            return select(*conversations.c, TAGS).where(self._visible())
        mine = and_(mark.conversation_id == c.id, mark.agent_id == self._actor.identity)
        unread = c.customer_message_count - func.coalesce(mark.customer_messages, 0)
        joined = conversations.outerjoin(read_marks, mine)
        return select(*conversations.c, TAGS, unread.label("unread")).select_from(joined).where(self._visible())

    def _messages(self) -> Select[Any]:
        m, c = messages.c, conversations.c
        return (
            select(messages).select_from(messages.join(conversations, c.id == m.conversation_id)).where(self._visible())
        )

    def _visible(self) -> Any:
        """The conversations that the actor sees, and with them their messages."""
        return reached(self._actor, Permission.READ_CONVERSATIONS)

    def _conversation(self, row: Row[Any]) -> ConversationView:
        staff, at_work = self._actor.is_staff, self._actor.kind is not ActorKind.CUSTOMER
        return ConversationView(
            id=row.id,
            customer_id=row.customer_id,
            inbox_id=row.inbox_id,
            assignee_id=row.assignee_id,
            state=ConversationState(row.state),
            subject=row.subject if at_work else row.opening or row.subject,
            episode=row.episode,
            handoff_reason=HandoffReason(row.handoff_reason) if row.handoff_reason else None,
            handoff_summary=row.handoff_summary if staff else None,
            waiting_since=row.waiting_since,
            answering_id=row.answering_id,
            last_message_id=row.last_message_id,
            message_count=row.message_count,
            unread_count=row.unread if staff else 0,
            version=row.version,
            started_at=row.started_at,
            last_activity_at=row.last_activity_at,
            triage=_triage(row) if at_work else None,
            tags=tuple(_tag_of(tag) for tag in row.tags) if at_work else (),
        )

    def _message(self, row: Row[Any]) -> MessageView:
        provenance = row.provenance if self._actor.is_staff else None
        message = Message(
            id=row.id,
            number=row.number,
            episode=row.episode,
            author_kind=ActorKind(row.author_kind),
            author_id=row.author_id,
            kind=MessageKind(row.kind),
            text=row.text,
            question_id=row.question_id,
            citations=_citations.validate_python(row.citations or ()),
            choices=tuple(row.choices or ()),
            provenance=_provenance.validate_python(provenance) if provenance else None,
            action_id=row.action_id,
            needs_code=row.needs_code,
            attachments=tuple(row.attachments),
        )
        rating = None if row.helpful is None else RatingView(row.helpful, row.rating_comment, row.rated_at)
        return MessageView(message, row.conversation_id, row.created_at, rating)

    async def _rows(self, statement: Executable) -> Sequence[Row[Any]]:
        async with self._connected() as connection:
            return (await connection.execute(statement)).all()

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[AsyncConnection]:
        """The operation's one connection, for one turn: a second one beside it could wait for the first for ever."""
        async with self._turn:
            with outages():  # what runs here is not in the block of the transaction, which stays open for the next turn
                yield await self._opened()

    async def _opened(self) -> AsyncConnection:
        if self._is_over:
            raise asyncio.CancelledError  # a connection that is opened now would never be given back
        if self._connection is None:
            opening = self._database.tenant(self._actor.tenant, snapshot=True)
            self._connection = await self._stack.enter_async_context(opening)
        return self._connection


def customer_of(row: Row[Any], actor: Actor) -> CustomerView:
    """A customer as an actor sees them."""
    known = CustomerView(row.id, row.name, row.email, row.phone, row.language, row.zone)
    if actor.kind is ActorKind.CUSTOMER:
        return known
    return replace(
        known,
        attributes=row.attributes,
        external_id=row.external_id,
        verified_at=row.verified_at,
        blocked_at=row.blocked_at,
        erased_at=row.erased_at,
        merged_into=row.merged_into,
        created_at=row.created_at,
    )


def _ordered(ids: Sequence[UUID], found: dict[UUID, Any]) -> Sequence[Any]:
    return [found.get(identity) for identity in ids]


def _triage(row: Row[Any]) -> Triage:
    return Triage(
        priority=list(Priority)[row.priority],
        tag_ids=tuple(row.tag_ids),
        attributes=row.attributes,
        is_snoozed=row.is_snoozed,
        snoozed_until=row.snoozed_until,
        is_spam=row.is_spam,
        merged_into=row.merged_into,
        linked_ids=tuple(row.linked_ids),
    )


def _tag_of(tag: dict[str, str]) -> TagView:
    return TagView(UUID(tag["id"]), tag["name"], TagColor(tag["color"]))


def _dead_letter(row: Row[Any]) -> DeadLetter:
    return DeadLetter(row.id, row.name, row.stream, row.kind, row.attempts, row.error, row.run_at)
