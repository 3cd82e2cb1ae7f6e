"""What the business needs from outside, and the views that people see."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from domain.assistant import HandoffReason
from domain.base import Actor, Recorded
from domain.conversation.aggregate import Conversation
from domain.conversation.events import ConversationState, Message
from domain.conversation.triage import AttributeValue, Triage
from domain.triage.label import TagView

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class IdempotencyKey:
    """What makes a repeated request the same request: its key, and a digest of all its input."""

    value: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a command did: the aggregate it changed, and the part of it that it made, such as a message."""

    id: UUID
    part_id: UUID | None = None


class ConversationRepository(Protocol):
    """Conversations as aggregates; what is loaded here is locked until the unit of work ends."""

    async def get(self, conversation_id: UUID) -> Conversation:
        """The conversation, if the actor may see it; otherwise `NotFoundError`."""
        ...

    async def holding(self, message_id: UUID) -> Conversation:
        """The conversation that a message is in, if the actor may see it; otherwise `NotFoundError`."""
        ...

    def add(self, conversation: Conversation) -> None:
        """Take a new conversation in."""
        ...

    async def require_inbox(self, inbox_id: UUID) -> None:
        """`NotFoundError` where the organization has no such inbox."""
        ...


class UnitOfWork(Protocol):
    """One transaction: what is loaded through it and changed is saved, with its events, by `commit`."""

    @property
    def conversations(self) -> ConversationRepository:
        """Conversations, to change."""
        ...

    @property
    def earlier(self) -> Receipt | None:
        """What a request with the same idempotency key did before, if there was one."""
        ...

    async def commit(self, receipt: Receipt) -> Receipt:
        """Save what changed and its events, remember the receipt under the key, then nudge the relay."""
        ...


class Units(Protocol):
    """Opens units of work; leaving one without `commit` undoes everything."""

    def __call__(self, actor: Actor, key: IdempotencyKey | None = None) -> AbstractAsyncContextManager[UnitOfWork]:
        """A unit of work for one actor; a used key with other input raises `IdempotencyKeyReusedError`."""
        ...


class ReplyWriter(Protocol):
    """Where the text of an answer goes while it is written."""

    async def write(self, text: str) -> None:
        """Add text; readers get it within a twentieth of a second."""
        ...


class Replies(Protocol):
    """The text of answers that are being written; the stored message is the truth, this is the way there."""

    def writing(self, conversation_id: UUID, answer_id: UUID, attempt: int) -> AbstractAsyncContextManager[ReplyWriter]:
        """Open the reply for writing; raises `ReplyClosedError` inside the block when somebody closes it."""
        ...

    async def close(self, conversation_id: UUID, answer_id: UUID, attempt: int) -> str:
        """End the reply, stop its writer, and give back the text that readers can have seen."""
        ...


class ReplyClosedError(Exception):
    """The reply was closed while it was being written: stop working on it."""


@dataclass(frozen=True, slots=True)
class AssistantSettings:
    """What an organization has decided about its assistant; `threshold` of None is the assistant's own default."""

    enabled: bool = True
    threshold: float | None = None


class Organizations(Protocol):
    """Settings of organizations, cached for a few seconds."""

    async def assistant_settings(self, organization_id: UUID, inbox_id: UUID | None = None) -> AssistantSettings:
        """The organization's decisions about its assistant, as they hold in one of its inboxes."""
        ...


@dataclass(frozen=True, slots=True)
class CustomerView:
    """Somebody who asks. What stands after `zone` is for people at work, None for customers themselves."""

    id: UUID
    name: str
    email: str | None
    phone: str | None = None
    language: str | None = None
    zone: str | None = None
    attributes: Mapping[str, AttributeValue] | None = None
    external_id: str | None = None
    verified_at: datetime | None = None
    blocked_at: datetime | None = None
    erased_at: datetime | None = None
    merged_into: UUID | None = None
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ConversationView:
    """A conversation as its rows have it.

    `handoff_summary` and `unread_count` are for staff, None and 0 for others; `triage` is None for customers, and
    `subject` is what they wrote.
    """

    id: UUID
    customer_id: UUID
    inbox_id: UUID
    assignee_id: UUID | None
    state: ConversationState
    subject: str
    episode: int
    handoff_reason: HandoffReason | None
    handoff_summary: str | None
    waiting_since: datetime | None
    answering_id: UUID | None
    last_message_id: UUID | None
    message_count: int
    unread_count: int
    version: int
    started_at: datetime
    last_activity_at: datetime
    triage: Triage | None = None
    tags: tuple[TagView, ...] = ()


@dataclass(frozen=True, slots=True)
class RatingView:
    """What the customer said about an answer, last."""

    helpful: bool
    comment: str | None
    rated_at: datetime


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message and where it stands; its provenance is there for staff only."""

    message: Message
    conversation_id: UUID
    created_at: datetime
    rating: RatingView | None = None


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which part of a list: `size` items after or before a place, named by its sort key, in either direction."""

    size: int
    after: tuple[str, ...] | None = None
    before: tuple[str, ...] | None = None
    backward: bool = False


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a longer list, with the sort key of each item."""

    items: Sequence[T]
    keys: Sequence[tuple[str, ...]]
    has_next: bool
    has_previous: bool


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A job that failed past its retries, and why."""

    id: int
    job: str
    stream: str
    event_kind: str
    attempts: int
    error: str
    failed_at: datetime


