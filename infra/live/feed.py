"""One reader's view of what happens: replayed from the journal, then live, each event once and in order."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from time import monotonic
from uuid import UUID

from sqlalchemy import select

from domain.account.permission import Permission, Scope
from domain.base import STAFF, Actor, ActorKind, Internal, NotFoundError, Recorded, stream_of
from domain.conversation.events import (
    AnswerCompleted,
    Answering,
    AnswerStarted,
    AnswerStopped,
    ConversationResolved,
    ConversationTakenOver,
    HandoffRequested,
)
from domain.ports import Frame, Resync
from infra.database import Database
from infra.journal import SqlJournal
from infra.live.hub import CONVERSATIONS, Hub, Item, Mailbox, inbox_of
from infra.live.replies import RedisReplies
from infra.repositories import said
from infra.rows import conversations
from infra.storage.sight import reached

MOST_REPLAYED = 1_000
"""How many events a returning reader is given; one who missed more loads the state again."""
LOOK_EVERY = 1.0
"""Seconds of frames after which somebody who sees some conversations only may have lost this one."""
TOO_OLD = "Too much has happened since this cursor. Load the state again."
UNKNOWN = "This cursor is unknown. Load the state again."

ENDS = (AnswerCompleted, AnswerStopped, HandoffRequested, ConversationTakenOver, ConversationResolved)
"""After these no frame of the answer before them is wanted."""


@dataclass
class Reply:
    """How much of the answer that is being written one reader has got."""

    answering: Answering
    text: str = ""

    def fits(self, frame: Frame) -> bool:
        """False when the reader misses what comes before the frame."""
        return frame.offset <= len(self.text)

    def rest(self, text: str) -> Iterator[Frame]:
        """What the reader has not got of a text that continues what was written so far; at most one frame."""
        if len(text) > len(self.text) and text.startswith(self.text):
            yield Frame(self.answering.answer_id, self.answering.attempt, len(self.text), text[len(self.text) :])
            self.text = text


class Watch:
    """Follows one conversation for one reader, who has everything up to `version`."""

    def __init__(self, journal: SqlJournal, replies: RedisReplies, mailbox: Mailbox, actor: Actor, stream: str) -> None:
        self._journal = journal
        self._replies = replies
        self._mailbox = mailbox
        self._organization_id = actor.tenant
        self._stream = stream
        self._reply: Reply | None = None
        self.version = 0

    def begin(self, version: int, answering: Answering | None) -> None:
        """Start after a version, perhaps in the middle of an answer."""
        self.version = version
        self._reply = Reply(answering) if answering else None

    async def items(self) -> AsyncGenerator[Recorded | Frame, None]:
        """What is new: first from the journal, then as it comes; back to the journal whenever something is missing."""
        behind = True
        while True:
            if behind:
                while missed := await self._missed():
                    for event in missed:
                        for item in self._event(event):
                            yield item
                for frame in await self._written():
                    yield frame
            heard, behind = await self._mailbox.take()
            for one in heard:
                if behind or (behind := self._misses(one)):
                    break
                for item in self._news(one):
                    yield item
                if isinstance(one, Recorded) and isinstance(one.event, AnswerStarted):
                    for frame in await self._written():
                        yield frame

    async def _missed(self) -> Sequence[Recorded]:
        return await self._journal.of_stream(self._organization_id, self._stream, self.version)

    async def _written(self) -> list[Frame]:
        """What was written of the current answer that the reader has not got; its frames may have come too early."""
        if self._reply is None:
            return []
        answering = self._reply.answering
        return list(self._reply.rest(await self._replies.read(answering.answer_id, answering.attempt)))

    def _misses(self, item: Item) -> bool:
        if isinstance(item, Frame):
            return self._is_current(item) and self._reply is not None and not self._reply.fits(item)
        return item.version > self.version + 1

    def _news(self, item: Item) -> Iterator[Recorded | Frame]:
        if isinstance(item, Recorded):
            yield from self._event(item)
        elif self._reply and self._is_current(item):
            yield from self._reply.rest(self._reply.text[: item.offset] + item.text)

    def _event(self, event: Recorded) -> Iterator[Recorded | Frame]:
        if event.version <= self.version:
            return
        if self._reply and isinstance(event.event, AnswerCompleted | AnswerStopped):
            message = said(event.event)
            if message and message.id == self._reply.answering.answer_id and self._reply.text:
                yield from self._reply.rest(message.text)
        self._follow(event)
        self.version = event.version
        yield event

    def _follow(self, event: Recorded) -> None:
        if isinstance(event.event, AnswerStarted):
            started = event.event
            self._reply = Reply(Answering(started.answer_id, started.question_id, started.attempt))
        elif isinstance(event.event, ENDS):
            self._reply = None

    def _is_current(self, frame: Frame) -> bool:
        reply = self._reply
        return reply is not None and (frame.answer_id, frame.attempt) == (
            reply.answering.answer_id,
            reply.answering.attempt,
        )


@dataclass(frozen=True, slots=True)
class Head:
    """Where a conversation stands when a reader comes."""

    version: int
    answering: Answering | None


class SqlFeed:
    """The feed over the journal, the hub and the replies. Holds no database connection while it waits."""

    def __init__(self, database: Database, journal: SqlJournal, hub: Hub, replies: RedisReplies) -> None:
        self._database = database
        self._journal = journal
        self._hub = hub
        self._replies = replies

    async def conversation(
        self, actor: Actor, conversation_id: UUID, after: int | None
    ) -> AsyncGenerator[Recorded | Frame | Resync, None]:
        """Events of one conversation after a version, with the frames of its answers.

        Whoever sees some conversations only, sees this one for as long as it is among them. `NotFoundError` comes then,
        before the next event, or within a second of the frames of an answer.
        """
        stream = stream_of("conversation", conversation_id)
        with self._hub.mailbox(stream) as mailbox:
            head = await self._head(actor, conversation_id)
            watch = Watch(self._journal, self._replies, mailbox, actor, stream)
            problem = None if after is None else _unusable(after, head.version)
            watch.begin(head.version if after is None or problem else after, head.answering)
            if problem:
                yield Resync(head.version, problem)
            hidden = Internal if actor.kind is ActorKind.CUSTOMER else ()
            sees_all = actor.kind is ActorKind.CUSTOMER or actor.require(Permission.READ_CONVERSATIONS) is Scope.ALL
            looked_at = monotonic()
            async with aclosing(watch.items()) as items:
                async for item in items:
                    if not sees_all and (isinstance(item, Recorded) or monotonic() > looked_at + LOOK_EVERY):
                        await self._head(actor, conversation_id)  # raises when it went to other people
                        looked_at = monotonic()
                    if not (isinstance(item, Recorded) and isinstance(item.event, hidden)):
                        yield item

    async def inbox(self, actor: Actor, after: int | None) -> AsyncGenerator[Recorded | Resync, None]:
        """Delivered events of all conversations after a position; for staff."""
        scope = actor.require(Permission.READ_CONVERSATIONS)
        actor.require_kind(*STAFF, ActorKind.API_KEY)
        with self._hub.mailbox(inbox_of(actor.tenant)) as mailbox:
            newest = await self._journal.last_position()
            position = newest if after is None else after
            if not 0 <= position <= newest:
                yield Resync(newest, UNKNOWN)
                position = newest
            heard: list[Item] = []
            behind = True
            while True:
                news = await self._undelivered(actor, position) if behind else _events(heard)
                if len(news) > MOST_REPLAYED:
                    position, news = await self._journal.last_position(), []
                    yield Resync(position, TOO_OLD)
                for event in news if scope is Scope.ALL else await self._reached(actor, news):
                    if event.position is not None and event.position > position:
                        position = event.position
                        yield event
                heard, behind = await mailbox.take()

    async def _undelivered(self, actor: Actor, position: int) -> Sequence[Recorded]:
        return await self._journal.of_organization(actor.tenant, position, prefix=CONVERSATIONS, most=MOST_REPLAYED + 1)

    async def _reached(self, actor: Actor, news: Sequence[Recorded]) -> Sequence[Recorded]:
        """The events of conversations that the actor sees at this moment."""
        streams = {event.stream: UUID(event.stream.removeprefix(CONVERSATIONS)) for event in news}
        c = conversations.c
        wanted = select(c.id).where(c.id.in_(streams.values()), reached(actor, Permission.READ_CONVERSATIONS))
        async with self._database.tenant(actor.tenant) as connection:
            seen = set((await connection.execute(wanted)).scalars())
        return [event for event in news if streams[event.stream] in seen]

    async def _head(self, actor: Actor, conversation_id: UUID) -> Head:
        c = conversations.c
        wanted = select(c.version, c.answering_id, c.answering_attempt).where(
            c.id == conversation_id, reached(actor, Permission.READ_CONVERSATIONS)
        )
        async with self._database.tenant(actor.tenant) as connection:
            row = (await connection.execute(wanted)).one_or_none()
        if row is None:
            raise NotFoundError("conversation")
        writing = row.answering_id is not None
        return Head(row.version, Answering(row.answering_id, UUID(int=0), row.answering_attempt) if writing else None)


def _unusable(after: int, version: int) -> str | None:
    if not 0 <= after <= version:
        return UNKNOWN
    return TOO_OLD if version - after > MOST_REPLAYED else None


def _events(items: Sequence[Item]) -> Sequence[Recorded]:
    return [item for item in items if isinstance(item, Recorded)]
