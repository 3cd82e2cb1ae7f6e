"""What numbers need from outside: somewhere that facts are kept, rolled up and asked."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Protocol

from domain.analytics.board import Board
from domain.analytics.question import Answer, Cell, Contribution, Question
from domain.base import Actor
from domain.ports import Page, PageRequest


class Facts(Protocol):
    """Facts of all organizations."""

    async def follow(self) -> int:
        """Take in what the journal tells next; how many events that were, 0 where there are none or others do it."""
        ...

    async def follow_deliveries(self) -> int:
        """Take in what was sent, and what became of it; how many deliveries have changed."""
        ...

    async def forget(self) -> int:
        """Drop what is older than facts are kept for; how many months of facts that were."""
        ...


class Rollups(Protocol):
    """What facts come to by the hour."""

    async def roll(self) -> int:
        """Roll up hours whose facts have changed; how many, 0 where there are none or others do it."""
        ...


class Analytics(Protocol):
    """Answers questions, about the actor's organization alone; `ForbiddenError` for who may not ask for numbers."""

    async def ask(self, actor: Actor, question: Question) -> Answer:
        """The answer; `InvalidInputError` for what cannot be asked, `InvalidStateError` for what takes too long."""
        ...

    def watch(self, actor: Actor, zone: str) -> AsyncGenerator[Board, None]:
        """How it stands, at once and whenever that changes, at most once a second; today begins by a zone's clocks."""
        ...

    async def contributions(self, actor: Actor, cell: Cell, page: PageRequest) -> Page[Contribution]:
        """The conversations behind a number, the earliest first."""
        ...
