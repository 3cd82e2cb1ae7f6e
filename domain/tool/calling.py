"""How the assistant's calls are made: checked, on record before and after, never twice, and never for somebody else."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid5

from domain.account.stored import Opening
from domain.assistant import ActionProposal, Provenance, Question, ToolResult, ToolUse
from domain.base import Clock, Identifiers, assistant_of
from domain.model import ToolCall, ToolSpec
from domain.ports import Receipt
from domain.retry import retried_once
from domain.text import clipped
from domain.tool.call import LONGEST_OUTPUT, MOST_ATTEMPTS, Call, CallUnit, redacted, shown
from domain.tool.events import CallState, ToolKind
from domain.tool.ports import BadArgumentsError, Behalf, Catalog, Offer, Outside, Reply, Schemas, Seals
from domain.tool.proof import Proofs

MOST_CALLS = 20
"""How many calls one question gets, whatever a model wants."""
NO_TOOL = "There is no tool of this name."
TOO_MANY = "No more tools can be called for this question."
MISFIT = "The arguments do not fit the tool's parameters."
NOT_PROVEN = "The customer has to show who they are first."
WAITS = "An agent of the company is asked whether this may be done. Nothing was done yet."
BEFORE = "An earlier attempt at this answer called this with {input}. It is not called again. What came of it: "
RUNNING = "This is being done at this moment. Do not ask for it again."
UNSURE = "Nobody knows whether this was done. Say so, and that someone will look."
UNDONE = {
    CallState.REJECTED: "An agent of the company decided not to do this.",
    CallState.EXPIRED: "Nobody decided in time, so this was not done.",
}


@dataclass(frozen=True)
class Caller:
    """Makes one call and says what came of it, without what is to be left out of every record."""

    outside: Outside
    clock: Clock

    async def call(self, offer: Offer, arguments: Mapping[str, Any], behalf: Behalf) -> tuple[Reply, float]:
        """The reply, and how long it took in milliseconds; an acting call of unknown outcome is tried once more.

        The second try has the same idempotency key, so that the other end does nothing twice.
        """
        began = self.clock()
        reply = await self.outside.call(offer, arguments, behalf)
        if reply.state is CallState.UNKNOWN and offer.tool.kind is ToolKind.READ:
            reply = replace(reply, state=CallState.FAILED)
        elif reply.state is CallState.UNKNOWN and offer.is_repeatable:
            reply = await self.outside.call(offer, arguments, behalf)
        output = shown(reply, offer.tool.redacted_output)
        return replace(reply, output=output), (self.clock() - began).total_seconds() * 1_000


@dataclass(frozen=True)
class OrganizationTools:
    """The organization's tools, as the assistant has them while it answers."""

    catalog: Catalog
    units: Opening[CallUnit]
    caller: Caller
    schemas: Schemas
    seals: Seals
    proofs: Proofs
    new_id: Identifiers
    clock: Clock

    async def offered(self, question: Question) -> Sequence[ToolSpec]:
        """The tools that are switched on; where nobody asks, those alone that only look something up."""
        offers = await self.catalog.offers(question.organization_id)
        if question.rehearsal is not None:
            offers = [each for each in offers if each.tool.name in question.rehearsal.results]
        elif question.conversation_id is None or question.customer_id is None:
            offers = [each for each in offers if _is_harmless(each)]
        return [ToolSpec(each.tool.name, each.tool.description, each.tool.parameters) for each in offers]

    async def call(self, question: Question, call: ToolCall) -> ToolResult:
        """Do it, or say why not."""
        if question.rehearsal is not None:
            text = question.rehearsal.results.get(call.name)
            return ToolResult(text or NO_TOOL, ToolUse(call.name, self.new_id(), text is not None, 0.0))
        offer = await self._offer(question, call.name)
        if offer is None:
            return await self._noted(self._call(question, None, clipped(call.name, 64), {}), NO_TOOL)
        try:
            arguments = self.schemas.arguments(offer.tool.parameters, call.arguments)
        except BadArgumentsError as error:
            problem = MISFIT if offer.tool.redacted_input else str(error)  # which quotes the arguments
            return await self._noted(self._call(question, offer, offer.tool.name, {}), problem)
        if offer.tool.needs_verified_customer and (demand := await self.proofs.demand(question)):
            asked = self._call(question, offer, offer.tool.name, arguments)
            return replace(await self._noted(asked, NOT_PROVEN), outcome=demand)
        if offer.tool.kind is ToolKind.READ:
            return await self._read(question, offer, arguments)
        return await self._act(question, offer, arguments)

    async def _offer(self, question: Question, name: str) -> Offer | None:
        offers = await self.catalog.offers(question.organization_id)
        found = next((each for each in offers if each.tool.name == name), None)
        asked = question.conversation_id is not None and question.customer_id is not None
        return found if found and (asked or _is_harmless(found)) else None

    async def _read(self, question: Question, offer: Offer, arguments: Mapping[str, Any]) -> ToolResult:
        call = self._call(question, offer, offer.tool.name, arguments)
        if await self._is_too_many(call):
            return _result(call, TOO_MANY)
        reply, took_ms = await self.caller.call(offer, arguments, await self._behalf(question, call.id))
        return await self._stored(call, reply, took_ms)

    async def _act(self, question: Question, offer: Offer, arguments: Mapping[str, Any]) -> ToolResult:
        intended = await self._intend(question, offer, arguments)
        if intended is None:
            return _result(self._call(question, offer, offer.tool.name, arguments), TOO_MANY)
        if not intended.pending_here:
            return _result(intended.call, is_earlier=intended.is_earlier)
        reply, took_ms = await self.caller.call(offer, arguments, await self._behalf(question, intended.call.id))
        return _result(await self._finish(intended.call, reply, took_ms))

    @retried_once
    async def _intend(self, question: Question, offer: Offer, arguments: Mapping[str, Any]) -> Intended | None:
        """Put on record what is about to be done, or find what was done before; None where it is one call too many.

        The same call for the same question is the same call; one like it that is still open stands for it too, and so
        does any call of the tool by another attempt at the answer: a model words what it wants as it likes.
        """
        tool = offer.tool
        digest = sha256(json.dumps([str(tool.id), _plain(arguments)], sort_keys=True).encode()).hexdigest()
        call = self._call(question, offer, tool.name, arguments)
        call.id, call.digest = uuid5(question.id, digest), digest
        async with self.units(assistant_of(question.organization_id)) as unit:
            at, conversation_id = self.clock(), question.conversation_id
            known = await unit.calls.by_id(call.id)
            if known is None and conversation_id is not None:
                known = await unit.calls.open_like(conversation_id, digest)
            if known is None and question.attempt_id is not None:
                known = await unit.calls.of_other_attempt(question.id, tool.id, question.attempt_id)
                if known is not None:
                    return Intended(known, pending_here=False, is_earlier=True)
            if known is not None and not _begun_here(known, call.id):
                return Intended(known, pending_here=False)
            if known is None and await unit.calls.of_question(question.id) >= MOST_CALLS:
                return None
            if known is not None:
                _again(known, offer, at=at)
            elif tool.needs_approval:
                call.arguments = self.seals.seal_arguments(call.id, arguments)
                call.propose(at=at)
            else:
                call.start(at=at)
            if known is None:
                unit.calls.add(call)
            call = known or call
            await unit.commit(Receipt(call.id))
        return Intended(call, pending_here=call.state is CallState.RUNNING)

    @retried_once
    async def _finish(self, call: Call, reply: Reply, took_ms: float) -> Call:
        async with self.units(assistant_of(call.organization_id)) as unit:
            stored = await unit.calls.get(call.id)
            stored.finish(reply, took_ms=took_ms)
            await unit.commit(Receipt(call.id))
        return stored

    async def _noted(self, call: Call, problem: str) -> ToolResult:
        """A call that was not made is on record all the same, within limits."""
        if await self._is_too_many(call):
            return _result(call, TOO_MANY)
        return await self._stored(call, Reply(CallState.FAILED, problem), 0.0)

    async def _stored(self, call: Call, reply: Reply, took_ms: float) -> ToolResult:
        call.finish(reply, took_ms=took_ms)
        async with self.units(assistant_of(call.organization_id)) as unit:
            unit.calls.add(call)
            await unit.commit(Receipt(call.id))
        return _result(call)

    async def _is_too_many(self, call: Call) -> bool:
        async with self.units(assistant_of(call.organization_id)) as unit:
            return call.question_id is None or await unit.calls.of_question(call.question_id) >= MOST_CALLS

    async def _behalf(self, question: Question, call_id: UUID) -> Behalf:
        tenant, where = question.organization_id, question.conversation_id
        asker = question.customer_id and await self.catalog.asker(tenant, question.customer_id, where)
        return Behalf(tenant, call_id, asker or None, where)

    def _call(self, question: Question, offer: Offer | None, name: str, arguments: Mapping[str, Any]) -> Call:
        tool = offer.tool if offer else None
        return Call(
            self.new_id(),
            question.organization_id,
            tool_id=tool.id if tool else None,
            tool=name,
            title=tool.title if tool else name,
            conversation_id=question.conversation_id,
            customer_id=question.customer_id,
            question_id=question.id,
            attempt_id=question.attempt_id,
            input=redacted(dict(arguments), tool.redacted_input) if tool else {},
        )


