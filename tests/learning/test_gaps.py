"""Gaps: what was asked in vain is put together, until the knowledge answers it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlalchemy import select

from domain.assistant import Answer, Handoff, HandoffReason, Outcome, Provenance, Refusal, ScriptedAssistant
from domain.base import ForbiddenError, InvalidStateError, stream_of
from domain.knowledge.content import content_of
from domain.learning.curated import curation_of
from domain.learning.events import GapState
from domain.learning.gap import miss_of
from infra import bootstrap
from infra.learning.rows import gap_questions, gaps
from tests.learning.shop import Shop, embed

WHY = Provenance("scripted", 0.2, 0.5)
IN_VAIN = Handoff(HandoffReason.NOT_IN_KNOWLEDGE, "A question.", "Somebody will answer.", WHY)
RENT = ("Can I rent a lamp for a week?", "Is it possible to rent lamps?", "Could I rent a lamp for some days?")


@dataclass(frozen=True)
class Found:
    """A gap as its row has it."""

    id: UUID
    label: str
    state: str
    size: int


async def ask(shop: Shop, text: str, outcome: Outcome = IN_VAIN, *, times: int = 1) -> UUID:
    """Let a customer ask and get an outcome, and do what the worker does after it, maybe more than once."""
    parts, customer = shop.parts, shop.company.customer
    begun = await parts.conversations.start(customer, text)
    assert begun.part_id is not None
    await bootstrap.answers(parts, ScriptedAssistant([outcome])).answer(customer.tenant, begun.id, begun.part_id, "")
    for _ in range(times):
        await collect(shop, begun.id)
    return begun.id


async def collect(shop: Shop, conversation_id: UUID) -> None:
    for recorded in await shop.parts.journal.of_stream(shop.company.id, stream_of("conversation", conversation_id), 0):
        miss = miss_of(conversation_id, recorded.event)
        if miss is not None:
            await shop.learning.gaps.collect(shop.company.id, miss)


async def found(shop: Shop) -> list[Found]:
    c = gaps.c
    async with shop.parts.database.tenant(shop.company.id) as connection:
        rows = await connection.execute(select(c.id, c.label, c.state, c.size).order_by(c.size.desc(), c.id))
        return [Found(row.id, row.label, row.state, row.size) for row in rows]


async def reasons(shop: Shop) -> list[str]:
    q = gap_questions.c
    async with shop.parts.database.tenant(shop.company.id) as connection:
        return list(await connection.scalars(select(q.reason).order_by(q.asked_at)))


async def test_questions_alike_are_one_gap_and_count_once(shop: Shop) -> None:
    for question in RENT:
        await ask(shop, question, times=2)
    await ask(shop, "Do you ship to Iceland?")
    largest, other = await found(shop)
    assert (largest.size, other.size, other.label) == (3, 1, "Do you ship to Iceland?")
    assert largest.label in RENT


async def test_only_what_got_no_good_answer_counts(shop: Shop) -> None:
    sure = Provenance("scripted", 0.9, 0.5)
    await ask(shop, "One?", Answer("Yes.", (), sure))
    await ask(shop, "Two?", Handoff(HandoffReason.CUSTOMER_ASKED, "", "Somebody will answer.", sure))
    assert await found(shop) == []
    await ask(shop, "Tell me about your competitors.", Refusal("I cannot help with this.", sure))
    await ask(
        shop, "Is the oak from Poland?", Answer("Maybe.", (), Provenance("scripted", 0.9, 0.5, unsupported=("?",)))
    )
    rated = await ask(shop, "May I bring my dog along?", Answer("Yes.", (), sure))
    async with shop.parts.units(shop.company.customer) as unit:
        answer_id = (await unit.conversations.get(rated)).messages[-1].id
    await shop.parts.conversations.rate_answer(shop.company.customer, answer_id, helpful=False)
    await collect(shop, rated)
    assert await reasons(shop) == ["refused", "unsure", "not_helpful"]
    assert len(await found(shop)) == 3


async def test_a_gap_closes_when_the_knowledge_answers_it_and_not_before(shop: Shop) -> None:
    learning, knowledge = shop.learning, shop.parts.knowledge
    await ask(shop, RENT[0])
    await ask(shop, "What does express delivery cost?")
    await learning.gaps.review(shop.company.id)
    assert {gap.state for gap in await found(shop)} == {GapState.OPEN}, "what it could answer before is no news"
    source = await knowledge.sources.create(shop.admin, "More help")
    content = content_of("Renting lamps", "You can rent a lamp for a week or longer.", questions=[RENT[1]])
    article = await knowledge.articles.create(shop.admin, source.id, content)
    await knowledge.articles.publish(shop.admin, article.id)
    await embed(shop.parts, shop.company.id, article.id)
    await learning.gaps.review(shop.company.id)
    assert {gap.label: gap.state for gap in await found(shop)} == {
        RENT[0]: GapState.CLOSED,
        "What does express delivery cost?": GapState.OPEN,
    }
    await ask(shop, RENT[2])
    largest, _ = await found(shop)
    assert (largest.size, largest.state) == (2, GapState.OPEN)


async def test_a_curated_answer_closes_a_gap(shop: Shop) -> None:
    await ask(shop, RENT[0])
    await shop.learning.curated_answers.create(shop.admin, curation_of([RENT[0]], "Yes."))
    await shop.learning.gaps.review(shop.company.id)
    assert [gap.state for gap in await found(shop)] == [GapState.CLOSED]


async def test_a_dismissed_gap_stays_so_and_goes_on_counting(shop: Shop) -> None:
    await ask(shop, RENT[0])
    (gap,) = await found(shop)
    with pytest.raises(ForbiddenError):
        await shop.learning.gaps.dismiss(shop.company.agent, gap.id)
    await shop.learning.gaps.dismiss(shop.admin, gap.id)
    await ask(shop, RENT[2])
    assert [(each.state, each.size) for each in await found(shop)] == [(GapState.DISMISSED, 2)]
    with pytest.raises(InvalidStateError):
        await shop.learning.gaps.dismiss(shop.admin, gap.id)
