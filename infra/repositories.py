"""Aggregates from the journal, and the rows that are written with their events."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, false, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.account.organization import default_inbox_of
from domain.account.permission import Permission
from domain.base import Actor, ActorKind, Aggregate, Event, ForbiddenError, Internal, NotFoundError
from domain.conversation.aggregate import Conversation
from domain.conversation.events import (
    AnswerCompleted,
    AnswerRated,
    AnswerStopped,
    ConversationStarted,
    ConversationState,
    CustomerIdentified,
    HandoffRequested,
    Message,
    MessageSent,
)
from domain.conversation.triage import SubjectChanged, Triage
from domain.customer.contact import CustomerBlockedError
from infra.accounts.rows import inboxes
from infra.routing.offering import offering_columns
from infra.rows import conversations, customers, events, messages
from infra.storage.codec import dump, load_event
from infra.storage.sight import reached
from infra.triage.labels import project


class Unit(Protocol):
    """What a repository needs of its unit of work."""

    connection: AsyncConnection
    actor: Actor
    at: datetime
    signals: set[str]
    """Channels on which the others are told once it is committed."""

    async def journal(self, aggregate: Aggregate) -> None:
        """Append the pending events of an aggregate."""
        ...


class Repository(Protocol):
    """Aggregates of one kind, as a unit of work ends with them."""

    async def save(self) -> None:
        """Write the rows and the events of what changed."""
        ...


class SqlConversations:
    """Conversations, rebuilt from their events under a lock on their row: one writer at a time, so none is refused."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._held: list[Conversation] = []

    async def get(self, conversation_id: UUID) -> Conversation:
        """The conversation, if the actor may see it; otherwise `NotFoundError`."""
        found = await self._unit.connection.execute(_locked(self._unit.actor, conversation_id))
        row = found.one_or_none()
        if row is None:
            raise NotFoundError("conversation")
        if row.is_blocked:
            raise CustomerBlockedError
        if not row.may_reply:
            raise ForbiddenError("You may read this conversation, but your role does not let you act in it.")
        conversation = Conversation(conversation_id, row.organization_id)
        conversation.replay(await self._history(conversation.stream))
        self._held.append(conversation)
        return conversation

    async def unlocked(self, ids: Collection[UUID]) -> Mapping[UUID, Conversation]:
        """Those of the organization's that nobody is changing at this moment, locked; nobody is waited for."""
        c = conversations.c
        wanted = select(c.id).where(c.id.in_(ids), c.organization_id == self._unit.actor.tenant)
        free = await self._unit.connection.scalars(wanted.with_for_update(skip_locked=True))
        found = {identity: Conversation(identity, self._unit.actor.tenant) for identity in free}
        streams = {conversation.stream: conversation for conversation in found.values()}
        e = events.c
        history = select(e.stream, e.kind, e.payload).where(e.stream.in_(streams)).order_by(e.stream, e.version)
        for row in await self._unit.connection.execute(history) if found else ():
            streams[row.stream].replay([load_event(row.kind, row.payload)])
        self._held += found.values()
        return found

    async def holding(self, message_id: UUID) -> Conversation:
        """The conversation of a message, if the actor may see it; otherwise `NotFoundError`."""
        m = messages.c
        mine = select(m.conversation_id).where(m.id == message_id, m.organization_id == self._unit.actor.tenant)
        conversation_id = await self._unit.connection.scalar(mine)
        if conversation_id is None:
            raise NotFoundError("message")
        return await self.get(conversation_id)

    def add(self, conversation: Conversation) -> None:
        """Take a new conversation in."""
        self._held.append(conversation)

    async def require_inbox(self, inbox_id: UUID) -> None:
        """`NotFoundError` for an inbox of nobody, or of another tenant, which the foreign key alone would take."""
        c = inboxes.c
        mine = select(c.id).where(c.id == inbox_id, c.organization_id == self._unit.actor.tenant)
        if await self._unit.connection.scalar(mine) is None:
            raise NotFoundError("inbox")

    async def save(self) -> None:
        """Write the rows and the events of what changed."""
        for conversation in self._held:
            if changes := list(conversation.pending):
                if isinstance(changes[0], ConversationStarted):
                    await self._require_heard()
                await self._project(conversation, changes)
                await self._unit.journal(conversation)

    async def _require_heard(self) -> None:
        if await self._unit.connection.scalar(select(_is_blocked(self._unit.actor))):
            raise CustomerBlockedError

    async def _history(self, stream: str) -> list[Event]:
        c = events.c
        rows = await self._unit.connection.execute(
            select(c.kind, c.payload).where(c.stream == stream).order_by(c.version)
        )
        return [load_event(row.kind, row.payload) for row in rows]

    async def _project(self, conversation: Conversation, changes: Sequence[Event]) -> None:
        added = [message for event in changes if (message := said(event))]
        row = _row(conversation, changes, added, self._unit.at)
        if isinstance(changes[0], ConversationStarted):
            statement: Any = insert(conversations).values(row | {"started_at": self._unit.at})
        else:
            statement = conversations.update().where(conversations.c.id == conversation.id).values(row)
        await self._unit.connection.execute(statement)
        await project(self._unit.connection, conversation, changes, row.get("last_activity_at"))
        if any(isinstance(event, CustomerIdentified) for event in changes):
            await self._unit.connection.execute(_reattributed(conversation))
        for event in changes:
            if isinstance(event, AnswerRated):
                await self._unit.connection.execute(_rated(event, self._unit.at))
        if added:
            rows = [_message_row(conversation, message, self._unit.at) for message in added]
            await self._unit.connection.execute(insert(messages), rows)


