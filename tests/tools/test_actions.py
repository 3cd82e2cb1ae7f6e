"""Actions: an agent is asked, one decides, it is done once, and the customer is told."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.account.permission import Permission, Scope
from domain.assistant import ActionProposal
from domain.base import ConflictError, ForbiddenError, InvalidStateError, NotFoundError
from domain.conversation.events import MessageKind, MessageSent
from domain.tool.action import UnknownOutcomeError
from domain.tool.events import ActionApproved, ActionExpired, ActionProposed, ActionRejected, ActionSettled, CallState
from tests.people import actor
from tests.tools.conftest import Desk
from tests.tools.shop import Answer


async def proposed(desk: Desk, path: str = "/cancel", **values: Any) -> UUID:
    """An action that waits, by a tool that cancels orders."""
    await desk.define("cancel", path, needs_approval=True, title="Cancel an order", **values)
    result = await desk.call("cancel", order="R-1")
    assert isinstance(result.outcome, ActionProposal) and desk.shop.asked == []
    assert result.outcome.action_id == result.use.call_id and "“Cancel an order”" in result.outcome.text
    return result.outcome.action_id


async def state(desk: Desk, action_id: UUID) -> str:
    (row,) = [row for row in await desk.calls() if row.id == action_id]
    return str(row.state)


async def lines(desk: Desk) -> list[str]:
    """What the customer was told of actions."""
    happened = await desk.told(f"conversation:{desk.conversation_id}")
    results = [each.message for each in happened if isinstance(each, MessageSent)]
    return [each.text for each in results if each.kind is MessageKind.ACTION_RESULT and each.action_id]


async def test_what_is_approved_is_done_once_and_told_once(desk: Desk) -> None:
    action_id = await proposed(desk)
    await desk.parts.commands.actions.approve(desk.company.agent, action_id)
    await desk.parts.commands.actions.approve(desk.company.agent, action_id)
    for _ in range(3):
        await desk.parts.commands.actions.settle(desk.company.id, action_id)
    assert list(desk.shop.done) == [str(action_id)] and len(desk.shop.asked) == 1
    assert await lines(desk) == ["Our team agreed: “Cancel an order” is done."]
    (row,) = await desk.calls()
    assert (row.state, row.decided_by, row.arguments) == ("succeeded", desk.company.agent.id, None)
    kinds = [type(each) for each in await desk.told(f"call:{action_id}")]
    assert kinds[:2] == [ActionProposed, ActionApproved] and kinds[-1] is ActionSettled
    assert kinds.count(ActionApproved) == kinds.count(ActionSettled) == 1


async def test_what_is_rejected_is_not_done_and_the_reason_is_for_colleagues(desk: Desk) -> None:
    action_id = await proposed(desk)
    await desk.parts.commands.actions.reject(desk.company.agent, action_id, "A known fraudster")
    await desk.parts.commands.actions.settle(desk.company.id, action_id)
    assert desk.shop.asked == [] and await state(desk, action_id) == "rejected"
    (line,) = await lines(desk)
    assert "decided not to" in line and "fraudster" not in line
    (told,) = [each for each in await desk.told(f"call:{action_id}") if isinstance(each, ActionRejected)]
    assert told.reason == "A known fraudster"
    assert "decided not to" in (await desk.call("cancel", order="R-1")).text


async def test_of_two_agents_at_once_one_decides(desk: Desk) -> None:
    action_id = await proposed(desk)
    actions = desk.parts.commands.actions
    both = await asyncio.gather(
        actions.approve(desk.company.agent, action_id),
        actions.reject(desk.company.other_agent, action_id),
        return_exceptions=True,
    )
    assert sorted(type(each).__name__ for each in both) == ["ConflictError", "Receipt"]
    with pytest.raises(ConflictError):
        await (actions.reject if isinstance(both[1], ConflictError) else actions.approve)(
            desk.company.other_agent if isinstance(both[1], ConflictError) else desk.company.agent, action_id
        )


async def test_nobody_decides_who_may_not(desk: Desk) -> None:
    action_id = await proposed(desk)
    approve = desk.parts.commands.actions.approve
    analyst = replace(desk.company.agent, grants={Permission.READ_CONVERSATIONS: Scope.ALL})
    for one in (desk.company.customer, analyst):
        with pytest.raises(ForbiddenError):
            await approve(one, action_id)
    stranger = actor(desk.company.agent.kind, uuid4())
    with pytest.raises((NotFoundError, ForbiddenError)):
        await approve(stranger, action_id)
    narrow = replace(desk.company.agent, grants={**desk.company.agent.grants, Permission.READ_CONVERSATIONS: Scope.OWN})
    with pytest.raises(NotFoundError):
        await approve(narrow, action_id)
    assert await state(desk, action_id) == "proposed"


async def test_what_nobody_decides_expires_and_is_told(desk: Desk) -> None:
    action_id = await proposed(desk)
    desk.ahead = timedelta(hours=25)
    with pytest.raises(InvalidStateError, match="expired"):
        await desk.parts.commands.actions.approve(desk.company.agent, action_id)
    await desk.age(action_id)
    assert await desk.parts.commands.actions.lapse() == 1
    assert await desk.parts.commands.actions.lapse() == 0
    await desk.parts.commands.actions.settle(desk.company.id, action_id)
    assert await state(desk, action_id) == "expired" and desk.shop.asked == []
    assert "in time" in (await lines(desk))[0]
    assert any(isinstance(each, ActionExpired) for each in await desk.told(f"call:{action_id}"))


async def test_only_what_is_due_lapses(desk: Desk) -> None:
    action_id = await proposed(desk)
    assert await desk.parts.commands.actions.lapse() == 0
    assert await state(desk, action_id) == "proposed"


async def test_the_same_wish_again_is_the_same_action(desk: Desk) -> None:
    action_id = await proposed(desk)
    later = await desk.call("cancel", replace(desk.question, id=uuid4()), order="R-1")
    assert later.use.call_id == action_id and len(await desk.calls()) == 1
    other = await desk.call("cancel", replace(desk.question, id=uuid4()), order="R-2")
    assert other.use.call_id != action_id


async def test_a_job_that_was_killed_goes_on_under_the_same_key(desk: Desk) -> None:
    desk.shop.answers["/slow"] = lambda asked: replace(desk.shop.cancel(asked), after=0.4)
    action_id = await proposed(desk, "/slow")
    await desk.parts.commands.actions.approve(desk.company.agent, action_id)
    killed = asyncio.create_task(desk.parts.commands.actions.settle(desk.company.id, action_id))
    while not desk.shop.done:
        await asyncio.sleep(0.01)
    killed.cancel()
    await asyncio.wait([killed])
    assert await state(desk, action_id) == "running" and await lines(desk) == []
    await desk.parts.commands.actions.settle(desk.company.id, action_id)
    assert list(desk.shop.done) == [str(action_id)] and len(await lines(desk)) == 1
    assert {asked.headers["idempotency-key"] for asked in desk.shop.asked} == {str(action_id)}


async def test_an_outcome_that_stays_unknown_is_told_as_unknown(desk: Desk) -> None:
    desk.shop.answers["/broken"] = lambda _: Answer(b"", 500)
    action_id = await proposed(desk, "/broken")
    await desk.parts.commands.actions.approve(desk.company.agent, action_id)
    for _ in range(2):
        with pytest.raises(UnknownOutcomeError):
            await desk.parts.commands.actions.settle(desk.company.id, action_id)
    await desk.parts.commands.actions.settle(desk.company.id, action_id)
    assert await state(desk, action_id) == CallState.UNKNOWN
    assert "do not know whether it was done" in (await lines(desk))[0]
    assert {asked.headers["idempotency-key"] for asked in desk.shop.asked} == {str(action_id)}


async def test_a_tool_that_was_switched_off_meanwhile_is_not_called(desk: Desk) -> None:
    action_id = await proposed(desk)
    (row,) = await desk.calls()
    await desk.parts.commands.actions.approve(desk.company.agent, action_id)
    await desk.parts.commands.box.delete(desk.owner, row.tool_id)
    await desk.parts.commands.actions.settle(desk.company.id, action_id)
    assert desk.shop.asked == [] and await state(desk, action_id) == "failed"
    assert "did not work" in (await lines(desk))[0]


async def test_arguments_that_wait_are_sealed(desk: Desk) -> None:
    action_id = await proposed(desk, redacted_input=("order",))
    (row,) = await desk.calls()
    assert b"R-1" not in row.arguments and row.input == {"order": "[redacted]"}
    await desk.parts.commands.actions.approve(desk.company.agent, action_id)
    await desk.parts.commands.actions.settle(desk.company.id, action_id)
    assert desk.shop.done[str(action_id)] == {"order": "R-1"}
