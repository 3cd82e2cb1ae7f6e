"""What requests about people's data need of the database, of the stores, and of what is under way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from domain.access.customer import CustomerUnit
from domain.privacy.request import PrivacyRequestRepository, PrivacyRequestView
from domain.timer import TimerUnit


@dataclass(frozen=True, slots=True)
class Written:
    """An answer that was being written of late, of which Redis may still have the text."""

    answer_id: UUID
    attempt: int


class Erasure(Protocol):
    """Takes a person's words out of the rows and the journal of the actor's organization, in one unit of work.

    Each method may run again at any point, and changes nothing the second time.
    """

    async def family(self, customer_id: UUID) -> Sequence[UUID]:
        """The customer, and all who turned out to be them."""
        ...

    async def waiting(self, customer_ids: Sequence[UUID], most: int) -> Sequence[UUID]:
        """Conversations of theirs that were not erased yet."""
        ...

    async def conversation(self, conversation_id: UUID) -> Sequence[Written]:
        """Lock it, and take all words out of it and out of what was made of it; what Redis may have of it."""
        ...

    async def files(self, customer_ids: Sequence[UUID], after: UUID | None, most: int) -> Sequence[UUID]:
        """Their files, and those of others in their conversations, by id."""
        ...

    async def addresses(self, customer_ids: Sequence[UUID]) -> None:
        """Take their addresses out of what other people's mail says, and out of what is kept of addresses."""
        ...

    async def people(self, customer_ids: Sequence[UUID]) -> None:
        """Take out what is known of themselves, also in the journal: names, addresses, sessions, unsent files."""
        ...

    async def counts(self, customer_ids: Sequence[UUID]) -> tuple[int, int]:
        """How many conversations and files are theirs."""
        ...


class PrivacyUnit(CustomerUnit, TimerUnit, Protocol):
    """A unit of work that holds requests, and can erase."""

    @property
    def privacy_requests(self) -> PrivacyRequestRepository:
        """Requests, to change."""
        ...

    @property
    def erasure(self) -> Erasure:
        """Takes words out."""
        ...


class ForgettableReplies(Protocol):
    """The text of answers, where it is kept for a while."""

    async def close(self, conversation_id: UUID, answer_id: UUID, attempt: int) -> str:
        """End the reply, stop its writer, and give back the text that readers can have seen."""
        ...

    async def forget(self, answer_id: UUID, attempt: int) -> None:
        """Keep none of its text."""
        ...


class Transcripts(Protocol):
    """What the company exported of what was said, by whomever."""

    async def withdraw(self, organization_id: UUID) -> None:
        """Delete what there is of it, and end what is being written."""
        ...


@dataclass(frozen=True, slots=True)
class Archived:
    """What an export came to: its bytes, and how much is in it."""

    size: int
    conversations: int
    files: int


class Archive(Protocol):
    """Where exports are: each under the id of its request."""

    async def write(self, organization_id: UUID, request_id: UUID, customer_ids: Sequence[UUID]) -> Archived:
        """Write down everything about a person, instead of what is there; a few rows and bytes at a time."""
        ...

    async def forget(self, organization_id: UUID, request_id: UUID) -> None:
        """Delete one, if it is there."""
        ...

    async def url(self, request: PrivacyRequestView) -> str:
        """A signed address to get one from, for a few minutes."""
        ...
