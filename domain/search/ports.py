"""What is found, and who finds it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.ports import Page, PageRequest
from domain.search.excerpt import Segment
from domain.search.query import Kind, Search


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that was found; a higher `score` fits better, among what one search found."""

    kind: Kind
    id: UUID
    conversation_id: UUID | None
    at: datetime
    score: float
    excerpt: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """A page of hits, the best first. All that is newer than `complete_since` was looked through; None is everything.

    A search that would find too much to rank ends with the newest of it.
    """

    page: Page[Hit]
    complete_since: datetime | None


class SearchReads(Protocol):
    """What one actor finds: nothing that they could not see otherwise."""

    async def findings(self, wanted: Search, page: PageRequest) -> Findings:
        """What fits a search, the best first; at most 500 in all its pages."""
        ...


class Backlog(Protocol):
    """What was there before it could be searched."""

    async def shrink(self) -> int:
        """Take a batch in; 0 when nothing is left."""
        ...
