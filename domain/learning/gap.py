"""Gaps: questions without a good answer, put together by what they mean, until the knowledge answers them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.account.permission import Permission
from domain.account.stored import Opening, Stored
from domain.assistant import Embedder, HandoffReason
from domain.base import Actor, Aggregate, Event, Identifiers, InvalidStateError, system_of
from domain.conversation.events import AnswerCompleted, AnswerRated, HandoffRequested, Message, MessageKind
from domain.learning.curated import Vector
from domain.learning.events import (
    GapClosed,
    GapDismissed,
    GapFound,
    GapGrew,
    GapReopened,
    GapState,
    MissReason,
)
from domain.ports import IdempotencyKey, Receipt, UnitOfWork
from domain.retry import retried_once
from domain.text import clipped

LONGEST_LABEL = 300
REVIEWED = 100
"""Open gaps that are looked at after a change of the knowledge, the largest first."""
RISE = 0.1
"""How much surer than before the knowledge must be: what it had when the question was missed is no news."""


@dataclass(frozen=True, slots=True)
class Miss:
    """An outcome, by its message, that was no good answer, and why not."""

    conversation_id: UUID
    message_id: UUID
    reason: MissReason


@dataclass(frozen=True, slots=True)
class Asked:
    """A customer's message that an outcome was about."""

    message_id: UUID
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Sureness:
    """How sure the knowledge is to answer a question, from 0 to 1, and from where on it would be used."""

    confidence: float
    threshold: float


def miss_of(conversation_id: UUID, event: Event) -> Miss | None:
    """What an event says of a question without a good answer; None where it does not."""
    if isinstance(event, AnswerRated):
        return None if event.helpful else Miss(conversation_id, event.message_id, MissReason.NOT_HELPFUL)
    if not isinstance(event, AnswerCompleted | HandoffRequested) or event.message.question_id is None:
        return None
    reason = _reason(event)
    return None if reason is None else Miss(conversation_id, event.message.id, reason)


def _reason(event: AnswerCompleted | HandoffRequested) -> MissReason | None:
    if isinstance(event, HandoffRequested):
        return MissReason.NOT_IN_KNOWLEDGE if event.reason is HandoffReason.NOT_IN_KNOWLEDGE else None
    if event.message.kind is MessageKind.REFUSAL:
        return MissReason.REFUSED
    return MissReason.UNSURE if _is_unsure(event.message) else None


def _is_unsure(message: Message) -> bool:
    """An answer below its own threshold, or with sentences that no passage bears out."""
    grounds = message.provenance
    if grounds is None or message.kind is not MessageKind.ANSWER:
        return False
    return grounds.confidence < grounds.threshold or bool(grounds.unsupported)


@dataclass
class Gap(Aggregate):
    """Questions alike. `confidence` is the best that the knowledge could do for any of them when it was asked."""

    label: str = ""
    state: GapState = GapState.OPEN
    size: int = 0
    confidence: float = 0.0
    last_seen_at: datetime | None = None
    model: str = ""

    def grow(self, label: str, asked: Asked, confidence: float) -> None:
        """Take one more question in; a closed gap is open again, one that needs no answer stays so."""
        if self.size == 0:
            self._record(GapFound(clipped(label, LONGEST_LABEL)))
        else:
            self._record(GapGrew(clipped(label, LONGEST_LABEL), self.size + 1))
        if self.state is GapState.CLOSED:
            self._record(GapReopened())
        self.confidence = max(self.confidence, confidence)
        self.last_seen_at = max(self.last_seen_at or asked.at, asked.at)

    def dismiss(self) -> None:
        """It needs no answer."""
        if self.state is not GapState.OPEN:
            raise InvalidStateError(f"This gap is {self.state} already.")
        self._record(GapDismissed())

    def close(self, sure: Sureness) -> None:
        """The knowledge answers it, if it is sure enough now and was not before."""
        if self.state is GapState.OPEN and sure.confidence >= max(sure.threshold, self.confidence + RISE):
            self._record(GapClosed(sure.confidence))

    def _apply(self, event: Event) -> None:
        match event:
            case GapFound():
                self.label, self.size = event.label, 1
            case GapGrew():
                self.label, self.size = event.label, event.size
            case GapClosed():
                self.state = GapState.CLOSED
            case GapReopened():
                self.state = GapState.OPEN
            case GapDismissed():
                self.state = GapState.DISMISSED


