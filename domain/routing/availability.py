"""Whether an agent takes conversations, how many at once, and which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.account.settings import LANGUAGE, MOST_LANGUAGES
from domain.base import Aggregate, Event, FieldProblem, InvalidInputError
from domain.routing.events import AgentQualified, AvailabilityChanged, Status
from domain.routing.policy import LONGEST_TOPIC
from domain.text import checked

DEFAULT_CAPACITY = 4
MOST_CAPACITY = 100
MOST_TOPICS = 50


@dataclass(frozen=True, slots=True)
class Skills:
    """Languages as tags of BCP 47, and topics by their names; none of a kind is no limit of that kind."""

    languages: Sequence[str] = ()
    topics: Sequence[str] = ()

    def check(self) -> None:
        """`InvalidInputError` naming what cannot be."""
        for name, most in (("languages", MOST_LANGUAGES), ("topics", MOST_TOPICS)):
            if len(getattr(self, name)) > most:
                raise InvalidInputError(FieldProblem(f"input.{name}", f"At most {most} are allowed."))
        for place, language in enumerate(self.languages):
            if not LANGUAGE.fullmatch(language):
                raise InvalidInputError(FieldProblem(f"input.languages.{place}", "This is no tag such as `en`."))
        for place, topic in enumerate(self.topics):
            checked(topic, f"input.topics.{place}", longest=LONGEST_TOPIC)


@dataclass
class Availability(Aggregate):
    """One agent's; its id is the agent's. `seen_at` moves on as their client says that it is there."""

    status: Status = Status.OFFLINE
    capacity: int = DEFAULT_CAPACITY
    languages: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    seen_at: datetime | None = None

    def be(self, status: Status, at: datetime) -> None:
        """Take conversations, or do not; whoever says so was seen."""
        if status is not self.status or self.version == 0:
            self.seen_at = at
            self._record(AvailabilityChanged(status))

    def vanish(self, at: datetime, grace: timedelta) -> bool:
        """Be offline, if nobody saw them for the whole grace; whether that is so."""
        if self.status is Status.OFFLINE or (self.seen_at is not None and self.seen_at + grace > at):
            return False
        self._record(AvailabilityChanged(Status.OFFLINE, vanished=True))
        return True

    def qualify(self, skills: Skills, capacity: int, *, reason: str | None) -> None:
        """Have other skills, and at most so many conversations and offers at once."""
        skills.check()
        if not 0 <= capacity <= MOST_CAPACITY:
            raise InvalidInputError(FieldProblem("input.capacity", f"This must be 0 to {MOST_CAPACITY}."))
        languages, topics = (tuple(sorted(set(each))) for each in (skills.languages, skills.topics))
        if (capacity, languages, topics) != (self.capacity, self.languages, self.topics) or self.version == 0:
            self._record(AgentQualified(capacity=capacity, languages=languages, topics=topics, reason=reason))

    def _apply(self, event: Event) -> None:
        match event:
            case AvailabilityChanged(status):
                self.status = status
            case AgentQualified():
                self.capacity, self.languages, self.topics = event.capacity, event.languages, event.topics
