"""When clocks start, pause and end, and what of it is told: by simulated time, without any database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from domain.account.settings import BusinessHours, Span, Weekday
from domain.assistant import HandoffReason
from domain.base import ActorKind, Event, InvalidInputError
from domain.conversation import events as said
from domain.conversation.desk_events import ServiceLevelBreached, ServiceLevelMet, ServiceLevelWarned, Target
from domain.conversation.triage import ConversationMerged, ConversationSnoozed, ConversationWoken, Priority, SpamMarked
from domain.level.level import Level, LevelState, Verdict, judge
from domain.level.policy import ServiceLevelPolicyView, Terms

START = datetime(2026, 11, 23, 10, tzinfo=UTC)  # a Monday
TARGETS = {"first_response": 60, "next_response": 30, "resolution": 480}
POLICY = ServiceLevelPolicyView(
    uuid4(), Terms("All", {str(priority): TARGETS for priority in Priority}), START - timedelta(days=9)
)
OFFICE = BusinessHours("UTC", [Span(day, "09:00", "17:00") for day in list(Weekday)[:5]], [date(2026, 11, 24)])


def message(author: ActorKind) -> said.Message:
    return said.Message(uuid4(), 1, 1, author, uuid4(), said.MessageKind.TEXT, "…")


CUSTOMER = said.MessageSent(message(ActorKind.CUSTOMER))
AGENT = said.MessageSent(message(ActorKind.AGENT))
HANDOFF = said.HandoffRequested(HandoffReason.CUSTOMER_ASKED, "", message(ActorKind.ASSISTANT))
TAKEN = said.ConversationTakenOver(UUID(int=7))
RESOLVED = said.ConversationResolved(1, "")


class Story:
    """A conversation as it goes on, minute by minute."""

    def __init__(self, *, policy: ServiceLevelPolicyView = POLICY, hours: BusinessHours | None = None) -> None:
        self.history: list[tuple[Event, datetime]] = []
        self.policy = policy
        self.hours = hours

    def at(self, minute: float, *events: Event) -> "Story":
        self.history += [(event, START + timedelta(minutes=minute)) for event in events]
        return self

    def judged(self, minute: float) -> Verdict:
        now = START + timedelta(minutes=minute)
        verdict = judge(self.history, self.policy, Priority.NORMAL, self.hours, now)
        self.history += [(news, now) for news in verdict.news]
        return verdict

    def level(self, minute: float, target: Target) -> Level:
        return next(level for level in self.judged(minute).levels if level.target is target)

    def news(self, minute: float) -> list[tuple[type, Target]]:
        return [(type(news), news.target) for news in self.judged(minute).news]  # type: ignore[attr-defined]


def minutes(level: Level) -> float | None:
    return (level.due_at - START) / timedelta(minutes=1) if level.due_at else None


def test_nothing_is_owed_while_the_assistant_has_it() -> None:
    verdict = Story().at(0, CUSTOMER, said.AnswerCompleted(message(ActorKind.ASSISTANT))).judged(1000)
    assert (verdict.levels, verdict.news, verdict.rings_at) == ([], [], None)


def test_the_first_response_is_owed_from_the_handover_until_a_person_says_something() -> None:
    story = Story().at(0, CUSTOMER).at(5, HANDOFF)
    assert minutes(story.level(6, Target.FIRST_RESPONSE)) == 65
    story.at(20, CUSTOMER).at(30, TAKEN)
    assert minutes(story.level(31, Target.FIRST_RESPONSE)) == 65
    story.at(40, AGENT)
    assert story.news(41) == [(ServiceLevelMet, Target.FIRST_RESPONSE)]
    assert story.level(9999, Target.FIRST_RESPONSE).state is LevelState.MET


def test_the_next_response_is_owed_from_the_first_word_without_an_answer() -> None:
    story = Story().at(0, CUSTOMER, HANDOFF, TAKEN, AGENT).at(10, CUSTOMER).at(20, CUSTOMER)
    assert minutes(story.level(21, Target.NEXT_RESPONSE)) == 40
    story.at(30, AGENT).at(50, CUSTOMER)
    assert minutes(story.level(51, Target.NEXT_RESPONSE)) == 80


def test_warned_then_breached_and_each_told_once() -> None:
    story = Story(policy=replace(POLICY, terms=replace(POLICY.terms, targets={"normal": {"first_response": 60}})))
    story.at(0, CUSTOMER, HANDOFF)
    assert story.judged(44).rings_at == START + timedelta(minutes=45)
    assert story.news(45) == [(ServiceLevelWarned, Target.FIRST_RESPONSE)]
    assert story.judged(46).rings_at == START + timedelta(minutes=60)
    assert story.news(60) == [(ServiceLevelBreached, Target.FIRST_RESPONSE)]
    assert story.news(61) == []
    assert story.judged(61).rings_at is None
    story.at(90, AGENT)
    assert story.news(91) == []
    assert story.level(91, Target.FIRST_RESPONSE).state is LevelState.BREACHED


def test_what_nobody_looked_at_in_time_is_a_breach_all_the_same() -> None:
    story = Story().at(0, CUSTOMER, HANDOFF).at(61, AGENT)
    assert (ServiceLevelBreached, Target.FIRST_RESPONSE) in story.news(300)
    assert (ServiceLevelMet, Target.FIRST_RESPONSE) in Story().at(0, CUSTOMER, HANDOFF).at(60, AGENT).news(300)


def test_a_clock_that_is_set_back_neither_tells_twice_nor_too_early() -> None:
    story = Story().at(0, CUSTOMER, HANDOFF)
    assert (ServiceLevelWarned, Target.FIRST_RESPONSE) in story.news(50)
    assert story.news(10) == []
    assert story.news(50) == []
    story.at(-30, AGENT)  # committed by a clock that was set back an hour
    assert story.news(51) == [(ServiceLevelMet, Target.FIRST_RESPONSE)]


def test_the_resolution_waits_for_the_customer_where_the_policy_says_so() -> None:
    story = Story().at(0, CUSTOMER, HANDOFF).at(10, AGENT)
    assert story.level(400, Target.RESOLUTION).state is LevelState.PAUSED
    assert story.level(400, Target.RESOLUTION).due_at is None
    story.at(500, CUSTOMER)
    assert minutes(story.level(501, Target.RESOLUTION)) == 500 + 480 - 10
    hard = replace(POLICY, terms=replace(POLICY.terms, pauses=False))
    assert minutes(Story(policy=hard).at(0, CUSTOMER, HANDOFF).at(10, AGENT).level(20, Target.RESOLUTION)) == 480


@pytest.mark.parametrize("waking", [ConversationWoken(), CUSTOMER])
def test_no_clock_runs_while_it_sleeps(waking: Event) -> None:
    story = Story().at(0, CUSTOMER, HANDOFF).at(20, ConversationSnoozed(None))
    assert {level.state for level in story.judged(1000).levels} == {LevelState.PAUSED}
    assert story.judged(1000).due_at is None
    story.at(1000, waking)
    assert minutes(story.level(1001, Target.FIRST_RESPONSE)) == 1040


def test_business_time_alone_counts() -> None:
    story = Story(hours=OFFICE).at(390, CUSTOMER, HANDOFF)  # Monday, 16:30; Tuesday is a holiday
    assert story.level(400, Target.FIRST_RESPONSE).due_at == datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
    assert story.news(24 * 60) == []


def test_a_night_with_an_hour_more_gives_an_hour_more() -> None:
    night = BusinessHours("Europe/Berlin", [Span(Weekday.SUNDAY, "00:00", "06:00")])
    sunday = datetime(2026, 10, 24, 22, 30, tzinfo=UTC)  # half past midnight, before the clocks go back
    terms = Terms("Nights", {"normal": {"first_response": 240}})
    policy = ServiceLevelPolicyView(uuid4(), terms, sunday - timedelta(days=1))
    verdict = judge([(CUSTOMER, sunday), (HANDOFF, sunday)], policy, Priority.NORMAL, night, sunday)
    assert verdict.levels[0].due_at == sunday + timedelta(hours=4)
    spring = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)  # before they go forward: 4½ hours are left
    late = replace(policy, terms=replace(terms, targets={"normal": {"first_response": 300}}), created_at=spring)
    due = judge([(CUSTOMER, spring), (HANDOFF, spring)], late, Priority.NORMAL, night, spring).levels[0].due_at
    assert due == datetime(2026, 4, 4, 22, 30, tzinfo=UTC)  # next Sunday, half past midnight by summer time


@pytest.mark.parametrize("end", [ConversationMerged(uuid4()), SpamMarked(is_spam=True)])
def test_nobody_is_owed_anything_in_spam_or_what_went_elsewhere(end: Event) -> None:
    story = Story().at(0, CUSTOMER, HANDOFF).at(10, end)
    assert {level.state for level in story.judged(9999).levels} == {LevelState.DROPPED}
    assert story.news(9999) == []


def test_resolved_without_a_word_is_no_response() -> None:
    story = Story().at(0, CUSTOMER, HANDOFF).at(10, RESOLVED)
    assert story.news(11) == [(ServiceLevelMet, Target.RESOLUTION)]


def test_a_new_episode_begins_anew() -> None:
    story = Story().at(0, CUSTOMER, HANDOFF).at(10, AGENT, RESOLVED)
    story.judged(11)
    story.at(100, said.ConversationReopened(2), CUSTOMER)
    assert all(not level.is_open for level in story.judged(101).levels)
    story.at(110, HANDOFF)
    assert minutes(story.level(111, Target.FIRST_RESPONSE)) == 170


def test_a_policy_that_is_made_later_tells_nothing_of_what_was_over() -> None:
    story = Story().at(0, CUSTOMER, HANDOFF).at(100, AGENT)
    story.policy = replace(POLICY, created_at=START + timedelta(minutes=200))
    assert story.news(300) == []


def test_a_changed_policy_moves_open_clocks_and_takes_nothing_back() -> None:
    story = Story().at(0, CUSTOMER, HANDOFF)
    assert (ServiceLevelBreached, Target.FIRST_RESPONSE) in story.news(60)
    story.policy = replace(POLICY, terms=replace(POLICY.terms, targets={"normal": {"first_response": 600}}))
    assert story.level(61, Target.FIRST_RESPONSE).state is LevelState.BREACHED
    other = Story().at(0, CUSTOMER, HANDOFF)
    other.policy = story.policy
    assert minutes(other.level(61, Target.FIRST_RESPONSE)) == 600


@pytest.mark.parametrize(
    "terms",
    [
        Terms("Nothing", {}),
        Terms("Too long", {"normal": {"resolution": 60 * 24 * 61}}),
        Terms("None at all", {"normal": {"resolution": 0}}),
        Terms("Too late", {"normal": {"resolution": 1}}, warn_at=100),
        Terms(" ", {"normal": {"resolution": 1}}),
        Terms("Too far", {"normal": {"resolution": 1}}, place=1000),
        Terms("Too many", {"normal": {"resolution": 1}}, inbox_ids=tuple(uuid4() for _ in range(101))),
    ],
)
def test_terms_that_mean_nothing_are_refused(terms: Terms) -> None:
    with pytest.raises(InvalidInputError):
        terms.checked()
