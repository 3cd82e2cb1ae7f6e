"""What sorting needs of the database, and what one actor may see of it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from domain.base import Actor
from domain.ports import ConversationView, Page, PageRequest, UnitOfWork
from domain.timer import TimerUnit
from domain.triage.attribute import AttributeDefinitionView, AttributeOwner, AttributeUnit
from domain.triage.filter import ConversationFilter, ConversationOrder
from domain.triage.label import TagView
from domain.triage.tag import TagUnit
from domain.triage.view import ViewView


@dataclass(frozen=True, slots=True)
class Count:
    """How many conversations a filter lets through; where it `is_capped` they are more, and nobody counted on."""

    count: int
    is_capped: bool
    view_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Names:
    """What the people of a conversation are called."""

    customer: str
    agent: str | None


class Facts(Protocol):
    """What the rows know that no aggregate does."""

    async def merged_into(self, conversation_id: UUID) -> Sequence[UUID]:
        """The conversations that were merged into one."""
        ...

    async def names(self, customer_id: UUID, agent_id: UUID | None) -> Names:
        """What they are called."""
        ...


class TriageUnit(TagUnit, AttributeUnit, TimerUnit, UnitOfWork, Protocol):
    """A unit of work that holds all that conversations are sorted by."""

    @property
    def facts(self) -> Facts:
        """What the rows know."""
        ...


class Pulses(Protocol):
    """When to look again."""

    def inbox(self, actor: Actor) -> AsyncGenerator[None, None]:
        """At once, then whenever something happened in the organization's conversations, at most once a second."""
        ...


class TriageReads(Protocol):
    """What one actor may see of it: people at work, and their keys. Customers see their conversations, and no more."""

    async def conversation_page(
        self, page: PageRequest, wanted: ConversationFilter, order: ConversationOrder
    ) -> Page[ConversationView]:
        """The conversations that a filter lets through, in an order."""
        ...

    async def earlier_pages(self, keys: Sequence[tuple[UUID, PageRequest]]) -> Sequence[Page[ConversationView]]:
        """For each conversation a page of those that its customer began before, the latest first."""
        ...

    async def linked_conversations(self, keys: Sequence[tuple[UUID, ...]]) -> Sequence[Sequence[ConversationView]]:
        """For each list of ids the conversations."""
        ...

    async def merged_conversations(self, ids: Sequence[UUID]) -> Sequence[Sequence[ConversationView]]:
        """For each conversation those that were merged into it, the oldest first, at most 100."""
        ...

    async def tags(self, ids: Sequence[UUID]) -> Sequence[TagView | None]:
        """Tags by id."""
        ...

    async def all_tags(self) -> Sequence[TagView]:
        """Every tag, by name."""
        ...

    async def attribute_definitions(self, ids: Sequence[UUID]) -> Sequence[AttributeDefinitionView | None]:
        """Definitions by id."""
        ...

    async def all_attribute_definitions(self, owner: AttributeOwner | None) -> Sequence[AttributeDefinitionView]:
        """Every definition, or those that apply to something, by key."""
        ...

    async def views(self, ids: Sequence[UUID]) -> Sequence[ViewView | None]:
        """Views by id: shared ones and one's own."""
        ...

    async def all_views(self) -> Sequence[ViewView]:
        """Shared views and one's own, by name, shared ones first."""
        ...

    async def conversation_counts(self, wanted: Sequence[ConversationFilter]) -> Sequence[Count]:
        """For each filter how many conversations it lets through, in one statement for all of them."""
        ...

    async def all_view_counts(self) -> Sequence[Count]:
        """The same for shared views and one's own."""
        ...

    async def view_counts(self, ids: Sequence[UUID]) -> Sequence[Count | None]:
        """For each view how many conversations it has for the actor, in one statement for all of them."""
        ...
