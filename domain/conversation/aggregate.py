"""A conversation: who has it, what was said, and the rules by which it moves on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from uuid import UUID

from domain.assistant import (
    ActionProposal,
    Answer,
    Citation,
    Clarification,
    Handoff,
    Outcome,
    Provenance,
    Refusal,
    Speaker,
    Turn,
)
from domain.base import STAFF, Actor, ActorKind, Event, ForbiddenError, InvalidStateError
from domain.conversation.collision import Reply, require_seen
from domain.conversation.desk_events import Aside, ConversationAssigned, OfferEvent
from domain.conversation.events import (
    AlreadyAssignedError,
    AnswerCompleted,
    Answering,
    AnswerRated,
    AnswerStarted,
    AnswerStopped,
    AttemptSupersededError,
    ConversationReopened,
    ConversationResolved,
    ConversationStarted,
    ConversationState,
    ConversationTakenOver,
    CustomerIdentified,
    HandoffRequested,
    Message,
    MessageKind,
    MessageSent,
)
from domain.conversation.handing import ASKED, BY_CUSTOMER, NO_HANDOFF
from domain.conversation.routed import Offering
from domain.conversation.sorted import Sorted
from domain.conversation.triage import ConversationWoken, SubjectChanged, TriageEvent
from domain.text import checked, clipped

LONGEST_COMMENT = 1_000


@dataclass
class Conversation(Sorted):
    """Rebuilt from its events; each method checks one rule and records what happened."""

    customer_id: UUID = field(default_factory=lambda: UUID(int=0))
    inbox_id: UUID | None = None
    episode: int = 1
    episodes: tuple[str, ...] = ()
    messages: list[Message] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    message_count: int = 0
    customer_message_count: int = 0
    waiting: list[UUID] = field(default_factory=list)
    answering: Answering | None = None
    handoff: HandoffRequested | None = None
    answers: dict[UUID, AnswerRated | None] = field(default_factory=dict)

    def start(
        self, actor: Actor, text: str, message_id: UUID, inbox_id: UUID, attachments: tuple[UUID, ...] = ()
    ) -> None:
        """A customer asks the first question."""
        actor.require_kind(ActorKind.CUSTOMER)
        checked(text, "input.text")
        self._record(ConversationStarted(actor.identity, clipped(text, 80), inbox_id))
        self._say(actor, text, message_id, attachments)

    def send(
        self,
        actor: Actor,
        text: str,
        message_id: UUID,
        attachments: tuple[UUID, ...] = (),
        *,
        seen: int | None = None,
    ) -> None:
        """A customer or the agent who has the conversation says something; a customer's word reopens a resolved one.

        Where the writer has seen a version only, what others replied after it raises `ConversationMovedOnError`.
        """
        self.require_going_on()
        checked(text, "input.text")
        if seen is not None:
            require_seen(self.replies, seen, self.version, actor)
        if actor.is_staff:
            self._require_assignee(actor)
        else:
            self.sort(ConversationWoken())
            if self.state is ConversationState.RESOLVED:
                self._record(ConversationReopened(self.episode + 1))
        self._say(actor, text, message_id, attachments)

    def begin_answer(self, question_id: UUID, answer_id: UUID) -> Answering | None:
        """Start, or start again, the answer to the oldest open question; None when it needs none any more."""
        if question_id not in self.waiting:
            return None
        if self.waiting[0] != question_id:
            raise InvalidStateError("An earlier question of this conversation is still to be answered.")
        earlier = self.answering
        answer_id = earlier.answer_id if earlier else answer_id
        self._record(AnswerStarted(answer_id, question_id, earlier.attempt + 1 if earlier else 1))
        return self.answering

    def complete_answer(self, actor: Actor, answering: Answering, outcome: Outcome) -> None:
        """Store the outcome of an attempt, unless it was stopped or superseded meanwhile."""
        if self.answering != answering:
            raise AttemptSupersededError("This attempt at an answer is not the current one.")
        message = self._outcome_message(actor, answering, outcome)
        if isinstance(outcome, Handoff):
            self._record(HandoffRequested(outcome.reason, outcome.summary, message))
        else:
            self._record(AnswerCompleted(message))

    def stop_answer(self, actor: Actor, partial: str) -> None:
        """End the answer that is being written, or is about to be; `partial` is what readers have seen of it."""
        if not self.waiting:
            raise InvalidStateError("No answer is being written here.")
        self._stop(actor, partial)

    def tell(
        self,
        actor: Actor,
        text: str,
        message_id: UUID,
        action_id: UUID | None = None,
        *,
        kind: MessageKind = MessageKind.ACTION_RESULT,
    ) -> None:
        """The assistant says something that answers nothing, whoever has the conversation; nobody's turn changes."""
        actor.require_kind(ActorKind.ASSISTANT)
        message = self._message(actor.id, ActorKind.ASSISTANT, kind, text, message_id)
        self._record(MessageSent(replace(message, action_id=action_id)))

    def request_handoff(self, actor: Actor, message_id: UUID, partial: str) -> None:
        """A customer or a rule asks for a person, or an agent for a colleague: who has it, or an admin for them."""
        if self.state is not ConversationState.WITH_ASSISTANT and not self._may_pass_on(actor):
            raise InvalidStateError(NO_HANDOFF[self.state])
        reason, said = ASKED.get(actor.kind, BY_CUSTOMER)
        self._stop(actor, partial)
        line = self._message(actor.organization_id, ActorKind.ASSISTANT, MessageKind.HANDOFF, said, message_id)
        self._record(HandoffRequested(reason, self.story(), line))

    def take_over(self, actor: Actor, partial: str) -> None:
        """An agent takes the conversation, in the middle of an answer too; taking what one has changes nothing."""
        actor.require_kind(*STAFF)
        if self.state is ConversationState.RESOLVED:
            raise InvalidStateError("This conversation is resolved. Reopen it first.")
        if self.assignee_id == actor.identity:
            return
        if self.assignee_id is not None:
            raise AlreadyAssignedError(self.assignee_id)
        self._stop(actor, partial)
        self._withdraw(actor.identity)
        self._record(ConversationTakenOver(actor.identity))

    def resolve(self, actor: Actor, partial: str) -> None:
        """The matter is settled, says the customer, or an agent who has it or finds it without one."""
        if self.state is ConversationState.RESOLVED:
            raise InvalidStateError("This conversation is resolved already.")
        if actor.is_staff and self.assignee_id not in (None, actor.identity):
            raise ForbiddenError("Another agent has this conversation; only they or the customer resolve it.")
        self._stop(actor, partial)
        self._withdraw()
        self.sort(ConversationWoken())
        self._record(ConversationResolved(self.episode, self.story()))

    def reopen(self) -> None:
        """A resolved conversation goes on, in a new episode, with the assistant."""
        self.require_going_on()
        if self.state is not ConversationState.RESOLVED:
            raise InvalidStateError("This conversation is open.")
        self._record(ConversationReopened(self.episode + 1))

    def identify(self, customer_id: UUID) -> None:
        """Belong to a known customer, whom the visitor who began it turned out to be."""
        if customer_id != self.customer_id:
            self._record(CustomerIdentified(customer_id))

    def rate(self, actor: Actor, rating: AnswerRated) -> None:
        """The customer says whether an answer, of whatever episode, helped; the same again changes nothing."""
        actor.require_kind(ActorKind.CUSTOMER)
        if rating.message_id not in self.answers:
            raise InvalidStateError("Only what the assistant answered can be rated.")
        if rating.comment is not None:
            checked(rating.comment, "input.comment", longest=LONGEST_COMMENT)
        if self.answers[rating.message_id] != rating:
            self._record(rating)

    def note(self, event: Aside) -> None:
        """Let something be told of it."""
        self._record(event)

    def history(self, question_id: UUID) -> tuple[Turn, ...]:
        """What was said in this episode, oldest first, without this question and others still open."""
        before = [message for message in self.messages if message.id != question_id and message.id not in self.waiting]
        return tuple(Turn(_SPEAKERS[message.author_kind], message.text) for message in before)

    def question_text(self, question_id: UUID) -> str:
        """The words of a question of this episode."""
        return next(message.text for message in self.messages if message.id == question_id)

    def story(self) -> str:
        """This episode in a line: what the customer wrote first and last, and how often they were answered."""
        asked = [message.text for message in self.messages if message.author_kind is ActorKind.CUSTOMER]
        if not asked:
            return "The customer has written nothing in this episode."
        replies = sum(message.author_kind is not ActorKind.CUSTOMER for message in self.messages)
        last = f" Last: “{clipped(asked[-1], 160)}”." if len(asked) > 1 else ""
        return f"The customer asked: “{clipped(asked[0], 160)}”.{last} Replies so far: {replies}."

    def _say(self, actor: Actor, text: str, message_id: UUID, attachments: tuple[UUID, ...]) -> None:
        message = self._message(actor.id, actor.kind, MessageKind.TEXT, text, message_id)
        self._record(MessageSent(replace(message, attachments=attachments)))

    def _stop(self, actor: Actor, partial: str) -> None:
        if not self.waiting:
            return
        answering, message = self.answering, None
        if answering and partial:
            message = self._message(
                actor.organization_id,
                ActorKind.ASSISTANT,
                MessageKind.PARTIAL_ANSWER,
                partial,
                answering.answer_id,
                question_id=answering.question_id,
            )
        self._record(AnswerStopped(answering.answer_id if answering else None, self.waiting[0], message))

    def _outcome_message(self, actor: Actor, answering: Answering, outcome: Outcome) -> Message:
        message = self._message(
            actor.id,
            ActorKind.ASSISTANT,
            _KINDS[type(outcome)],
            outcome.text,
            answering.answer_id,
            question_id=answering.question_id,
            citations=() if isinstance(outcome, Handoff) else getattr(outcome, "citations", ()),
            choices=outcome.choices if isinstance(outcome, Clarification) else (),
            provenance=outcome.provenance,
        )
        if isinstance(outcome, ActionProposal):
            return replace(message, action_id=outcome.action_id)
        return replace(message, needs_code=isinstance(outcome, Clarification) and outcome.needs_code)

    def _message(
        self,
        author_id: UUID | None,
        author_kind: ActorKind,
        kind: MessageKind,
        text: str,
        message_id: UUID,
        *,
        question_id: UUID | None = None,
        citations: tuple[Citation, ...] = (),
        choices: tuple[str, ...] = (),
        provenance: Provenance | None = None,
    ) -> Message:
        author_kind = ActorKind.AGENT if author_kind is ActorKind.ADMIN else author_kind
        return Message(
            id=message_id,
            number=self.message_count + 1,
            episode=self.episode,
            author_kind=author_kind,
            author_id=author_id,
            kind=kind,
            text=text,
            question_id=question_id,
            citations=citations,
            choices=choices,
            provenance=provenance,
        )

    def _may_pass_on(self, actor: Actor) -> bool:
        has_it = actor.is_staff and (actor.kind is ActorKind.ADMIN or actor.identity == self.assignee_id)
        return self.state is ConversationState.WITH_PERSON and has_it

    def _require_assignee(self, actor: Actor) -> None:
        if self.assignee_id != actor.identity:
            raise ForbiddenError("Take the conversation over first: only the agent who has it answers the customer.")

    def _apply(self, event: Event) -> None:
        match event:
            case ConversationStarted():
                self.customer_id, self.subject, self.inbox_id = event.customer_id, event.subject, event.inbox_id
            case MessageSent():
                self._add(event.message)
                if self._is_asked(event.message):
                    self.waiting.append(event.message.id)
            case AnswerStarted() | AnswerCompleted() | AnswerRated() | AnswerStopped():
                self._follow(event)
            case HandoffRequested() | ConversationTakenOver() | ConversationAssigned():
                self._hand_over(event)
            case ConversationResolved() | ConversationReopened():
                self._turn_over(event)
            case OfferEvent():
                self._reroute(event)
            case TriageEvent():
                self.triage = self.triage.after(event)
                self.subject = event.subject if isinstance(event, SubjectChanged) else self.subject
            case Aside():
                pass  # told in its stream, and nothing of it changes
            case CustomerIdentified():
                self.customer_id = event.customer_id
                self.messages = [_said_by(event.customer_id, message) for message in self.messages]
            case _:
                raise TypeError(f"A conversation knows no event of the kind {event.kind}.")

    def _follow(self, event: AnswerStarted | AnswerCompleted | AnswerRated | AnswerStopped) -> None:
        match event:
            case AnswerStarted():
                self.answering = Answering(event.answer_id, event.question_id, event.attempt)
            case AnswerCompleted():
                self._add(event.message)
                self._answered(event.message.question_id)
                if event.message.kind is MessageKind.ANSWER:
                    self.answers[event.message.id] = None
            case AnswerRated():
                self.answers[event.message_id] = event
            case AnswerStopped():
                if event.message:
                    self._add(event.message)
                self._answered(event.question_id)

    def _hand_over(self, event: HandoffRequested | ConversationTakenOver | ConversationAssigned) -> None:
        if isinstance(event, HandoffRequested):
            self._add(event.message)
            self._leave_assistant(ConversationState.WAITING)
            self.handoff, self.assignee_id = event, None
        else:
            self._leave_assistant(ConversationState.WITH_PERSON)
            self.assignee_id, self.offering = event.agent_id, self.offering.over()

    def _turn_over(self, event: ConversationResolved | ConversationReopened) -> None:
        if isinstance(event, ConversationResolved):
            self._leave_assistant(ConversationState.RESOLVED)
            self.episodes, self.assignee_id, self.handoff = (*self.episodes, event.summary), None, None
            self.offering = Offering()
        else:
            self.state, self.episode, self.messages = ConversationState.WITH_ASSISTANT, event.episode, []

    def _is_asked(self, message: Message) -> bool:
        """Whether the assistant is to answer: whoever sent spam gets nothing more of it."""
        is_question = message.author_kind is ActorKind.CUSTOMER
        return is_question and self.state is ConversationState.WITH_ASSISTANT and not self.triage.is_spam

    def _add(self, message: Message) -> None:
        self.messages.append(message)
        if message.author_kind is not ActorKind.CUSTOMER:
            self.replies.append((self.version + len(self.pending) + 1, message))
        self.message_count += 1
        self.customer_message_count += message.author_kind is ActorKind.CUSTOMER

    def _answered(self, question_id: UUID | None) -> None:
        self.waiting = [waiting for waiting in self.waiting if waiting != question_id]
        self.answering = None

    def _leave_assistant(self, state: ConversationState) -> None:
        self.state, self.waiting, self.answering = state, [], None


def _said_by(customer_id: UUID, message: Message) -> Message:
    """The message, by this customer if it is a customer's."""
    return replace(message, author_id=customer_id) if message.author_kind is ActorKind.CUSTOMER else message


_SPEAKERS = {
    ActorKind.CUSTOMER: Speaker.CUSTOMER,
    ActorKind.AGENT: Speaker.AGENT,
    ActorKind.ASSISTANT: Speaker.ASSISTANT,
}
_KINDS: dict[type, MessageKind] = {
    Answer: MessageKind.ANSWER,
    Clarification: MessageKind.CLARIFICATION,
    Handoff: MessageKind.HANDOFF,
    Refusal: MessageKind.REFUSAL,
    ActionProposal: MessageKind.ACTION_PROPOSAL,
}
