"""The assistant that a language model speaks for: it answers from passages and results of tools, or says it cannot."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Protocol, cast
from uuid import UUID, uuid4

from domain.assistant import Delta, Outcome, Piece, Question, Restarted, ToolResult, Tools
from domain.model import LanguageModel, ModelMessage, ModelPiece, ModelReplyError, ModelRequest, Role
from domain.prompt.prompt import PromptVersion
from infra.ai.local import THRESHOLD, Search, Thresholds
from infra.grounded.attempt import Attempt, Ledger
from infra.grounded.judging import Judge
from infra.grounded.outcomes import HAND_OVER, NAMES, Growing, Reply
from infra.grounded.prompting import result
from infra.grounded.searching import RewritingSearch
from infra.grounded.support import Support
from infra.grounded.writing import Written

MOST_ROUNDS = 6
"""Replies of the model to one question; in the last one only outcomes are offered."""
NOT_YET = "This was not done: read the results of the other calls first, then call one outcome alone."


class PromptVersions(Protocol):
    """The versions of organizations' prompts."""

    async def __call__(self, organization_id: UUID, number: int | None = None) -> PromptVersion:
        """The version of that number, or the published one."""
        ...


@dataclass
class GroundedAssistant:
    """See `domain.assistant.Assistant`. What goes wrong with the model, or with what it says, raises ModelError.

    An outcome is a call of a tool, whose text streams while it is written; what takes it back after all is told by
    `Restarted`. Where the prompt asks for support, nothing is shown before it is checked.
    `is_talk` tells whether a message asks nothing; the model has no say in that.
    """

    model: LanguageModel
    search: Search
    prompts: PromptVersions
    threshold_of: Thresholds
    support: Support
    is_talk: Callable[[str], Awaitable[bool]]
    tools: Tools | None = None

    @property
    def name(self) -> str:
        """The model's."""
        return self.model.name

    async def answer(self, question: Question) -> AsyncIterator[Piece]:
        """The answer as the model writes it, then its outcome."""
        attempt = await self._begun(question)
        for turn in range(MOST_ROUNDS):
            request = attempt.request(is_last=turn + 1 == MOST_ROUNDS)
            reply, written = Reply(), attempt.writing()
            async with aclosing(self._streamed(request, reply, written)) as texts:
                async for text in texts:
                    attempt.ledger.shown()
                    yield Delta(text)
            attempt.ledger.paid(reply.done)
            if not written.is_leaked:
                reply.require_plain(request)
            outcome = await self._outcome(attempt, reply, written)
            if outcome is not None:
                for piece in _ending(written, outcome):
                    yield piece
                return
        raise ModelReplyError("The model called tools and came to no outcome.")

    async def _begun(self, question: Question) -> Attempt:
        question = replace(question, attempt_id=uuid4())
        number = question.rehearsal.prompt_number if question.rehearsal else None
        prompt = await self.prompts(question.organization_id, number)
        ledger = Ledger(self.name)
        looked, is_talk = await asyncio.gather(
            RewritingSearch(self.model, self.search).look(question), self.is_talk(question.text)
        )
        ledger.retrieval_ms = ledger.passed()
        ledger.paid(looked.done)
        chosen = await self.threshold_of(question.organization_id)
        threshold = THRESHOLD if chosen is None else chosen
        offered = await self.tools.offered(question) if self.tools else ()
        return Attempt(question, prompt, looked.found, threshold, ledger, is_talk, offered)

    async def _streamed(self, request: ModelRequest, reply: Reply, written: Written) -> AsyncGenerator[str, None]:
        """The text of an outcome as it can be shown, while the reply is read to its end."""
        async with aclosing(cast(AsyncGenerator[ModelPiece, None], self.model.generate(request))) as pieces:
            async for piece in pieces:
                call = reply.take(piece)
                if call is None or call is not reply.outcome or call.name == HAND_OVER:
                    continue
                if text := written.take(call):
                    yield text
                if written.is_leaked:
                    return

    async def _outcome(self, attempt: Attempt, reply: Reply, written: Written) -> Outcome | None:
        """The outcome of a reply; None where it called tools first, whose results are in the dialogue then."""
        call = reply.outcome
        if call is None:
            return await self._called(attempt, list(reply.calls.values()))
        if call.name != HAND_OVER and not written.is_leaked:
            written.finish(call)
        return await Judge(self.support).outcome(attempt, call, written)

    async def _called(self, attempt: Attempt, calls: list[Growing]) -> Outcome | None:
        """Let the tools do it, one after the other; the outcome of one, such as a proposal, is that of the answer."""
        attempt.dialogue.append(ModelMessage(Role.ASSISTANT, "", tuple(each.call() for each in calls)))
        for each in calls:
            if each.name in NAMES:
                attempt.dialogue.append(ModelMessage(Role.TOOL, NOT_YET, call_id=each.id))
                continue
            done = await self._use(attempt, each)
            if done.outcome is not None:
                return replace(done.outcome, provenance=attempt.provenance(f"the tool '{each.name}' ended it"))
            attempt.dialogue.append(result(done.text, each.id, attempt.fence))
        return None

    async def _use(self, attempt: Attempt, call: Growing) -> ToolResult:
        assert self.tools is not None  # noqa: S101  a call of what was not offered is refused before
        done = await self.tools.call(attempt.question, call.call())
        attempt.used(done)
        return done


def _ending(written: Written, outcome: Outcome) -> list[Piece]:
    """What is still to be said after the text that was shown; where that must not stay, all anew."""
    if outcome.text.startswith(written.shown):
        rest = outcome.text[len(written.shown) :]
        return [Delta(rest), outcome] if rest else [outcome]
    return [Restarted(), Delta(outcome.text), outcome]
