"""Answering a test case: nobody waits for it, and nothing comes of it but a verdict."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import cast
from uuid import UUID

from domain.assistant import (
    Answer,
    Assistant,
    Clarification,
    Delta,
    Handoff,
    Outcome,
    Piece,
    Question,
    Refusal,
    Rehearsal,
    Restarted,
    Speaker,
    Turn,
)
from domain.base import Identifiers, UnavailableError
from domain.learning.case import OutcomeKind, Patterns, RehearsedCase, Reply, failures

LONGEST_KEPT = 4_000
"""Characters of a reply that are kept of a trial."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One answer to one case: the kind and text of its last reply, what it cited, and what was wrong with it."""

    case_id: UUID
    number: int
    failures: tuple[str, ...]
    outcome: OutcomeKind | None
    text: str
    cited: tuple[str, ...]
    model: str
    took_ms: float

    @property
    def passed(self) -> bool:
        """Nothing was wrong with it."""
        return not self.failures


@dataclass(slots=True)
class _Dialogue:
    """A dialogue as it goes on."""

    history: list[Turn] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    took_ms: float = 0.0


@dataclass(frozen=True)
class Rehearsals:
    """Lets the assistant answer test cases. A dialogue ends early where the assistant leaves it to a person."""

    assistant: Assistant
    new_id: Identifiers
    patterns: Patterns
    time_limit: float

    async def __call__(
        self, organization_id: UUID, case: RehearsedCase, number: int, prompt_number: int | None
    ) -> Trial:
        """One trial of a case; an assistant that fails, or takes too long, has failed the trial.

        Raises `UnavailableError` where Parley's own database is away, which says nothing about the assistant.
        """
        dialogue, wrong = _Dialogue(), ""
        try:
            async with asyncio.timeout(self.time_limit):
                await self._talk(organization_id, case, prompt_number, dialogue)
        except TimeoutError:
            wrong = f"The assistant took longer than {self.time_limit:g} seconds."
        except UnavailableError:
            raise
        except Exception as error:  # whatever an assistant raises is a verdict on it, and no reason to try again
            wrong = f"The assistant failed: {type(error).__name__}."
        return self._trial(case, number, dialogue, wrong)

    async def _talk(
        self, organization_id: UUID, case: RehearsedCase, prompt_number: int | None, dialogue: _Dialogue
    ) -> None:
        rehearsal = Rehearsal(prompt_number, case.script.tools)
        for said in case.script.turns:
            history = tuple(dialogue.history)
            question = Question(self.new_id(), organization_id, said, history, rehearsal=rehearsal)
            outcome = await _outcome(self.assistant, question)
            provenance = outcome.provenance
            dialogue.took_ms += provenance.total_ms if provenance else 0.0
            dialogue.replies.append(_reply(outcome))
            dialogue.history += [Turn(Speaker.CUSTOMER, said), Turn(Speaker.ASSISTANT, outcome.text)]
            if dialogue.replies[-1].kind not in (OutcomeKind.ANSWER, OutcomeKind.CLARIFICATION):
                return

    def _trial(self, case: RehearsedCase, number: int, dialogue: _Dialogue, wrong: str) -> Trial:
        last = dialogue.replies[-1] if dialogue.replies else None
        found = (wrong,) if wrong else failures(case.script, dialogue.replies, self.patterns)
        return Trial(
            case_id=case.id,
            number=number,
            failures=found,
            outcome=last.kind if last else None,
            text=last.text[:LONGEST_KEPT] if last else "",
            cited=tuple(dict.fromkeys(citation.title for citation in last.citations)) if last else (),
            model=last.model if last else "",
            took_ms=dialogue.took_ms,
        )


async def _outcome(assistant: Assistant, question: Question) -> Outcome:
    async with aclosing(cast(AsyncGenerator[Piece, None], assistant.answer(question))) as said:
        async for piece in said:
            if not isinstance(piece, Delta | Restarted):
                return piece
    raise ValueError("The assistant ended without an outcome.")


_KINDS: dict[type, OutcomeKind] = {
    Answer: OutcomeKind.ANSWER,
    Clarification: OutcomeKind.CLARIFICATION,
    Handoff: OutcomeKind.HANDOFF,
    Refusal: OutcomeKind.REFUSAL,
}


def _reply(outcome: Outcome) -> Reply:
    citations = outcome.citations if isinstance(outcome, Answer | Clarification) else ()
    model = outcome.provenance.model if outcome.provenance else ""
    return Reply(_KINDS.get(type(outcome), OutcomeKind.ACTION_PROPOSAL), outcome.text, citations, model)