def said(event: Event) -> Message | None:
    """The message that an event brought into its conversation."""
    if isinstance(event, MessageSent | AnswerCompleted | HandoffRequested | AnswerStopped):
        return event.message
    return None


def _is_blocked(actor: Actor) -> ColumnElement[bool]:
    """Whether it is a customer who is not heard any more."""
    c = customers.c
    if actor.kind is not ActorKind.CUSTOMER:
        return false()
    return exists().where(c.id == actor.identity, c.organization_id == actor.tenant, c.blocked_at.is_not(None))


def _locked(actor: Actor, conversation_id: UUID) -> Select[Any]:
    """The conversation, if the actor may see it, with whether their permission to reply reaches it."""
    c = conversations.c
    may_reply = reached(actor, Permission.REPLY_TO_CONVERSATIONS).label("may_reply")
    found = select(c.organization_id, may_reply, _is_blocked(actor).label("is_blocked")).where(
        c.id == conversation_id, reached(actor, Permission.READ_CONVERSATIONS)
    )
    return found.with_for_update()


def _row(
    conversation: Conversation, changes: Iterable[Event], added: Sequence[Message], at: datetime
) -> dict[str, Any]:
    answering, handoff = conversation.answering, conversation.handoff
    row: dict[str, Any] = {
        "id": conversation.id,
        "organization_id": conversation.organization_id,
        "customer_id": conversation.customer_id,
        "inbox_id": conversation.inbox_id or default_inbox_of(conversation.organization_id),
        "assignee_id": conversation.assignee_id,
        "state": conversation.state,
        "subject": conversation.subject,
        "episode": conversation.episode,
        "handoff_reason": handoff.reason if handoff else None,
        "handoff_summary": handoff.summary if handoff else None,
        "answering_id": answering.answer_id if answering else None,
        "answering_attempt": answering.attempt if answering else None,
        "message_count": conversation.message_count,
        "customer_message_count": conversation.customer_message_count,
        "version": conversation.version + len(conversation.pending),
        **_sorted(conversation.triage),
    }
    if not all(isinstance(event, CustomerIdentified | AnswerRated | Internal) for event in changes):
        row["last_activity_at"] = at  # to learn whose it is, or what they thought of it, was no activity in it
    if added:
        row["last_message_id"] = added[-1].id
    if any(isinstance(event, SubjectChanged) for event in changes):
        row["opening"] = func.coalesce(conversations.c.opening, conversations.c.subject)
    if conversation.state is not ConversationState.WAITING:
        row["waiting_since"] = None
    elif any(isinstance(event, HandoffRequested) for event in changes):
        row["waiting_since"] = at
    return row | offering_columns(conversation, changes, at)


def _sorted(triage: Triage) -> dict[str, Any]:
    return {
        "priority": triage.priority.rank,
        "tag_ids": list(triage.tag_ids),
        "attributes": dict(triage.attributes),
        "is_snoozed": triage.is_snoozed,
        "snoozed_until": triage.snoozed_until,
        "is_spam": triage.is_spam,
        "merged_into": triage.merged_into,
        "linked_ids": list(triage.linked_ids),
    }


def _reattributed(conversation: Conversation) -> Any:
    """Lets all that the customer said be said by who they turned out to be."""
    c = messages.c
    theirs = (c.conversation_id == conversation.id) & (c.author_kind == ActorKind.CUSTOMER)
    return messages.update().where(theirs).values(author_id=conversation.customer_id)


def _rated(event: AnswerRated, at: datetime) -> Any:
    rating = {"helpful": event.helpful, "rating_comment": event.comment, "rated_at": at}
    return messages.update().where(messages.c.id == event.message_id).values(rating)


def _message_row(conversation: Conversation, message: Message, at: datetime) -> dict[str, Any]:
    return {
        "id": message.id,
        "organization_id": conversation.organization_id,
        "conversation_id": conversation.id,
        "number": message.number,
        "episode": message.episode,
        "author_kind": message.author_kind,
        "author_id": message.author_id,
        "kind": message.kind,
        "text": message.text,
        "question_id": message.question_id,
        "citations": [dump(citation) for citation in message.citations] or None,
        "choices": list(message.choices) or None,
        "provenance": dump(message.provenance) if message.provenance else None,
        "action_id": message.action_id,
        "needs_code": message.needs_code,
        "attachments": list(message.attachments),
        "created_at": at,
    }
