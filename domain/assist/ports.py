"""What helping agents needs from outside, and what is asked of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Protocol
from uuid import UUID

from domain.account.role import RoleUnit
from domain.account.stored import Stored
from domain.assist.digest import Classification, ClassificationView, Summary, SummaryView
from domain.assist.events import ConversationClassified, ConversationSummarized
from domain.assistant import Turn
from domain.base import Actor, DomainError
from domain.conversation.events import ConversationState


class NeedsLanguageModelError(DomainError):
    """What was asked for cannot be had without a language model: there is none, or none that can answer now."""

    code: ClassVar[str] = "NEEDS_LANGUAGE_MODEL"

    def __init__(self, why: str = "No language model is set up. Ask whoever runs Parley for one.") -> None:
        super().__init__(f"This needs a language model. {why}")


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A conversation as somebody sees it who is to help with it: its last turns, oldest first, and all it counts."""

    conversation_id: UUID
    organization_id: UUID
    customer_id: UUID
    inbox_id: UUID
    state: ConversationState
    turns: Sequence[Turn]
    messages: int


class Dialogues(Protocol):
    """Conversations to read."""

    async def of(self, actor: Actor, conversation_id: UUID) -> Dialogue:
        """The dialogue of a conversation that the actor sees; `NotFoundError` for any other."""
        ...


class Length(StrEnum):
    """What a text is to become."""

    SHORTER = "shorter"
    LONGER = "longer"


class Tone(StrEnum):
    """How a text is to sound."""

    FRIENDLY = "friendly"
    FORMAL = "formal"
    PLAIN = "plain"
    APOLOGETIC = "apologetic"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be done to a text; `translate_to` is a code of ISO 639-1."""

    tone: Tone | None = None
    length: Length | None = None
    translate_to: str | None = None


class Summarizer(Protocol):
    """Tells a conversation in a few sentences."""

    async def summarize(self, dialogue: Dialogue, *, by_model: bool) -> ConversationSummarized:
        """By a language model, if one is wanted and can, or else in the conversation's own words."""
        ...


class Classifier(Protocol):
    """Finds out what a conversation is about and how it sounds."""

    async def classify(self, dialogue: Dialogue, *, by_model: bool) -> ConversationClassified:
        """By a language model, if one is wanted and can, or else by closeness to known sentences."""
        ...


class Rewriter(Protocol):
    """Writes texts anew."""

    def rewrite(self, actor: Actor, text: str, wish: Wish) -> AsyncIterator[str]:
        """The new text, piece by piece; `NeedsLanguageModelError` where there is none, or it gives up."""
        ...


class SummaryRepository(Stored[Summary], Protocol):
    """Summaries, to change."""

    async def held(self, conversation_id: UUID) -> Summary | None:
        """The summary of a conversation, locked; None where there is none."""
        ...


class ClassificationRepository(Stored[Classification], Protocol):
    """Classifications, to change."""

    async def held(self, conversation_id: UUID) -> Classification | None:
        """The classification of a conversation, locked; None where there is none."""
        ...


class AssistUnit(RoleUnit, Protocol):
    """A unit of work that holds what is kept beside conversations."""

    @property
    def summaries(self) -> SummaryRepository:
        """Summaries, to change."""
        ...

    @property
    def classifications(self) -> ClassificationRepository:
        """Classifications, to change."""
        ...


class AssistReads(Protocol):
    """What one actor may see of it: staff, and no customer."""

    async def summaries(self, ids: Sequence[UUID]) -> Sequence[SummaryView | None]:
        """Summaries by the ids of their conversations."""
        ...

    async def classifications(self, ids: Sequence[UUID]) -> Sequence[ClassificationView | None]:
        """Classifications by the ids of their conversations."""
        ...
