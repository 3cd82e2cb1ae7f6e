"""A request about the data of one customer, from the asking to the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from domain.account.stored import Stored
from domain.base import Actor, Aggregate, Audited, Event, InvalidStateError
from domain.ports import Page, PageRequest

ANSWERED_WITHIN = timedelta(days=30)
"""How long a company has to answer: the month of article 12 (3) of the GDPR, at its shortest but for February."""
KEPT_FOR = timedelta(days=7)
"""How long an export can be fetched."""
LONGEST_FAILURE = 500
NOBODY = UUID(int=0)


class PrivacyKind(StrEnum):
    """What is asked for."""

    EXPORT = "export"
    ERASURE = "erasure"


class PrivacyState(StrEnum):
    """How far it is."""

    OPEN = "open"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivacyRequested(Audited):
    """Somebody asked for a customer's data, or for their erasure, which begins at `starts_at` unless taken back."""

    request: PrivacyKind
    customer_id: UUID
    starts_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivacyRequestCancelled(Audited):
    """It was taken back in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivacyRequestHurried(Audited):
    """It waits no longer for somebody to take it back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivacyRequestStarted(Audited):
    """From now on it cannot be taken back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivacyRequestDone(Audited):
    """It is done: about so many conversations and files."""

    conversations: int
    files: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivacyRequestFailed(Audited):
    """It could not be done; who asks again goes on where it ended."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivacyExportForgotten(Audited):
    """What was exported is gone: its time is over, or the customer was erased."""


@dataclass(frozen=True, slots=True)
class PrivacyRequestDue(Event):
    """Its time has come."""

    request_id: UUID


@dataclass(frozen=True, slots=True)
class PrivacyExportExpired(Event):
    """The time is over in which an export can be fetched."""

    request_id: UUID


@dataclass
class PrivacyRequest(Aggregate):
    """A request; `size` is in bytes, and there for as long as an export can be fetched."""

    kind: PrivacyKind = PrivacyKind.EXPORT
    customer_id: UUID = NOBODY
    asked_by: str = ""
    state: PrivacyState = PrivacyState.OPEN
    starts_at: datetime | None = None
    due_at: datetime | None = None
    finished_at: datetime | None = None
    failure: str | None = None
    conversations: int = 0
    files: int = 0
    size: int | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens to it."""
        return self.state not in (PrivacyState.OPEN, PrivacyState.RUNNING)

    def ask(
        self,
        actor: Actor,
        kind: PrivacyKind,
        customer_id: UUID,
        *,
        at: datetime,
        starts_at: datetime,
        reason: str | None,
    ) -> None:
        """Begin to be one."""
        self.kind, self.customer_id, self.asked_by = kind, customer_id, str(actor)
        self.starts_at, self.due_at = starts_at, at + ANSWERED_WITHIN
        self._record(
            PrivacyRequested(
                request=kind, customer_id=customer_id, starts_at=starts_at, due_at=self.due_at, reason=reason
            )
        )

    def hurry(self, at: datetime) -> None:
        """Begin at once, where it waits."""
        if self.state is PrivacyState.OPEN and self.starts_at and self.starts_at > at:
            self.starts_at = at
            self._record(PrivacyRequestHurried())

    def cancel(self, *, at: datetime, reason: str | None) -> None:
        """Be taken back; once more changes nothing."""
        if self.state is PrivacyState.CANCELLED:
            return
        if self.state is not PrivacyState.OPEN:
            raise InvalidStateError("This has begun already: it cannot be taken back.")
        self.state, self.finished_at = PrivacyState.CANCELLED, at
        self._record(PrivacyRequestCancelled(reason=reason))

    def begin(self) -> None:
        """Be under way; what is under way goes on."""
        if self.state is PrivacyState.OPEN:
            self.state = PrivacyState.RUNNING
            self._record(PrivacyRequestStarted())

    def finish(self, *, at: datetime, conversations: int, files: int, size: int | None = None) -> None:
        """Be done."""
        self.state, self.finished_at, self.size = PrivacyState.DONE, at, size
        self.conversations, self.files = conversations, files
        self._record(PrivacyRequestDone(conversations=conversations, files=files))

    def fail(self, why: str, *, at: datetime) -> None:
        """Be over without being done."""
        if not self.is_over:
            self.state, self.finished_at, self.failure = PrivacyState.FAILED, at, why[:LONGEST_FAILURE]
            self._record(PrivacyRequestFailed(why=self.failure))

    def forget_export(self) -> None:
        """Have nothing to fetch any more."""
        if self.size is not None:
            self.size = None
            self._record(PrivacyExportForgotten())

    def _apply(self, event: Event) -> None:
        """Everything is kept in the row; an event only tells of it."""


@dataclass(frozen=True, slots=True)
class PrivacyRequestView:
    """A request as who may make them sees it."""

    id: UUID
    organization_id: UUID
    kind: PrivacyKind
    customer_id: UUID
    asked_by: Actor
    state: PrivacyState
    created_at: datetime
    starts_at: datetime
    due_at: datetime
    finished_at: datetime | None
    failure: str | None
    conversations: int
    files: int
    size: int | None


@dataclass(frozen=True, slots=True)
class PrivacyFilter:
    """Which requests; what is None does not matter."""

    kind: PrivacyKind | None = None
    states: Sequence[PrivacyState] | None = None
    customer_id: UUID | None = None


class PrivacyRequestRepository(Stored[PrivacyRequest], Protocol):
    """Requests, to change."""

    async def open_like(self, kind: PrivacyKind, customer_id: UUID) -> PrivacyRequest | None:
        """One that asks for the same and is not over, locked."""
        ...

    async def exports_of(self, customer_ids: Sequence[UUID]) -> Sequence[PrivacyRequest]:
        """The exports of customers that can still be fetched, locked."""
        ...


class PrivacyReads(Protocol):
    """What one actor may see of requests: nothing without `privacy.manage`."""

    async def privacy_requests(self, ids: Sequence[UUID]) -> Sequence[PrivacyRequestView | None]:
        """Requests by id."""
        ...

    async def privacy_request_page(self, page: PageRequest, wanted: PrivacyFilter) -> Page[PrivacyRequestView]:
        """Requests, the newest first."""
        ...
