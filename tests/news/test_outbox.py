"""What is posted is carried: once, in order within its sequence, again after failures, and side by side by routes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import create_async_engine

from domain.base import system_of
from domain.carriage.schedule import WAITS
from domain.delivery import DelayedError, Delivery, Medium, RefusedError
from infra import bootstrap
from infra.delivery.pruning import SqlOldNews
from infra.delivery.rows import deliveries
from infra.rows import events
from tests.news.couriers import Courier, Depot, parcel
from tests.stack import found_company, settings_for


@pytest.fixture
async def depot(database_url: str, redis_url: str) -> AsyncIterator[Depot]:
    company = await found_company(database_url)
    async with bootstrap.parts(settings_for(database_url, redis_url)) as parts:
        depot = Depot(parts, company)
        yield depot
        await depot.close()


def away(delivery: Delivery) -> Exception:
    return DelayedError("Nobody answers.")


async def test_each_key_is_carried_once_with_its_content(depot: Depot) -> None:
    await depot.post(parcel("one"), parcel("two"), parcel("one"))
    await depot.post(parcel("two"))
    assert await depot.carry() == 2
    assert sorted(depot.courier.keys) == ["one", "two"]
    assert depot.courier.taken[0].parcel.content["text"].startswith("Text of")
    assert [(row.state, row.receipt, row.attempts) for row in await depot.rows()] == [
        ("sent", "receipt one", 1),
        ("sent", "receipt two", 1),
    ]
    assert await depot.carry() == 0


async def test_what_is_not_committed_never_goes_out(depot: Depot) -> None:
    async with depot.parts.units(system_of(depot.company.id)) as unit:
        await unit.deliveries.post([parcel("never")])
    assert await depot.carry() == 0


async def test_failures_are_tried_again_on_the_schedule_and_then_given_up(depot: Depot) -> None:
    depot.courier.refuse = away
    await depot.post(parcel("hook", medium=Medium.WEBHOOK))
    began, waits = depot.watch(), WAITS[Medium.WEBHOOK]
    for wait in waits:
        assert await depot.carry() == 1
        (row,) = await depot.rows()
        assert row.state == "queued" and row.error == "Nobody answers."
        assert row.next_try_at == depot.watch() + timedelta(seconds=wait)
        depot.watch.pass_by(seconds=wait - 0.001)
        assert await depot.carry() == 0
        depot.watch.pass_by(seconds=0.001)
    assert await depot.carry() == 1
    (row,) = await depot.rows()
    assert (row.state, row.attempts, row.next_try_at) == ("failed", len(waits) + 1, None)
    assert timedelta(hours=23) < depot.watch() - began < timedelta(hours=25)
    async with depot.parts.database.tenant(depot.company.id) as connection:
        told = (await connection.execute(select(events).where(events.c.kind == "DeliveryFailed"))).one()
    assert UUID(told.payload["delivery_id"]) == row.id and told.payload["about"]["conversation"]


async def test_a_refusal_is_final_and_a_receiver_may_ask_for_patience(depot: Depot) -> None:
    wishes = {"no": RefusedError("No such mailbox."), "later": DelayedError("Busy.", after=600)}
    depot.courier.refuse = lambda delivery: wishes[delivery.parcel.key]
    await depot.post(parcel("no"), parcel("later"))
    await depot.carry()
    no, later = await depot.rows()
    assert (no.state, no.error, no.attempts) == ("failed", "No such mailbox.", 1)
    assert later.next_try_at == depot.watch() + timedelta(seconds=600)


async def test_a_sequence_waits_for_its_first_and_others_do_not(depot: Depot) -> None:
    depot.courier.refuse = lambda delivery: away(delivery) if delivery.parcel.key == "a1" else None
    await depot.post(parcel("a1", sequence="a"), parcel("b1", sequence="b"), parcel("a2", sequence="a"))
    await depot.post(parcel("a3", sequence="a"), parcel("free"), parcel("b2", sequence="b"))
    await depot.carry()
    assert sorted(depot.courier.keys) == ["b1", "b2", "free"]
    depot.courier.refuse = Courier().refuse
    depot.watch.pass_by(minutes=1)
    await depot.carry()
    assert depot.courier.keys[3:] == ["a1", "a2", "a3"]


async def test_a_sequence_goes_on_after_what_was_given_up(depot: Depot) -> None:
    depot.courier.refuse = lambda delivery: RefusedError("Gone.") if delivery.parcel.key == "a1" else None
    await depot.post(parcel("a1", sequence="a"), parcel("a2", sequence="a"))
    await depot.carry()
    assert depot.courier.keys == ["a2"]


async def test_a_worker_that_vanishes_is_followed_by_another_when_its_lease_ends(depot: Depot) -> None:
    await depot.post(parcel("one"))
    carriage = depot.carriage(lease=timedelta(seconds=60))
    (lost,) = await carriage.due(10, {})
    assert await depot.carry() == 0
    depot.watch.pass_by(seconds=61)
    assert await depot.carry() == 1
    depot.courier.refuse = away
    await carriage.carry(lost)  # it comes back, far too late: what it has to say is of no account
    (row,) = await depot.rows()
    assert (row.state, row.attempts) == ("sent", 2)


async def test_two_workers_at_once_carry_everything_once_and_in_order(depot: Depot) -> None:
    parcels = [parcel(f"{number:03}", route=f"r{number % 3}", sequence=str(number % 6)) for number in range(120)]
    for start in range(0, len(parcels), 30):
        await depot.post(*parcels[start : start + 30])
    counts = await asyncio.gather(depot.carry(), depot.carry())
    assert sum(counts) <= len(parcels)
    await depot.carry()
    assert sorted(depot.courier.keys) == [one.key for one in parcels]
    for number in range(6):
        of_one = [key for key in depot.courier.keys if int(key) % 6 == number]
        assert of_one == sorted(of_one)


async def test_what_is_old_is_forgotten_and_nothing_else_can_be(depot: Depot) -> None:
    await depot.post(parcel("new"), parcel("old"), parcel("waiting"))
    await depot.carry()
    ages = {"old": timedelta(days=31), "waiting": timedelta(days=31), "new": timedelta(days=29)}
    engine = create_async_engine(depot.parts.settings.sqlalchemy_url)
    async with engine.begin() as connection:
        for key, age in ages.items():
            mine = (deliveries.c.key == key) & (deliveries.c.organization_id == depot.company.id)
            values = {"created_at": bootstrap.now() - age}
            older = values | ({"state": "queued"} if key == "waiting" else {})
            await connection.execute(update(deliveries).where(mine).values(older))
    await engine.dispose()
    assert await SqlOldNews(depot.parts.database).prune() == 1
    async with depot.parts.database.relay() as connection:
        await connection.execute(delete(deliveries))  # the policy lets the relay delete nothing that is young
        await connection.commit()
    assert [row.key for row in await depot.rows()] == ["new", "waiting"]


async def test_a_claim_takes_few_of_each_route_and_some_of_all(depot: Depot) -> None:
    await depot.post(*(parcel(f"slow {number}", route="slow") for number in range(50)))
    await depot.post(*(parcel(f"fast {number}", route=f"fast {number}") for number in range(8)))
    carriage = depot.carriage()
    busy = {(depot.company.id, "slow"): 3}
    claimed = await carriage.due(100, busy)
    assert sum(delivery.parcel.route == "slow" for delivery in claimed) == 1
    assert len({delivery.parcel.route for delivery in claimed}) == 9
    assert len(await carriage.due(2, {})) == 2