class Reads(Protocol):
    """What one actor may see. Batch methods answer in the order of their keys, None where there is nothing to see."""

    async def conversations(self, ids: Sequence[UUID]) -> Sequence[ConversationView | None]:
        """Conversations by id."""
        ...

    async def customers(self, ids: Sequence[UUID]) -> Sequence[CustomerView | None]:
        """Customers by id."""
        ...

    async def messages(self, ids: Sequence[UUID]) -> Sequence[MessageView | None]:
        """Messages by id."""
        ...

    async def message_pages(self, keys: Sequence[tuple[UUID, PageRequest]]) -> Sequence[Page[MessageView]]:
        """For each conversation a page of its messages, oldest first; all requests of a call have the same shape."""
        ...

    async def dead_letters(self, page: PageRequest) -> Page[DeadLetter]:
        """Jobs of the organization that failed for good, newest first; for admins."""
        ...

    async def inbox_position(self) -> int:
        """The newest delivered position of the organization: where `inboxChanged` starts from."""
        ...

    async def close(self) -> None:
        """Give the connection back; the next read opens a new snapshot."""
        ...

    async def end(self) -> None:
        """Give the connection back for good; whatever still reads for this operation is cancelled."""
        ...


@dataclass(frozen=True, slots=True)
class Frame:
    """A piece of an answer that is being written: `text` begins `offset` code points into the whole."""

    answer_id: UUID
    attempt: int
    offset: int
    text: str


@dataclass(frozen=True, slots=True)
class Resync:
    """The stream cannot go on from the reader's cursor: load the state again, then go on from `cursor`."""

    cursor: int
    reason: str


class Feed(Protocol):
    """What happens, as it happens, for one reader at a time; each event once and in order, none left out."""

    def conversation(
        self, actor: Actor, conversation_id: UUID, after: int | None
    ) -> AsyncGenerator[Recorded | Frame | Resync, None]:
        """Events after a version of one conversation, with the frames of its answers; from now on without `after`."""
        ...

    def inbox(self, actor: Actor, after: int | None) -> AsyncGenerator[Recorded | Resync, None]:
        """Events of all the organization's conversations after a position; from now on when `after` is None."""
        ...


@dataclass(frozen=True, slots=True)
class Delivered:
    """One round of delivery: how many events got a position, and the jobs that were stored for them."""

    events: int
    jobs: Sequence[int]


class Journal(Protocol):
    """The event table as the relay sees it, over all organizations; one relay works at a time."""

    async def deliver(self, subscribers: Mapping[str, Sequence[str]]) -> Delivered:
        """Number undelivered events and store a job for each subscriber (kind of event → names of jobs), at once.

        The key `MessageSent by agent` is for events of a kind whose actor is of one kind.

        Then tells live readers. Nothing is delivered while another process is delivering.
        """
        ...

    async def woken(self, *, within: float) -> None:
        """Return when something was committed, or after `within` seconds."""
        ...


@dataclass(frozen=True, slots=True)
class Work:
    """A claimed job and the event it is about.

    `attempts_left` counts those after this one; below 0 the job is not to be run any more, only to be buried, since its
    workers ended without a word of what became of it.
    """

    id: int
    name: str
    attempt: int
    attempts_left: int
    recorded: Recorded


class Jobs(Protocol):
    """The job table: the truth about what is still to be done; the transport only carries ids."""

    async def enqueue(self, ids: Sequence[int]) -> None:
        """Put jobs on the transport; what gets lost there is found again by `overdue`."""
        ...

    async def claim(self, job_id: int) -> Work | None:
        """Lease a job to this worker; None when it is done, leased, not due, or waits for an older one of its key."""
        ...

    def let_go(self, job_id: int) -> None:
        """A claimed job is not running here any more, whether or not the database could be told."""
        ...

    async def finish(self, work: Work) -> None:
        """The job is done: forget it, and enqueue the next one of its key."""
        ...

    async def fail(self, work: Work, error: str) -> None:
        """The job failed: try again later, or bury it as a dead letter after the last attempt."""
        ...

    async def release(self, work: Work) -> None:
        """The worker is stopping: somebody else may have the job at once."""
        ...

    async def extend(self) -> None:
        """Keep the leases of all jobs that this worker is running."""
        ...

    async def overdue(self) -> Sequence[int]:
        """Jobs that nobody is running although they are due."""
        ...


class Pruning(Protocol):
    """What is kept for a while only, such as the keys of requests that nobody will repeat any more."""

    async def prune(self) -> int:
        """Forget it; how many rows that were."""
        ...


class ReadMarks(Protocol):
    """How far agents have read; not journalled, since nothing depends on it."""

    async def mark(self, actor: Actor, conversation_id: UUID, *, key: IdempotencyKey | None = None) -> Receipt:
        """The agent has read all that the customer wrote; `NotFoundError` where there is no such conversation."""
        ...


class DeadLetters(Protocol):
    """Jobs that failed for good."""

    async def replay(self, actor: Actor, job_id: int) -> None:
        """Queue a dead job again; `NotFoundError` where the organization has no such job.

        One that is not dead any more stays as it is: a repeated request does what the first did.
        """
        ...
