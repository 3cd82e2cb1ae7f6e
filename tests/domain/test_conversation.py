"""The rules of a conversation, without any outside: events in, events out."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.assistant import Answer, Handoff, HandoffReason, Outcome, Provenance
from domain.base import (
    ActorKind,
    DomainError,
    ForbiddenError,
    InvalidInputError,
    InvalidStateError,
    assistant_of,
)
from domain.conversation import AlreadyAssignedError, Conversation, ConversationState, MessageKind
from domain.conversation import events as e
from tests.people import actor

ORGANIZATION = uuid4()
CUSTOMER = actor(ActorKind.CUSTOMER, ORGANIZATION)
AGENT = actor(ActorKind.AGENT, ORGANIZATION)
COLLEAGUE = actor(ActorKind.AGENT, ORGANIZATION)
ASSISTANT = assistant_of(ORGANIZATION)
ANSWER = Answer("Within 45 days.", (), Provenance("test", 1.0, 0.5))


def started(text: str = "How do I return it?") -> Conversation:
    conversation = Conversation(uuid4(), ORGANIZATION)
    conversation.start(CUSTOMER, text, uuid4(), uuid4())
    return conversation


def answered(conversation: Conversation, outcome: Outcome = ANSWER) -> None:
    answering = conversation.begin_answer(conversation.waiting[0], uuid4())
    assert answering is not None
    conversation.complete_answer(ASSISTANT, answering, outcome)


def kinds(conversation: Conversation) -> list[str]:
    return [event.kind for event in conversation.pending]


def test_a_question_is_answered_once() -> None:
    conversation = started()
    question = conversation.waiting[0]
    answered(conversation)
    assert kinds(conversation) == ["ConversationStarted", "MessageSent", "AnswerStarted", "AnswerCompleted"]
    assert conversation.begin_answer(question, uuid4()) is None


def test_a_later_attempt_keeps_the_answers_id_and_supersedes_the_earlier_one() -> None:
    conversation = started()
    question = conversation.waiting[0]
    first = conversation.begin_answer(question, uuid4())
    second = conversation.begin_answer(question, uuid4())
    assert first and second
    assert (second.answer_id, second.attempt) == (first.answer_id, 2)
    with pytest.raises(e.AttemptSupersededError):
        conversation.complete_answer(ASSISTANT, first, ANSWER)
    conversation.complete_answer(ASSISTANT, second, ANSWER)


def test_questions_are_answered_in_turn() -> None:
    conversation = started("First?")
    conversation.send(CUSTOMER, "Second?", uuid4())
    with pytest.raises(InvalidStateError):
        conversation.begin_answer(conversation.waiting[1], uuid4())
    first = conversation.waiting[0]
    assert conversation.history(first) == ()
    answered(conversation)
    assert [turn.text for turn in conversation.history(conversation.waiting[0])] == ["First?", ANSWER.text]


def test_a_handoff_takes_the_conversation_from_the_assistant_with_all_open_questions() -> None:
    conversation = started("First?")
    conversation.send(CUSTOMER, "Second?", uuid4())
    answered(conversation, Handoff(HandoffReason.NOT_IN_KNOWLEDGE, "the story", "Somebody will answer."))
    assert conversation.state is ConversationState.WAITING
    assert conversation.waiting == []
    assert conversation.messages[-1].kind is MessageKind.HANDOFF
    conversation.send(CUSTOMER, "Hello?", uuid4())
    assert conversation.waiting == [], "what is said to a person is no question to the assistant"


def test_taking_over_twice_changes_nothing_and_taking_from_a_colleague_is_refused() -> None:
    conversation = started()
    conversation.take_over(AGENT, "")
    before = len(conversation.pending)
    conversation.take_over(AGENT, "")
    assert len(conversation.pending) == before
    with pytest.raises(AlreadyAssignedError) as caught:
        conversation.take_over(COLLEAGUE, "")
    assert caught.value.assignee_id == AGENT.id


def test_whoever_has_it_or_an_admin_passes_it_on() -> None:
    for asking in (AGENT, actor(ActorKind.ADMIN, ORGANIZATION)):
        conversation = started()
        conversation.take_over(AGENT, "")
        with pytest.raises(InvalidStateError):
            conversation.request_handoff(COLLEAGUE, uuid4(), "")
        conversation.request_handoff(asking, uuid4(), "")
        assert (conversation.state, conversation.assignee_id) == (ConversationState.WAITING, None)
        conversation.take_over(COLLEAGUE, "")
        assert conversation.assignee_id == COLLEAGUE.id


def test_a_partial_answer_is_kept_under_the_answers_id() -> None:
    conversation = started()
    answering = conversation.begin_answer(conversation.waiting[0], uuid4())
    assert answering
    conversation.take_over(AGENT, "Within 4")
    partial = conversation.messages[-1]
    assert (partial.id, partial.kind, partial.text) == (answering.answer_id, MessageKind.PARTIAL_ANSWER, "Within 4")
    assert kinds(conversation)[-2:] == ["AnswerStopped", "ConversationTakenOver"]


def test_an_answer_that_has_shown_nothing_leaves_no_message() -> None:
    conversation = started()
    conversation.stop_answer(CUSTOMER, "")
    stopped = conversation.pending[-1]
    assert isinstance(stopped, e.AnswerStopped)
    assert stopped.message is None
    with pytest.raises(InvalidStateError):
        conversation.stop_answer(CUSTOMER, "")


def test_a_new_episode_remembers_the_former_one_by_a_line() -> None:
    conversation = started("Where is my parcel?")
    answered(conversation)
    conversation.resolve(CUSTOMER, "")
    conversation.send(CUSTOMER, "Another thing", uuid4())
    assert (conversation.state, conversation.episode) == (ConversationState.WITH_ASSISTANT, 2)
    assert conversation.history(conversation.waiting[0]) == ()
    assert "Where is my parcel?" in conversation.episodes[0]


def test_only_the_assignee_speaks_for_the_company() -> None:
    conversation = started()
    with pytest.raises(ForbiddenError):
        conversation.send(AGENT, "Hi", uuid4())
    conversation.take_over(AGENT, "")
    conversation.send(AGENT, "Hi", uuid4())
    with pytest.raises(ForbiddenError):
        conversation.send(COLLEAGUE, "Hi", uuid4())
    with pytest.raises(ForbiddenError):
        conversation.resolve(COLLEAGUE, "")


@pytest.mark.parametrize("text", ["", "   ", "x" * 10_001, "\x00", "half \ud83d"])
def test_unusable_text_changes_nothing(text: str) -> None:
    conversation = started()
    before = len(conversation.pending)
    with pytest.raises(InvalidInputError):
        conversation.send(CUSTOMER, text, uuid4())
    assert len(conversation.pending) == before


@dataclass
class Life:
    """A conversation that anything may happen to, and what must hold whatever does."""

    conversation: Conversation = field(default_factory=started)
    attempts: list[e.Answering] = field(default_factory=list)

    def do(self, move: str) -> None:
        conversation = self.conversation
        moves: dict[str, Any] = {
            "ask": lambda: conversation.send(CUSTOMER, "More?", uuid4()),
            "reply": lambda: conversation.send(AGENT, "Hello", uuid4()),
            "begin": self.begin,
            "complete": lambda: conversation.complete_answer(ASSISTANT, self.attempts[-1], ANSWER),
            "late": lambda: conversation.complete_answer(ASSISTANT, self.attempts[0], ANSWER),
            "hand over": lambda: conversation.complete_answer(
                ASSISTANT, self.attempts[-1], Handoff(HandoffReason.NOT_IN_KNOWLEDGE, "s", "t")
            ),
            "stop": lambda: conversation.stop_answer(CUSTOMER, "part"),
            "person": lambda: conversation.request_handoff(CUSTOMER, uuid4(), "part"),
            "take": lambda: conversation.take_over(AGENT, "part"),
            "steal": lambda: conversation.take_over(COLLEAGUE, "part"),
            "resolve": lambda: conversation.resolve(AGENT, "part"),
            "reopen": conversation.reopen,
        }
        try:
            moves[move]()
        except (DomainError, IndexError):
            return

    def begin(self) -> None:
        waiting = self.conversation.waiting
        if waiting and (answering := self.conversation.begin_answer(waiting[0], uuid4())):
            self.attempts.append(answering)


MOVES = [
    "ask",
    "reply",
    "begin",
    "complete",
    "late",
    "hand over",
    "stop",
    "person",
    "take",
    "steal",
    "resolve",
    "reopen",
]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(MOVES), max_size=40))
def test_whatever_happens_questions_have_one_outcome_and_history_tells_the_state(moves: list[str]) -> None:
    life = Life()
    for move in moves:
        life.do(move)
    conversation = life.conversation
    happened = list(conversation.pending)

    outcomes: list[UUID | None] = [x.message.question_id for x in happened if isinstance(x, e.AnswerCompleted)]
    outcomes += [x.question_id for x in happened if isinstance(x, e.AnswerStopped)]
    outcomes += [x.message.question_id for x in happened if isinstance(x, e.HandoffRequested) and x.message.question_id]
    assert len(outcomes) == len(set(outcomes)), "a question has two outcomes"

    if conversation.state is not ConversationState.WITH_ASSISTANT:
        assert conversation.waiting == [] and conversation.answering is None
    if conversation.state is ConversationState.WITH_PERSON:
        assert conversation.assignee_id is not None

    again = Conversation(conversation.id, ORGANIZATION)
    again.replay(happened)
    for name in ("state", "episode", "assignee_id", "waiting", "answering", "messages", "message_count", "episodes"):
        assert getattr(again, name) == getattr(conversation, name), name
    numbers = [m.number for x in happened if (m := getattr(x, "message", None))]
    assert numbers == list(range(1, len(numbers) + 1))
