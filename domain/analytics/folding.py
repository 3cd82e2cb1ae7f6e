"""From the events of one conversation to its facts: a pure fold, so that the same events always come to the same rows.

What the journal does not say comes as `Surroundings`. Facts are about what happened, never about what time it is now.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from domain.analytics.business import BusinessTime, milliseconds
from domain.analytics.fact import AnswerFact, ConversationFact, EpisodeFact, Fact, HandoffFact, MessageFact, RatingFact

Content = Mapping[str, Any]

WHO = {"assistant": "assistant", "agent": "person", "admin": "person", "customer": "customer"}
"""Actor kinds as numbers tell them apart; everybody else is `automation`."""
REPLIES = frozenset({"text", "answer", "clarification", "refusal", "action_proposal"})
"""Messages that answer somebody: a line that says that a person will come does not."""
AUTOMATIC = frozenset({"survey", "automatic", "out_of_hours", "action_result"})
"""Messages that nobody wrote, in whoever's name they were sent."""
ENDED_AS = {"customer": "confirmed", "person": "settled", "assistant": "assumed", "automation": "assumed"}
"""How an episode ended, by who ended it: only the customer can say that the matter is settled for them."""


class Happening(NamedTuple):
    """An event as the journal has it: its contents as JSON, and the kind of who did it."""

    kind: str
    content: Content
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an organization's events do not say: ids of inboxes and customers as text.

    A channel never changes, nor does when a customer was first vouched for. Teams and hours are those of the moment
    that a conversation is folded.
    """

    organization_id: str
    time: BusinessTime
    channels: Mapping[str, str] = field(default_factory=dict)
    teams: Mapping[str, str] = field(default_factory=dict)
    verified: Mapping[str, datetime] = field(default_factory=dict)


def facts_of(conversation_id: str, history: Iterable[Happening], around: Surroundings) -> list[Fact]:
    """All facts about one conversation; none for a history without its beginning."""
    fold: _Fold | None = None
    for happening in history:
        if fold is not None:
            fold.follow(happening)
        elif happening.kind == "ConversationStarted":
            fold = _Fold(conversation_id, happening, around)
    return fold.facts() if fold else []


class _Fold:
    """What is known of a conversation after some of its events."""

    def __init__(self, conversation_id: str, began: Happening, around: Surroundings) -> None:
        self._around = around
        self._key = (around.organization_id, conversation_id)
        self._customer_id: str = began.content["customer_id"]
        self._inbox_id: str | None = began.content.get("inbox_id")
        verified = around.verified.get(self._customer_id)
        self._is_identified = verified is not None and verified <= began.at
        self._topic: str | None = None
        self._language: str | None = None
        self._priority = "normal"
        self._is_spam = self._is_merged = False
        self._asked_at: datetime | None = None
        self._person_id: str | None = None
        self._handoff: HandoffFact | None = None
        self._unheard: HandoffFact | None = None
        self.whole = ConversationFact(conversation_id, *self._key, began.at)
        self.episodes: list[EpisodeFact] = []
        self.messages: dict[str, MessageFact] = {}
        self.answers: dict[str, AnswerFact] = {}
        self.handoffs: list[HandoffFact] = []
        self.ratings: dict[str, RatingFact] = {}
        self._begin(1, began.at)

    def follow(self, happening: Happening) -> None:
        """Go on as an event says; what numbers are not about changes nothing."""
        step = STEPS.get(happening.kind)
        if step is not None:
            step(self, happening)

    def facts(self) -> list[Fact]:
        """Everything, with what is said of the whole conversation said of each part."""
        self._conclude()
        found: list[Fact] = [self.whole, *self.episodes, *self.messages.values(), *self.answers.values()]
        found += [*self.handoffs, *self.ratings.values()]
        inbox, around = self._inbox_id or "", self._around
        channel, team = around.channels.get(inbox), around.teams.get(inbox)
        segment = "identified" if self._is_identified else "anonymous"
        for fact in found:
            fact.inbox_id, fact.channel, fact.team_id = self._inbox_id, channel, team
            fact.customer_id, fact.segment = self._customer_id, segment
            fact.topic, fact.language, fact.priority = self._topic, self._language, self._priority
        return found

    def _conclude(self) -> None:
        whole, first, last = self.whole, self.episodes[0], self.episodes[-1]
        whole.episodes, whole.ended_at = len(self.episodes), last.ended_at
        whole.outcome = "resolved" if last.ended_at else "open"
        whole.contained = all(episode.contained for episode in self.episodes)
        whole.person_id = next((one.person_id for one in reversed(self.episodes) if one.person_id), None)
        whole.reason = self.handoffs[0].reason if self.handoffs else None
        whole.first_response_ms = first.first_response_ms
        whole.first_response_business_ms = first.first_response_business_ms
        whole.resolution_ms, whole.resolution_business_ms = first.resolution_ms, first.resolution_business_ms
        parts: list[ConversationFact | EpisodeFact] = [whole, *self.episodes]
        for one in parts:
            one.actor_kind = _answered_by(one)
            if self._is_spam or (self._is_merged and one.outcome == "open"):
                one.outcome = "spam" if self._is_spam else "merged"

    @property
    def _episode(self) -> EpisodeFact:
        return self.episodes[-1]

    def _begin(self, number: int, at: datetime) -> None:
        identity = str(uuid5(UUID(self._key[1]), f"episode {number}"))
        self.episodes.append(EpisodeFact(identity, *self._key, at, number=number, started_at=at))
        self._asked_at = self._handoff = self._unheard = None

    def _said(self, happening: Happening) -> None:
        self._say(happening.content["message"], happening.at)

    def _say(self, message: Content, at: datetime) -> None:
        kind, author = message["kind"], message["author_kind"]
        who = "automation" if kind in AUTOMATIC else WHO.get(author, "automation")
        fact = MessageFact(message["id"], *self._key, at, number=message["number"], episode=message["episode"])
        fact.kind, fact.actor_kind, fact.outcome = kind, who, "sent"
        self.messages[fact.id] = fact
        for one in (self.whole, self._episode):
            one.messages += 1
            setattr(one, COUNTED[who], getattr(one, COUNTED[who]) + 1)
        if who == "customer":
            self._asked_at = self._asked_at or at
        elif kind in REPLIES:
            self._reply(fact, message.get("author_id"))

    def _reply(self, fact: MessageFact, author_id: str | None) -> None:
        episode, time, at = self._episode, self._around.time, fact.at
        if fact.actor_kind == "person":
            fact.person_id, episode.contained = author_id, False
            if heard := self._unheard:
                heard.reply_ms, heard.reply_business_ms = milliseconds(heard.at, at), time.between(heard.at, at)
                self._unheard = None
        if self._asked_at is None:
            return
        fact.response_ms, fact.response_business_ms = milliseconds(self._asked_at, at), time.between(self._asked_at, at)
        if episode.first_response_ms is None:
            fact.is_first_response = True
            episode.first_response_ms, episode.first_response_business_ms = fact.response_ms, fact.response_business_ms
        self._asked_at = None

    def _answer_began(self, happening: Happening) -> None:
        self._answer(happening.content["answer_id"], happening.at).attempts = happening.content["attempt"]

    def _answer(self, identity: str, at: datetime) -> AnswerFact:
        if identity not in self.answers:
            fact = AnswerFact(identity, *self._key, at, episode=self._episode.number)
            fact.actor_kind, fact.outcome = "assistant", "unfinished"
            self.answers[identity] = fact
        return self.answers[identity]

    def _answer_ended(self, happening: Happening) -> None:
        message = happening.content["message"]
        self._finish(message, happening.at)
        self._say(message, happening.at)

    def _finish(self, message: Content, at: datetime) -> AnswerFact:
        fact = self._answer(message["id"], at)
        fact.outcome, fact.took_ms = message["kind"], milliseconds(fact.at, at)
        fact.citations = len(message.get("citations") or ())
        if made := message.get("provenance"):
            self._made(fact, made)
        return fact

    def _made(self, fact: AnswerFact, made: Content) -> None:
        fact.model, fact.confidence, fact.tools = made["model"], made["confidence"], len(made.get("tools") or ())
        first = made.get("first_text_ms")
        fact.first_text_ms = None if first is None else round(first)
        used = made.get("usage") or {}
        fact.tokens_in, fact.tokens_out = used.get("read") or 0, used.get("written") or 0
        fact.tokens_cached, fact.cost_micros = used.get("cached") or 0, made.get("cost_micros") or 0
        for one in (self.whole, self._episode):
            one.tokens_in += fact.tokens_in
            one.tokens_out += fact.tokens_out
            one.cost_micros += fact.cost_micros

    def _answer_stopped(self, happening: Happening) -> None:
        content, at = happening.content, happening.at
        if answer_id := content["answer_id"]:
            fact = self._answer(answer_id, at)
            fact.outcome, fact.took_ms = "stopped", milliseconds(fact.at, at)
        if content["message"]:
            self._say(content["message"], at)

    def _handed_over(self, happening: Happening) -> None:
        content, at, message = happening.content, happening.at, happening.content["message"]
        if message["id"] in self.answers:
            self._finish(message, at).reason = content["reason"]
        self._say(message, at)
        fact = HandoffFact(message["id"], *self._key, at, episode=self._episode.number, reason=content["reason"])
        fact.actor_kind, fact.outcome = WHO.get(happening.by, "automation"), "waiting"
        self.handoffs.append(fact)
        self._handoff = self._unheard = fact
        episode = self._episode
        episode.contained, episode.reason = False, episode.reason or fact.reason
        episode.handoffs += 1
        self.whole.handoffs += 1

    def _taken(self, happening: Happening) -> None:
        self._episode.person_id = person_id = happening.content["agent_id"]
        if fact := self._handoff:
            fact.taken_at, fact.person_id, fact.outcome = happening.at, person_id, "taken"
            fact.wait_ms = milliseconds(fact.at, happening.at)
            fact.wait_business_ms = self._around.time.between(fact.at, happening.at)
            self._handoff = None

    def _resolved(self, happening: Happening) -> None:
        episode, at = self._episode, happening.at
        if self._handoff:
            self._handoff.outcome = "left"
        episode.ended_by = WHO.get(happening.by, "automation")
        episode.at = episode.ended_at = at
        episode.outcome = ENDED_AS[episode.ended_by]
        episode.confirmed, episode.assumed = episode.outcome == "confirmed", episode.outcome == "assumed"
        episode.resolution_ms = milliseconds(episode.started_at, at)
        episode.resolution_business_ms = self._around.time.between(episode.started_at, at)
        self._asked_at = self._handoff = self._unheard = None

    def _reopened(self, happening: Happening) -> None:
        self._episode.reopened_at = happening.at
        self._begin(happening.content["episode"], happening.at)

    def _identified(self, happening: Happening) -> None:
        self._customer_id, self._is_identified = happening.content["customer_id"], True

    def _rated(self, happening: Happening) -> None:
        content, at = happening.content, happening.at
        answer = self.answers.get(content["message_id"])
        if answer is None:
            return
        answer.helpful = content["helpful"]
        fact = RatingFact(answer.id, *self._key, at, episode=answer.episode, kind="answer", answered_at=at)
        fact.helpful, fact.outcome = answer.helpful, "answered"
        self.ratings[answer.id] = fact

    def _surveyed(self, happening: Happening) -> None:
        content = happening.content
        fact = RatingFact(content["survey_id"], *self._key, happening.at, episode=content["episode"], kind="survey")
        fact.outcome = "asked"
        fact.person_id = next((one.person_id for one in self.episodes if one.number == fact.episode), None)
        self.ratings[fact.id] = fact

    def _survey_answered(self, happening: Happening) -> None:
        content = happening.content
        if fact := self.ratings.get(content["survey_id"]):
            fact.score, fact.answered_at, fact.outcome = content["score"], happening.at, "answered"

    def _level_met(self, _: Happening) -> None:
        self._episode.levels_met += 1

    def _level_missed(self, _: Happening) -> None:
        self._episode.levels_missed += 1

    def _prioritized(self, happening: Happening) -> None:
        self._priority = happening.content["priority"]

    def _marked(self, happening: Happening) -> None:
        self._is_spam = happening.content["is_spam"]

    def _merged(self, _: Happening) -> None:
        self._is_merged = True

    def _undelivered(self, happening: Happening) -> None:
        if fact := self.messages.get(happening.content["message_id"] or ""):
            fact.undelivered, fact.outcome = True, "undelivered"

    def _classified(self, happening: Happening) -> None:
        self._topic, self._language = happening.content["topic"], happening.content["language"]


COUNTED = {who: f"{who}_messages" for who in ("assistant", "person", "automation", "customer")}
STEPS = {
    "MessageSent": _Fold._said,
    "AnswerStarted": _Fold._answer_began,
    "AnswerCompleted": _Fold._answer_ended,
    "AnswerStopped": _Fold._answer_stopped,
    "HandoffRequested": _Fold._handed_over,
    "ConversationTakenOver": _Fold._taken,
    "ConversationAssigned": _Fold._taken,
    "ConversationResolved": _Fold._resolved,
    "ConversationReopened": _Fold._reopened,
    "CustomerIdentified": _Fold._identified,
    "AnswerRated": _Fold._rated,
    "SurveyAsked": _Fold._surveyed,
    "SurveyAnswered": _Fold._survey_answered,
    "ServiceLevelMet": _Fold._level_met,
    "ServiceLevelBreached": _Fold._level_missed,
    "PriorityChanged": _Fold._prioritized,
    "SpamMarked": _Fold._marked,
    "ConversationMerged": _Fold._merged,
    "MessageUndelivered": _Fold._undelivered,
    "ConversationClassified": _Fold._classified,
}
"""What each kind of event does; all others are about nothing that is counted."""
KINDS = ("ConversationStarted", *STEPS)


def _answered_by(fact: ConversationFact | EpisodeFact) -> str:
    """Who answered: a person if one wrote, else the assistant, else automation; the customer if nobody did."""
    counts = (
        ("person", fact.person_messages),
        ("assistant", fact.assistant_messages),
        ("automation", fact.automation_messages),
    )
    return next((who for who, count in counts if count), "customer")