@dataclass(frozen=True, slots=True)
class Intended:
    """A call on record, and whether it is to be made now and here; with `is_earlier` it had other arguments."""

    call: Call
    pending_here: bool
    is_earlier: bool = False


def _plain(value: Any) -> Any:
    """The same JSON with one form for each number: 10 and 10.0 would do the same."""
    match value:
        case float() if value.is_integer():
            return int(value)
        case list():
            return [_plain(each) for each in value]
        case dict():
            return {name: _plain(each) for name, each in value.items()}
    return value


def _is_harmless(offer: Offer) -> bool:
    return offer.tool.kind is ToolKind.READ and not offer.tool.needs_verified_customer


def _begun_here(known: Call, call_id: UUID) -> bool:
    """Whether it is this very call, begun by an attempt that ended in the middle of it."""
    return known.id == call_id and known.state is CallState.RUNNING and not known.is_action


def _again(known: Call, offer: Offer, *, at: datetime) -> None:
    """Make a call once more that may have been made, where that does no harm and was not done too often."""
    if offer.is_repeatable and known.attempts < MOST_ATTEMPTS:
        known.start(at=at)
    else:
        known.finish(Reply(CallState.UNKNOWN, UNSURE), took_ms=0.0)


def _result(call: Call, problem: str | None = None, *, is_earlier: bool = False) -> ToolResult:
    """What the model is told of a call as it stands, or of one that was not even begun."""
    if is_earlier:
        told = _result(call)
        return replace(told, text=BEFORE.format(input=json.dumps(call.input, ensure_ascii=False)) + told.text)
    use = ToolUse(call.tool, call.id, call.state is CallState.SUCCEEDED, float(call.took_ms))
    if problem is not None:
        return ToolResult(problem, use)
    if call.state is CallState.PROPOSED:
        grounds = Provenance("tools", 1.0, 0.0, decision="action_proposed", tools=(use,))
        return ToolResult(WAITS, use, ActionProposal(_asked(call), call.id, grounds))
    if call.state in (CallState.RUNNING, CallState.APPROVED):
        return ToolResult(RUNNING, use)
    if call.state is CallState.UNKNOWN:
        return ToolResult(UNSURE, use)
    text = UNDONE.get(call.state) or (call.output if use.succeeded else f"This failed: {call.output}")
    return ToolResult(text[:LONGEST_OUTPUT], use)


def _asked(call: Call) -> str:
    return (
        f"I can have this done for you: “{clipped(call.title, 100)}”. Someone from our team has to agree first. I have "
        "asked them, and you will read here what they decide."
    )
