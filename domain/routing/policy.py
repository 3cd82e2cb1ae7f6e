"""How long everything about the queue takes, as an organization decides it; and what its inboxes need."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta

from domain.account.settings import LANGUAGE
from domain.base import Aggregate, Event, FieldProblem, InvalidInputError
from domain.routing.events import InboxNeedsChanged, RoutingPolicyChanged
from domain.text import checked

UNSEEN = timedelta(seconds=45)
"""For how long somebody who was not seen still is asked: clients say every ten seconds that they are there."""
LONGEST = 86_400
LONGEST_TOPIC = 100
SHORTEST = {"offer": 5, "grace": 60}


@dataclass(frozen=True)
class Terms:
    """Seconds: `offer` to accept one; `pause` until who passed is asked again; `grace` until who vanished gives back.

    After `topic`, and after `language`, a conversation that waits goes to people without that skill too.
    """

    offer: int = 60
    pause: int = 300
    grace: int = 180
    topic: int = 120
    language: int = 600

    def check(self) -> None:
        """`InvalidInputError` naming everything that cannot be."""
        if problems := list(self._problems()):
            raise InvalidInputError(*problems)

    def _problems(self) -> Iterator[FieldProblem]:
        for name, seconds in asdict(self).items():
            least = SHORTEST.get(name, 0)
            if not least <= seconds <= LONGEST:
                yield FieldProblem(f"input.{name}Seconds", f"This must be {least} to {LONGEST:,} seconds.")


@dataclass
class RoutingPolicy(Aggregate):
    """The one of an organization, whose id is the organization's."""

    offer: int = Terms.offer
    pause: int = Terms.pause
    grace: int = Terms.grace
    topic: int = Terms.topic
    language: int = Terms.language

    @property
    def terms(self) -> Terms:
        """What it says."""
        return Terms(self.offer, self.pause, self.grace, self.topic, self.language)

    def decide(self, terms: Terms, *, reason: str | None) -> None:
        """Say something else from now on; offers that are open keep their time."""
        terms.check()
        if terms != self.terms or self.version == 0:
            self._record(RoutingPolicyChanged(**asdict(terms), reason=reason))

    def _apply(self, event: Event) -> None:
        if isinstance(event, RoutingPolicyChanged):
            self.offer, self.pause, self.grace = event.offer, event.pause, event.grace
            self.topic, self.language = event.topic, event.language


@dataclass
class InboxNeeds(Aggregate):
    """The skills that an inbox asks for by itself; its id is the inbox's."""

    language: str | None = None
    topic: str | None = None

    def decide(self, language: str | None, topic: str | None, *, reason: str | None) -> None:
        """Need other skills; None leaves it to what each conversation is found to be about."""
        if language is not None and not LANGUAGE.fullmatch(language):
            raise InvalidInputError(FieldProblem("input.language", "This is no tag of a language such as `en`."))
        if topic is not None:
            checked(topic, "input.topic", longest=LONGEST_TOPIC)
        if (language, topic) != (self.language, self.topic) or self.version == 0:
            self._record(InboxNeedsChanged(inbox_id=self.id, language=language, topic=topic, reason=reason))

    def _apply(self, event: Event) -> None:
        if isinstance(event, InboxNeedsChanged):
            self.language, self.topic = event.language, event.topic
