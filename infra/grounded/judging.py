"""Makes the outcome of what a model called: as it said, or a handoff where that rests on nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from domain.assistant import Answer, Clarification, Handoff, HandoffReason, Outcome, Refusal
from domain.text import clipped
from infra.ai import composing
from infra.grounded.attempt import Attempt
from infra.grounded.outcomes import ANSWER, CLARIFY, CUSTOMER_ASKED, HAND_OVER, Growing
from infra.grounded.support import Support
from infra.grounded.writing import Written
from infra.safety.safe_text import safe

LONGEST_TALK = 300
LONGEST_LINE = 300
LONGEST_SUMMARY = 500
LONGEST_CHOICE = 100
MOST_CHOICES = 5
QUOTED = 300

LEAKED = "I can't help with that. Is there something else that you would like to know?"
DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Judge:
    """Decides by what was found and checked, never by what a text claims about itself."""

    support: Support

    async def outcome(self, attempt: Attempt, call: Growing, written: Written) -> Outcome:
        """What becomes of a complete call. A text that may stay is the outcome's, to the byte."""
        if call.name == HAND_OVER:
            return _handed_over(attempt, call.complete())
        if written.is_leaked:
            return Refusal(LEAKED, attempt.provenance("the text repeated what only the model was to read"))
        if call.name == ANSWER and not written.is_grounded:
            return _talk(attempt, written)
        return await self._checked(attempt, call, written)

    async def _checked(self, attempt: Attempt, call: Growing, written: Written) -> Outcome:
        checked = await self.support.check(written.text, list(attempt.sources))
        decision, removed = f"the model called '{call.name}'", len(written.sources.strange)
        why = attempt.provenance(decision, unsupported=checked.unsupported, removed=removed)
        if checked.support < attempt.prompt.content.least_support:
            return _unknown(attempt, "too little of the text is borne out", checked.unsupported, removed)
        if call.name == ANSWER:
            return Answer(written.text, written.sources.citations, why)
        if call.name == CLARIFY:
            return Clarification(written.text, _choices(call.complete()), why, written.sources.citations)
        return Refusal(written.text, why)


def _talk(attempt: Attempt, written: Written) -> Outcome:
    """An answer without a source: small talk if the customer's message was that and the text states no number."""
    text = written.text
    if attempt.is_talk and len(text) <= LONGEST_TALK and not DIGIT.search(text):
        return Answer(text, (), attempt.provenance("small talk"))
    return _unknown(attempt, "the answer names no source", (), len(written.sources.strange))


def _unknown(attempt: Attempt, decision: str, unsupported: tuple[str, ...], removed: int) -> Handoff:
    why = attempt.provenance(decision, unsupported=unsupported, removed=removed)
    story = f"The customer writes: “{clipped(attempt.question.text, QUOTED)}”. The assistant had no reliable answer."
    return Handoff(HandoffReason.NOT_IN_KNOWLEDGE, story, composing.UNKNOWN, why)


def _handed_over(attempt: Attempt, arguments: dict[str, Any]) -> Handoff:
    """A handoff as the model asked for it; its line to the customer promises no number and leads nowhere."""
    has_asked = arguments.get("reason") == CUSTOMER_ASKED
    reason = HandoffReason.CUSTOMER_ASKED if has_asked else HandoffReason.NOT_IN_KNOWLEDGE
    line = safe(_text(arguments, "text"))
    if not line or len(line) > LONGEST_LINE or DIGIT.search(line) or attempt.leaks().found(f"{line}\n"):
        line = composing.PERSON if has_asked else composing.UNKNOWN
    summary = clipped(safe(_text(arguments, "summary")), LONGEST_SUMMARY)
    story = summary or f"The customer writes: “{clipped(attempt.question.text, QUOTED)}”."
    return Handoff(reason, story, line, attempt.provenance("the model called 'hand_over'"))


def _choices(arguments: dict[str, Any]) -> tuple[str, ...]:
    given = arguments.get("choices")
    texts = (
        [clipped(safe(one), LONGEST_CHOICE) for one in given if isinstance(one, str)] if isinstance(given, list) else []
    )
    return tuple(dict.fromkeys(text for text in texts if text))[:MOST_CHOICES]


def _text(arguments: dict[str, Any], name: str) -> str:
    text = arguments.get(name)
    return text if isinstance(text, str) else ""
