"""What a rule made of an event, and what that needs to be kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from domain.account.settings import BusinessHours
from domain.account.stored import Stored
from domain.automation.fact import Facts
from domain.automation.rule import Recipe, Rule, RuleView, Trigger
from domain.base import Actor, Event, Recorded
from domain.conversation.aggregate import Conversation
from domain.ports import Page, PageRequest, UnitOfWork


class RunOutcome(StrEnum):
    """What came of it."""

    APPLIED = "applied"
    NOT_APPLIED = "not_applied"
    LOOPED = "looped"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class Run:
    """One rule and one event. `actions` are as the rule had them then, each with its `error` once it was done.

    `chain` is the rules that led here one by another, itself the last; `reason` is what decided.
    """

    id: UUID
    rule_id: UUID
    rule_version: int
    event_id: int
    event_kind: Trigger
    conversation_id: UUID
    outcome: RunOutcome
    reason: str | None
    actions: Sequence[Mapping[str, Any]]
    chain: tuple[UUID, ...]
    at: datetime
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """An event that has been, and its conversation as it was right after it."""

    recorded: Recorded
    conversation: Conversation


class RuleRepository(Stored[Rule], Protocol):
    """Rules, to change."""

    async def names(self) -> Mapping[str, UUID]:
        """Every rule's id by its name."""
        ...

    async def require_known(self, recipe: Recipe) -> None:
        """`NotFoundError` where the organization has not all that a recipe names by an id."""
        ...


class RunRepository(Protocol):
    """The log of rules, and what they go by."""

    async def rules(self, trigger: Trigger) -> Sequence[RuleView]:
        """The rules that wait for something and are switched on, in order."""
        ...

    async def find(self, run_id: UUID) -> Run | None:
        """A run by its id."""
        ...

    async def recent(self, conversation_id: UUID, since: datetime) -> int:
        """How many rules did something in a conversation since then."""
        ...

    async def is_blocked(self, rule: RuleView, conversation_id: UUID) -> bool:
        """Whether a rule, as it says now, was blocked in a conversation."""
        ...

    async def add(self, run: Run) -> None:
        """Take a new one in."""
        ...

    async def finish(self, run: Run) -> None:
        """Keep what came of its actions."""
        ...

    async def known(self, conversation: Conversation) -> Facts:
        """The facts about a conversation that are not in its stream, as they are now."""
        ...

    async def hours(self) -> BusinessHours | None:
        """When people are there."""
        ...

    async def past(self, actor: Actor, kinds: Sequence[type[Event]], since: datetime, most: int) -> Sequence[Past]:
        """The newest events of some kinds, in conversations that the actor may read, newest first."""
        ...


class AutomationUnit(UnitOfWork, Protocol):
    """A unit of work that holds rules."""

    @property
    def rules(self) -> RuleRepository:
        """Rules, to change."""
        ...

    @property
    def rule_runs(self) -> RunRepository:
        """Their log."""
        ...


class AutomationReads(Protocol):
    """What one actor may see of rules; all needs `automation.manage`."""

    async def rules(self, ids: Sequence[UUID]) -> Sequence[RuleView | None]:
        """Rules by id."""
        ...

    async def all_rules(self) -> Sequence[RuleView]:
        """Every rule, in the order in which they run."""
        ...

    async def rule_runs(self, ids: Sequence[UUID]) -> Sequence[Run | None]:
        """Runs by id, of conversations that the actor may read."""
        ...

    async def rule_run_page(self, page: PageRequest, rule_id: UUID | None, conversation_id: UUID | None) -> Page[Run]:
        """Runs in conversations that the actor may read, newest first."""
        ...
