"""Who has a conversation, and who is asked to take it: the part of its rules that routing is about."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from domain.base import Actor, ActorKind, Aggregate, ForbiddenError, InvalidStateError
from domain.conversation.desk_events import (
    ConversationAssigned,
    ConversationReturned,
    OfferEnd,
    OfferEnded,
    OfferEvent,
    OfferMade,
    ReturnCause,
)
from domain.conversation.events import ConversationState, ConversationTakenOver
from domain.conversation.triage import Triage

NOT_OFFERED = "This conversation is not offered to you, or not any more. It may have gone to somebody else."


@dataclass(frozen=True, slots=True)
class Offering:
    """One agent is asked until a time, or nobody; who is in `passed` is not asked again before the time there."""

    agent_id: UUID | None = None
    until: datetime | None = None
    passed: Mapping[UUID, datetime] = field(default_factory=lambda: MappingProxyType({}))

    def after(self, event: OfferEvent) -> Offering:
        """The same after an event."""
        match event:
            case OfferMade(agent_id, until):
                return replace(self, agent_id=agent_id, until=until)
            case OfferEnded(agent_id, not_before=datetime() as not_before):
                return Offering(passed={**self.passed, agent_id: not_before})
            case ConversationReturned(agent_id, not_before=datetime() as not_before):
                return Offering(passed={**self.passed, agent_id: not_before})
        return self.over()

    def over(self) -> Offering:
        """The same with nobody being asked."""
        return replace(self, agent_id=None, until=None)


@dataclass
class Routed(Aggregate):
    """A conversation as routing has it: at most one agent is asked at a time, and at most one has it."""

    state: ConversationState = ConversationState.WITH_ASSISTANT
    assignee_id: UUID | None = None
    triage: Triage = field(default_factory=Triage)
    offering: Offering = field(default_factory=Offering)

    @property
    def is_queued(self) -> bool:
        """Whether it waits for a person, and is to be seen to now."""
        hidden = self.triage.is_spam or self.triage.is_snoozed or self.triage.merged_into is not None
        return self.state is ConversationState.WAITING and not hidden

    def offer(self, agent_id: UUID, until: datetime) -> None:
        """Ask one agent to take it, until a time."""
        if not self.is_queued:
            raise InvalidStateError("This conversation does not wait for a person.")
        if self.offering.agent_id is not None:
            raise InvalidStateError("Somebody is being asked to take this conversation already.")
        self._record(OfferMade(agent_id, until))

    def accept(self, actor: Actor, at: datetime) -> None:
        """The agent who is asked takes it, in time."""
        if self.offering.agent_id != actor.identity or self.offering.until is None or self.offering.until < at:
            raise InvalidStateError(NOT_OFFERED)
        self._record(ConversationTakenOver(actor.identity))

    def decline(self, actor: Actor, not_before: datetime) -> None:
        """The agent who is asked does not take it, and is not asked again before a time."""
        if self.offering.agent_id != actor.identity:
            raise InvalidStateError(NOT_OFFERED)
        self._record(OfferEnded(actor.identity, OfferEnd.DECLINED, not_before))

    def end_offer(self, end: OfferEnd, not_before: datetime | None = None) -> None:
        """Ask the agent no longer who is asked, if anybody is."""
        if self.offering.agent_id is not None:
            self._record(OfferEnded(self.offering.agent_id, end, not_before))

    def give_back(self, agent_id: UUID, cause: ReturnCause, not_before: datetime) -> None:
        """The agent who has it has it no more: it waits for another, as long as it has waited already."""
        if self.assignee_id != agent_id:
            raise InvalidStateError("Only who has a conversation can give it back.")
        self._record(ConversationReturned(agent_id, cause, not_before))

    def assign(self, actor: Actor, agent_id: UUID, partial: str, reason: str | None) -> None:
        """Give it to an agent: what nobody has anyone gives, what somebody has only they, or an admin."""
        if self.state is ConversationState.RESOLVED:
            raise InvalidStateError("This conversation is resolved. Reopen it first.")
        if self.assignee_id == agent_id:
            return
        if self.assignee_id not in (None, actor.id) and actor.kind is ActorKind.AGENT:
            raise ForbiddenError("Another agent has this conversation: only they or an admin pass it on.")
        self._stop(actor, partial)
        self._withdraw(agent_id)
        self._record(ConversationAssigned(agent_id, reason))

    def _withdraw(self, taker_id: UUID | None = None) -> None:
        """Ask nobody any more, but who takes it now."""
        if self.offering.agent_id != taker_id:
            self.end_offer(OfferEnd.WITHDRAWN)

    def _reroute(self, event: OfferEvent) -> None:
        self.offering = self.offering.after(event)
        if isinstance(event, ConversationReturned):
            self.state, self.assignee_id = ConversationState.WAITING, None

    @abstractmethod
    def _stop(self, actor: Actor, partial: str) -> None:
        """End the answer that is being written, if one is."""
