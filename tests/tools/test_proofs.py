"""Who asks is shown by a code that is mailed; wrong codes count, others' codes are worth nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.account.permission import CUSTOMER
from domain.assistant import Clarification, Handoff, HandoffReason
from domain.base import Actor, ForbiddenError, InvalidInputError, InvalidStateError, NotFoundError
from domain.tool.events import CodeEntered, CodeRequested, CodeSent
from infra.rows import events
from infra.tools.rows import proofs
from tests.tools.conftest import Desk


def customer(desk: Desk) -> Actor:
    return replace(desk.company.customer, grants=CUSTOMER)


async def asked(desk: Desk) -> str:
    """A call that needs a verified customer was made, and a code was sent: the code."""
    result = await desk.call("cancel", order="R-1")
    assert isinstance(result.outcome, Clarification) and result.outcome.needs_code
    return await sent(desk)


async def sent(desk: Desk) -> str:
    customer_id = desk.company.customer.identity
    await desk.parts.commands.proofs.send(desk.company.id, desk.conversation_id, customer_id)
    found = re.search(r"^\d{6}$", desk.mailbox.mails[-1].text, re.MULTILINE)
    assert found
    return found[0]


def another(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


@pytest.fixture
async def careful(desk: Desk) -> Desk:
    """A desk whose tool needs a verified customer, whom the organization vouches for."""
    await desk.define("cancel", "/cancel", needs_verified_customer=True)
    await desk.vouch()
    return desk


async def test_the_right_code_lets_the_call_through(careful: Desk) -> None:
    code = await asked(careful)
    assert careful.shop.asked == []
    (mail,) = careful.mailbox.mails
    assert mail.to == "0@customers.example" and "Test" in mail.subject
    await careful.parts.commands.proofs.enter(customer(careful), careful.conversation_id, f" {code} ")
    await careful.parts.commands.proofs.enter(customer(careful), careful.conversation_id, "anything")
    assert (await careful.call("cancel", order="R-1")).use.succeeded and len(careful.shop.done) == 1
    kinds = [type(each) for each in await careful.told("proof:")]
    assert kinds == [CodeRequested, CodeSent, CodeEntered]


async def test_no_record_holds_the_code(careful: Desk) -> None:
    code = await asked(careful)
    async with careful.database.tenant(careful.company.id) as connection:
        kept = (await connection.execute(select(proofs))).all()
        journal = (await connection.execute(select(events.c.payload))).all()
    assert code not in repr(kept) + repr(journal) and len(kept[0].code_hash) == 32


async def test_a_proof_ends(careful: Desk) -> None:
    code = await asked(careful)
    await careful.parts.commands.proofs.enter(customer(careful), careful.conversation_id, code)
    careful.ahead = timedelta(minutes=31)
    assert isinstance((await careful.call("cancel", order="R-1")).outcome, Clarification)
    assert careful.shop.asked == []


async def test_a_code_ends(careful: Desk) -> None:
    code = await asked(careful)
    careful.ahead = timedelta(minutes=11)
    with pytest.raises(InvalidStateError):
        await careful.parts.commands.proofs.enter(customer(careful), careful.conversation_id, code)


async def test_after_five_wrong_codes_the_right_one_is_worth_nothing(careful: Desk) -> None:
    code = await asked(careful)
    enter = careful.parts.commands.proofs.enter
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(InvalidInputError, match=f"{left} tries" if left else "another one"):
            await enter(customer(careful), careful.conversation_id, another(code))
    with pytest.raises(InvalidStateError):
        await enter(customer(careful), careful.conversation_id, code)
    assert not (await careful.call("cancel", order="R-1")).use.succeeded and careful.shop.asked == []


async def test_a_code_that_is_on_its_way_is_not_sent_again_and_mails_have_an_end(careful: Desk) -> None:
    for _ in range(3):
        await careful.call("cancel", order="R-1")
    assert [type(each) for each in await careful.told("proof:")] == [CodeRequested]
    for round_ in range(1, 5):
        careful.ahead = timedelta(minutes=11 * round_)
        assert isinstance((await careful.call("cancel", order="R-1")).outcome, Clarification)
    careful.ahead = timedelta(minutes=66)
    outcome = (await careful.call("cancel", order="R-1")).outcome
    assert isinstance(outcome, Handoff) and outcome.reason is HandoffReason.NOT_VERIFIED
    assert len(await careful.told("proof:")) == 5


async def test_a_newer_code_ends_the_one_before(careful: Desk) -> None:
    first = await asked(careful)
    second = await sent(careful)
    if first != second:
        with pytest.raises(InvalidInputError):
            await careful.parts.commands.proofs.enter(customer(careful), careful.conversation_id, first)
    await careful.parts.commands.proofs.enter(customer(careful), careful.conversation_id, second)


async def test_nobody_else_enters_the_code(careful: Desk) -> None:
    code = await asked(careful)
    enter = careful.parts.commands.proofs.enter
    with pytest.raises(NotFoundError):
        await enter(replace(careful.company.other_customer, grants=CUSTOMER), careful.conversation_id, code)
    with pytest.raises(ForbiddenError):
        await enter(careful.company.agent, careful.conversation_id, code)


async def test_who_has_no_address_is_handed_over(desk: Desk) -> None:
    await desk.define("cancel", "/cancel", needs_verified_customer=True)
    outcome = (await desk.call("cancel", order="R-1")).outcome
    assert isinstance(outcome, Handoff) and outcome.reason is HandoffReason.NOT_VERIFIED
    assert await desk.told("proof:") == [] and desk.shop.asked == []


async def test_the_address_is_shown_only_in_part(careful: Desk) -> None:
    outcome = (await careful.call("cancel", order="R-1")).outcome
    assert outcome and "0•••@customers.example" in outcome.text and "0@" not in outcome.text