@dataclass(frozen=True, slots=True)
class GapView:
    """A gap; `label` is the question that stands for all of it."""

    id: UUID
    label: str
    state: GapState
    size: int
    last_seen_at: datetime
    created_at: datetime


@dataclass(frozen=True, slots=True)
class GapQuestionView:
    """A question of a gap, in a conversation that the reader may see."""

    message_id: UUID
    conversation_id: UUID
    text: str
    reason: MissReason
    asked_at: datetime


class GapRepository(Stored[Gap], Protocol):
    """Gaps of the actor's organization, to change."""

    async def take_turn(self) -> None:
        """Wait until nobody else puts questions together in this organization, and let nobody until the end."""
        ...

    async def asked(self, miss: Miss) -> Asked | None:
        """What was asked; None where it stands in a gap already, or is not there any more."""
        ...

    async def nearest(self, model: str, vector: Vector) -> Gap | None:
        """The gap whose questions mean much the same, by the vectors of a model."""
        ...

    async def place(self, gap: Gap, miss: Miss, asked: Asked, vector: Vector) -> str:
        """Let a question be one of a gap's, once the unit of work is committed; the label that the gap has with it."""
        ...

    async def open(self, most: int) -> Sequence[Gap]:
        """The largest open gaps."""
        ...


class GapUnit(UnitOfWork, Protocol):
    """A unit of work that holds gaps."""

    @property
    def gaps(self) -> GapRepository:
        """Gaps, to change."""
        ...


class Answerable(Protocol):
    """Whether the knowledge answers a question."""

    async def __call__(self, organization_id: UUID, question: str) -> Sureness:
        """How sure it is, as of now."""
        ...


@dataclass(frozen=True)
class Gaps:
    """Puts missed questions together as they come: each to the gap that is nearest, if one is near, else to a new one.

    The same questions in the same order make the same gaps; a question that comes twice counts once.
    """

    units: Opening[GapUnit]
    new_id: Identifiers
    embedder: Embedder
    answerable: Answerable

    @retried_once
    async def collect(self, organization_id: UUID, miss: Miss) -> None:
        """Take a missed question in."""
        actor = system_of(organization_id)
        async with self.units(actor) as unit:
            asked = await unit.gaps.asked(miss)
        if asked is None:
            return
        vector = (await self.embedder.embed([asked.text]))[0]
        sure = await self.answerable(organization_id, asked.text)
        async with self.units(actor) as unit:
            await unit.gaps.take_turn()
            if await unit.gaps.asked(miss) is None:
                return
            gap = await unit.gaps.nearest(self.embedder.name, vector) or self._new(actor, unit)
            gap.grow(await unit.gaps.place(gap, miss, asked, vector), asked, sure.confidence)
            await unit.commit(Receipt(gap.id))

    def _new(self, actor: Actor, unit: GapUnit) -> Gap:
        gap = Gap(self.new_id(), actor.tenant, model=self.embedder.name)
        unit.gaps.add(gap)
        return gap

    @retried_once
    async def dismiss(self, actor: Actor, gap_id: UUID, *, key: IdempotencyKey | None = None) -> Receipt:
        """Say that a gap needs no answer."""
        actor.require(Permission.MANAGE_ASSISTANT)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            gap = await unit.gaps.get(gap_id)
            gap.dismiss()
            return await unit.commit(Receipt(gap.id))

    async def review(self, organization_id: UUID) -> None:
        """Close the gaps that the knowledge answers by now."""
        actor = system_of(organization_id)
        async with self.units(actor) as unit:
            gaps = await unit.gaps.open(REVIEWED)
        for gap in gaps:
            sure = await self.answerable(organization_id, gap.label)
            if sure.confidence >= sure.threshold:
                await self._close(actor, gap.id, sure)

    @retried_once
    async def _close(self, actor: Actor, gap_id: UUID, sure: Sureness) -> None:
        async with self.units(actor) as unit:
            gap = await unit.gaps.get(gap_id)
            gap.close(sure)
            if gap.pending:
                await unit.commit(Receipt(gap.id))
