"""The queue on real Postgres: who waits is offered to who fits, and nobody has more than they can."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from domain.account.settings import BusinessHours, Decisions, Span, Weekday
from domain.base import ForbiddenError, InvalidInputError, InvalidStateError
from domain.conversation import ConversationState
from domain.conversation.triage import ConversationSnoozed, Priority
from domain.ports import Receipt
from domain.routing.events import Status
from domain.routing.policy import Terms
from infra import bootstrap
from tests.routing.desk import Desk, made
from tests.stack import settings_for
from workers.relay import plan


@pytest.fixture
async def desk(database_url: str, redis_url: str) -> AsyncIterator[Desk]:
    async with bootstrap.parts(settings_for(database_url, redis_url)) as parts:
        yield await made(parts, database_url)


async def test_what_waits_is_offered_and_accepted(desk: Desk) -> None:
    agent, waiting = await desk.agent(), await desk.waits()
    assert await desk.drain() == 1
    assert await desk.offers() == {waiting: agent.identity}
    assert await desk.drain() == 0
    await desk.routing.accept(agent, waiting)
    row = await desk.row(waiting)
    assert (row.state, row.assignee_id, row.offered_to) == (ConversationState.WITH_PERSON, agent.identity, None)


async def test_the_most_urgent_first_and_no_more_than_somebody_can(desk: Desk) -> None:
    low, late = await desk.waits(priority=Priority.LOW), await desk.waits()
    urgent, early = await desk.waits(priority=Priority.URGENT), await desk.waits()
    agent = await desk.agent(capacity=2)
    assert await desk.drain() == 2
    assert set(await desk.offers()) == {urgent, late}
    await desk.routing.accept(agent, urgent)
    assert await desk.drain() == 0
    await desk.parts.conversations.resolve(agent, urgent)
    assert await desk.drain() == 1
    assert set(await desk.offers()) == {late, early}
    assert (await desk.row(low)).offered_to is None


async def test_an_offer_that_is_not_accepted_in_time_goes_on(desk: Desk) -> None:
    first = await desk.agent()
    waiting = await desk.waits()
    await desk.drain()
    desk.later = timedelta(seconds=61)
    with pytest.raises(InvalidStateError):
        await desk.routing.accept(first, waiting)
    second = await desk.agent()
    await desk.unseen(first, 0)
    await desk.drain()
    assert await desk.offers() == {waiting: second.identity}
    desk.later = timedelta(seconds=122)
    await desk.drain()
    assert await desk.offers() == {}, "both passed, for a while"


async def test_who_declines_is_not_asked_again_for_a_while(desk: Desk) -> None:
    agent, waiting = await desk.agent(), await desk.waits()
    await desk.drain()
    await desk.routing.decline(agent, waiting)
    assert await desk.drain() == 0
    desk.later = timedelta(seconds=301)
    await desk.unseen(agent, 0)
    assert await desk.drain() == 1


async def test_a_colleague_who_takes_over_ends_the_offer(desk: Desk) -> None:
    asked, waiting = await desk.agent(), await desk.waits()
    await desk.drain()
    await desk.parts.conversations.take_over(desk.company.agent, waiting)
    assert await desk.offers() == {} and await desk.told("OfferEnded") == 1
    with pytest.raises(InvalidStateError):
        await desk.routing.accept(asked, waiting)


async def test_what_is_snoozed_is_offered_to_nobody(desk: Desk) -> None:
    await desk.agent()
    waiting = await desk.waits()
    await desk.drain()
    async with desk.parts.units(desk.company.admin) as unit:
        (await unit.conversations.get(waiting)).sort(ConversationSnoozed(None))
        await unit.commit(Receipt(waiting))
    assert await desk.offers() == {} and await desk.drain() == 0


async def test_who_vanishes_gives_back_what_they_hold_and_it_has_waited_as_long_as_before(desk: Desk) -> None:
    agent, held = await desk.agent(), await desk.waits(priority=Priority.HIGH)
    since = (await desk.row(held)).waiting_since
    await desk.drain()
    await desk.routing.accept(agent, held)
    offered = await desk.waits()
    await desk.drain()
    await desk.unseen(agent, 46)
    await desk.drain()
    assert await desk.offers() == {}, "nobody who was not seen for a while is asked"
    assert (await desk.row(held)).assignee_id == agent.identity
    await desk.unseen(agent, 181)
    await desk.drain()
    row = await desk.row(held)
    assert (row.state, row.assignee_id, row.waiting_since) == (ConversationState.WAITING, None, since)
    assert row.priority == Priority.HIGH.rank
    other = await desk.agent()
    assert await desk.drain() == 2
    assert await desk.offers() == {held: other.identity, offered: other.identity}


async def test_what_somebody_gives_back_goes_to_somebody_else(desk: Desk) -> None:
    agent, waiting = await desk.agent(), await desk.waits()
    await desk.drain()
    await desk.routing.accept(agent, waiting)
    await desk.routing.give_back(agent, waiting)
    assert await desk.drain() == 0
    other = await desk.agent()
    await desk.drain()
    assert await desk.offers() == {waiting: other.identity}
    with pytest.raises(InvalidStateError):
        await desk.routing.give_back(other, waiting)


async def test_topic_and_language_are_given_up_after_a_wait_and_the_team_never(desk: Desk) -> None:
    await desk.routing.set_terms(desk.company.admin, Terms(topic=60, language=120))
    agent = await desk.agent(languages=("fr",), topics=("Returns",))
    spoken = await desk.waits(language="fr-CH", topic="returns")
    other_topic = await desk.waits(language="fr", topic="repairs")
    other_language = await desk.waits(language="de", topic="returns")
    inbox = await desk.team("Repairs")
    await desk.waits(inbox_id=inbox, language="fr", topic="returns")
    for seconds, expected in ((0, {spoken}), (61, {spoken, other_topic}), (121, {spoken, other_topic, other_language})):
        desk.later = timedelta(seconds=seconds)
        await desk.unseen(agent, 0)
        await desk.drain()
        for each in set(await desk.offers()):
            await desk.parts.conversations.take_over(agent, each)
        held = {each for each in (spoken, other_topic, other_language) if (await desk.row(each)).assignee_id}
        assert held == expected


async def test_a_team_takes_its_own(desk: Desk) -> None:
    member, stranger = await desk.agent(), await desk.agent()
    inbox = await desk.team("Returns", member)
    waiting = await desk.waits(inbox_id=inbox)
    await desk.drain()
    assert await desk.offers() == {waiting: member.identity}
    await desk.routing.set_availability(member, Status.AWAY)
    assert await desk.drain() == 0 and await desk.offers() == {}, f"{stranger} is of no team"


async def test_what_nobody_can_take_does_not_hide_what_is_behind_it(desk: Desk) -> None:
    inbox = await desk.team("Nobody")
    await desk.fill(450, inbox_id=inbox, rank=3)
    waiting = await desk.waits()
    await desk.agent()
    assert await desk.drain() == 1
    assert set(await desk.offers()) == {waiting}


async def test_out_of_hours_nobody_is_asked_and_a_timer_is_set_for_the_opening(desk: Desk) -> None:
    far = (bootstrap.now() + timedelta(days=3)).strftime("%A").lower()
    hours = BusinessHours("UTC", [Span(Weekday(far), "09:00", "17:00")])
    await desk.parts.accounts.organizations.decide(desk.company.admin, Decisions(business_hours=hours))
    await desk.agent()
    await desk.waits()
    assert await desk.drain() == 0
    due = await desk.due()
    assert due is not None and due < bootstrap.now() + timedelta(days=4)
    desk.later = timedelta(days=3) + (bootstrap.now().replace(hour=12) - bootstrap.now())
    await desk.agent()
    assert await desk.drain() == 1


async def test_who_is_full_is_given_more_only_with_a_reason(desk: Desk) -> None:
    agent, waiting = await desk.agent(capacity=0), await desk.waits()
    with pytest.raises(InvalidInputError):
        await desk.routing.assign(desk.company.admin, waiting, agent.identity)
    await desk.routing.assign(desk.company.admin, waiting, agent.identity, reason="She knows the customer.")
    assert (await desk.row(waiting)).assignee_id == agent.identity
    with pytest.raises(ForbiddenError):
        await desk.routing.assign(desk.company.agent, waiting, desk.company.agent.identity)
    await desk.routing.assign(agent, waiting, desk.company.agent.identity)
    assert (await desk.row(waiting)).assignee_id == desk.company.agent.identity


async def test_less_room_takes_offers_back(desk: Desk) -> None:
    agent = await desk.agent(capacity=3)
    for _ in range(3):
        await desk.waits()
    assert await desk.drain() == 3
    await desk.qualified(agent, capacity=1)
    await desk.drain()
    assert len(await desk.offers()) == 1


async def test_what_time_alone_changes_calls_for_a_drain(desk: Desk) -> None:
    agent = await desk.agent()
    await desk.waits()
    await desk.drain()
    due = await desk.due()
    assert due is not None and timedelta(seconds=40) < due - bootstrap.now() < timedelta(seconds=60)
    await desk.hurry()
    await desk.parts.desk.clockwork.ring()
    assert await desk.told("QueueDue") == 1 and await desk.due() is None
    assert all("drain_queue" in plan()[kind] for kind in ("QueueDue", "HandoffRequested", "AvailabilityChanged"))
    assert desk.company.id in await desk.routing.workplaces.at_work()
    await desk.routing.set_availability(agent, Status.OFFLINE)
    assert desk.company.id not in await desk.routing.workplaces.at_work()
