"""Whatever a model does, the customer gets one clean answer or a person: no silence, no halves, no traceback."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.models.faults import ALL_FAIL, FAULTS, SHOWN, Endured, Fault, endure, models_at
from tests.models.server import ModelServer
from tests.stack import Company, Stack, found_company, running

LONGEST = 20.0
"""Seconds, where the limits allow eight: for a machine that is busy."""


@pytest.fixture(scope="module")
async def company(database_url: str) -> Company:
    return await found_company(database_url)


@pytest.fixture(scope="module")
async def stack(database_url: str, valkey_url: str, _model_server: ModelServer) -> AsyncIterator[Stack]:
    names, models = ("first", "second"), models_at(_model_server)
    async with running(database_url, valkey_url, None, ai_provider=names, models=models) as started:
        yield started


async def endured(stack: Stack, company: Company, server: ModelServer, fault: Fault) -> Endured:
    seen = await endure(stack.client(company.customer), server, fault, LONGEST)
    last = seen.attempts[max(seen.attempts)]
    assert seen.outcomes == 1
    assert seen.text
    assert "Traceback" not in seen.text
    assert "Error" not in seen.text
    if seen.ending == "AnswerCompleted":
        assert last == seen.text, "what was written is what stays"
    return seen


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.name}{', after text' * fault.is_seen}")
async def test_the_customer_gets_one_clean_end(
    stack: Stack, company: Company, model_server: ModelServer, fault: Fault
) -> None:
    seen = await endured(stack, company, model_server, fault)
    own, other = seen.calls
    if fault.name == "wrong citation":
        assert (seen.ending, other) == ("HandoffRequested", 0)
        assert "99" not in seen.text
    elif own == 2 and other == 0:
        assert fault.name in ("429, Retry-After within the limits", "500, once")
    else:
        assert (seen.ending, seen.text, other) == ("AnswerCompleted", "Do you mean the green coat or the blue one?", 1)
    if fault.is_seen:
        assert seen.is_restarted
        assert SHOWN[:8] in seen.attempts[1] or "and and" in seen.attempts[1]
    assert own <= 2


@pytest.mark.parametrize("fault", ALL_FAIL, ids=lambda fault: fault.name)
async def test_if_no_model_answers_a_person_does(
    stack: Stack, company: Company, model_server: ModelServer, fault: Fault
) -> None:
    seen = await endured(stack, company, model_server, fault)
    assert seen.ending == "HandoffRequested"
    assert SHOWN[:8] not in seen.text
