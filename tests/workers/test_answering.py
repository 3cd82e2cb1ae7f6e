"""The job that answers a question: whatever fails, the customer is not left waiting for nobody."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlalchemy import text

from domain.assistant import HandoffReason
from domain.base import Actor, assistant_of
from domain.conversation import Conversation
from domain.conversation.answering import Answers
from domain.conversation.events import ConversationState
from domain.ports import AssistantSettings, IdempotencyKey, Receipt, UnitOfWork, Units
from infra import bootstrap
from infra.bootstrap import Parts
from infra.live.jobs import ATTEMPTS
from tests.stack import found_company, scripted, settings_for
from workers.answering import AnswerQuestion
from workers.relay import plan
from workers.runner import Runner


class BrokenSettings:
    """Settings that nobody can read."""

    async def assistant_settings(self, organization_id: UUID, inbox_id: UUID | None = None) -> AssistantSettings:
        raise ValueError("these are no settings")


@dataclass
class UnitsAfter:
    """Units of work that cannot begin the first times."""

    units: Units
    failures: int

    def __call__(self, actor: Actor, key: IdempotencyKey | None = None) -> AbstractAsyncContextManager[UnitOfWork]:
        self.failures -= 1
        if self.failures >= 0:
            raise RuntimeError("it cannot begin")
        return self.units(actor, key)


@pytest.fixture
async def parts(fresh_database_url: str, redis_url: str) -> AsyncIterator[Parts]:
    async with bootstrap.parts(settings_for(fresh_database_url, redis_url)) as made:
        yield made


async def run_to_the_end(parts: Parts, answers: Answers) -> None:
    """Deliver what was said and run its jobs as often as they may be."""
    runner = Runner(parts.jobs, {"answer_question": AnswerQuestion(answers)}, bootstrap.following_event)
    ids = (await parts.journal.deliver(plan())).jobs
    for _ in range(ATTEMPTS):
        for job_id in ids:
            await runner(job_id)
        async with parts.database.relay() as connection:
            await connection.execute(text("UPDATE job SET run_at = now() - interval '1 minute'"))
            await connection.commit()


@pytest.mark.parametrize("cause", ["settings", "units"])
async def test_a_question_that_cannot_be_answered_waits_for_a_person(
    parts: Parts, fresh_database_url: str, cause: str
) -> None:
    company = await found_company(fresh_database_url)
    receipt = await parts.conversations.start(company.customer, "Where is my parcel?")
    await parts.conversations.send(company.customer, receipt.id, "Hello?")
    broken = Answers(
        units=UnitsAfter(parts.units, ATTEMPTS) if cause == "units" else parts.units,
        replies=parts.replies,
        organizations=BrokenSettings() if cause == "settings" else parts.organizations,
        assistant=scripted("An answer."),
        new_id=bootstrap.new_id,
        time_limit=5,
    )
    await run_to_the_end(parts, broken)
    conversation = await loaded(parts, company.id, receipt)
    assert conversation.state is ConversationState.WAITING
    assert conversation.waiting == []
    assert conversation.handoff is not None
    assert conversation.handoff.reason is HandoffReason.ASSISTANT_FAILED
    async with parts.database.relay() as connection:
        states = "SELECT state FROM job WHERE name = 'answer_question'"
        left = (await connection.execute(text(states))).scalars().all()
    assert left == (["dead"] if cause == "units" else [])


async def loaded(parts: Parts, organization_id: UUID, receipt: Receipt) -> Conversation:
    """The conversation as its events tell it."""
    async with parts.units(assistant_of(organization_id)) as unit:
        return await unit.conversations.get(receipt.id)
