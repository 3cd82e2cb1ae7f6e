"""The journal, its relay and the jobs at every point where something may die."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, cast

import pytest
from redis.asyncio import Redis
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from structlog.testing import capture_logs

from domain.account.organization import default_inbox_of
from domain.base import ANONYMOUS, ConflictError, NotFoundError, Recorded, UnknownEvent
from domain.conversation import Conversation
from domain.conversation.events import ConversationStarted
from domain.ports import IdempotencyKey, PageRequest, Receipt, Work
from infra import bootstrap
from infra.bootstrap import Parts
from infra.live.hub import inbox_of
from infra.live.jobs import GRACE, RETRY_AFTER
from infra.live.signals import COMMITTED, DELIVERED
from tests.stack import Company, found_company, settings_for
from workers.runner import Runner

PLAN = {"MessageSent": ("answer_question",)}


@pytest.fixture
async def parts(fresh_database_url: str, redis_url: str) -> AsyncIterator[Parts]:
    async with bootstrap.parts(settings_for(fresh_database_url, redis_url)) as made:
        yield made


@pytest.fixture
async def company(fresh_database_url: str) -> Company:
    return await found_company(fresh_database_url)


async def rows(parts: Parts, statement: str) -> list[Any]:
    """What the owner of the database sees."""
    async with parts.database.engine.connect() as connection:
        await connection.execute(text("SET LOCAL ROLE parley_relay"))
        return list((await connection.execute(text(statement))).all())


async def test_positions_are_gap_free_and_in_order_of_versions(parts: Parts, company: Company) -> None:
    await asyncio.gather(*(parts.conversations.start(company.customer, f"Number {n}") for n in range(20)))
    rounds = await asyncio.gather(*(parts.journal.deliver(PLAN) for _ in range(5)))
    while (await parts.journal.deliver(PLAN)).events:
        pass
    found = await rows(parts, "SELECT delivered_position, stream, version FROM event ORDER BY delivered_position")
    assert [row.delivered_position for row in found] == list(range(1, 41))
    for stream in {row.stream for row in found}:
        versions = [row.version for row in found if row.stream == stream]
        assert versions == sorted(versions)
    assert sum(one.events for one in rounds) <= 40
    jobs = await rows(parts, "SELECT event_id, name FROM job")
    assert len(jobs) == len(set(jobs)) == 20


async def test_relay_that_dies_before_enqueueing_loses_no_job(parts: Parts, company: Company) -> None:
    await parts.conversations.start(company.customer, "Anybody?")
    await parts.journal.deliver(PLAN)  # and the ids are never put on the transport
    assert await parts.jobs.overdue() == []
    await asyncio.sleep(GRACE.total_seconds() + 0.1)
    (job_id,) = await parts.jobs.overdue()
    work = await parts.jobs.claim(job_id)
    assert work is not None
    assert work.recorded.event.kind == "MessageSent"
    assert await parts.jobs.claim(job_id) is None, "one at a time"


async def test_relay_of_an_older_release_tells_of_kinds_that_it_does_not_know(parts: Parts, company: Company) -> None:
    await parts.conversations.start(company.customer, "Anybody?")
    await as_owner(parts, "UPDATE event SET kind = 'NotYetKnown' WHERE kind = 'MessageSent'")
    with capture_logs() as logs:
        assert (await parts.journal.deliver(PLAN)).events == 2
    told = {"event": "relay.unknown_kinds", "kinds": ["NotYetKnown"], "log_level": "warning"}
    assert told in logs


async def test_jobs_of_one_conversation_take_turns(parts: Parts, company: Company) -> None:
    receipt = await parts.conversations.start(company.customer, "First?")
    await parts.conversations.send(company.customer, receipt.id, "Second?")
    first, second = (await parts.journal.deliver(PLAN)).jobs
    assert await parts.jobs.claim(second) is None
    work = await parts.jobs.claim(first)
    assert work is not None
    await parts.jobs.finish(work)
    assert await parts.jobs.claim(second) is not None


async def test_job_that_keeps_failing_becomes_a_dead_letter_and_can_be_replayed(parts: Parts, company: Company) -> None:
    await parts.conversations.start(company.customer, "Anybody?")
    (job_id,) = (await parts.journal.deliver(PLAN)).jobs
    for _ in range(len(RETRY_AFTER) + 1):
        work = await parts.jobs.claim(job_id)
        assert work is not None
        await parts.jobs.fail(work, "no luck")
        parts.jobs.let_go(job_id)
        await hurry(parts)
    assert await parts.jobs.claim(job_id) is None
    reads = parts.seen_by(company.admin)
    page = await reads.dead_letters(PageRequest(20))
    await reads.close()
    assert [(letter.id, letter.error) for letter in page.items] == [(job_id, "no luck")]
    with pytest.raises(NotFoundError):
        await parts.dead_letters.replay((await found_company(parts.settings.sqlalchemy_url)).admin, job_id)
    await parts.dead_letters.replay(company.admin, job_id)
    assert await parts.jobs.claim(job_id) is not None


async def hurry(parts: Parts) -> None:
    """Time passes for the jobs that wait for another try."""
    async with parts.database.relay() as connection:
        await connection.execute(text("UPDATE job SET run_at = now() - interval '1 second' WHERE state = 'queued'"))
        await connection.commit()


async def test_stale_writer_is_refused(parts: Parts, company: Company) -> None:
    receipt = await parts.conversations.start(company.customer, "First?")
    stale = Conversation(receipt.id, company.id)
    stale.replay([ConversationStarted(company.customer.identity, "First?")])  # and not the message after it
    stale.send(company.customer, "A rival", bootstrap.new_id())
    with pytest.raises(ConflictError):
        async with parts.units(company.customer) as unit:
            unit.conversations.add(stale)
            await unit.commit(Receipt(receipt.id))
    assert len(await rows(parts, "SELECT 1 FROM event")) == 2


async def test_same_key_at_the_same_moment_is_one_effect(parts: Parts, company: Company) -> None:
    key = IdempotencyKey("k", "same input")
    receipts = await asyncio.gather(
        *(parts.conversations.start(company.customer, "Once", key=key) for _ in range(8)), return_exceptions=True
    )
    kept = {receipt for receipt in receipts if isinstance(receipt, Receipt)}
    assert len(kept) == 1, receipts
    assert len(await rows(parts, "SELECT 1 FROM event WHERE kind = 'ConversationStarted'")) == 1


async def test_failing_before_commit_leaves_nothing_and_tells_nobody(parts: Parts, company: Company) -> None:
    heard: list[Any] = []
    async with Redis.from_url(parts.settings.redis).pubsub() as pubsub:
        await pubsub.subscribe(COMMITTED, DELIVERED)
        with pytest.raises(RuntimeError):
            async with parts.units(company.customer) as unit:
                conversation = Conversation(bootstrap.new_id(), company.id)
                conversation.start(company.customer, "Never", bootstrap.new_id(), default_inbox_of(company.id))
                unit.conversations.add(conversation)
                await unit.conversations.save()
                raise RuntimeError("died before the commit")
        while (message := await pubsub.get_message(timeout=0.2)) is not None:
            heard.append(message)
    assert await rows(parts, "SELECT 1 FROM event") == []
    assert [message for message in heard if message["type"] == "message"] == []


@pytest.mark.parametrize("statement", ["UPDATE event SET kind = 'x'", "DELETE FROM event", "TRUNCATE event"])
async def test_nobody_rewrites_history(parts: Parts, company: Company, statement: str) -> None:
    await parts.conversations.start(company.customer, "First?")
    async with parts.database.tenant(company.id) as connection:
        with pytest.raises(ProgrammingError, match="permission denied"):
            await connection.execute(text(statement))


async def test_without_any_where_a_tenant_sees_its_own_rows_alone(parts: Parts, company: Company) -> None:
    other = await found_company(parts.settings.sqlalchemy_url)
    await parts.conversations.start(company.customer, "Mine")
    await parts.conversations.start(other.customer, "Theirs")
    for table in ("organization", "customer", "agent", "conversation", "message", "event"):
        column = "id" if table == "organization" else "organization_id"
        async with parts.database.tenant(company.id) as connection:
            found = (await connection.execute(text(f"SELECT DISTINCT {column} FROM {table}"))).scalars().all()
        assert [str(one) for one in found] == [str(company.id)], table
    async with parts.database.tenant(company.id) as connection:
        changed = await connection.execute(text("UPDATE conversation SET subject = 'gotcha'"))
        assert changed.rowcount == 1
        with pytest.raises(ProgrammingError, match="row-level security"):
            await connection.execute(
                text("INSERT INTO customer VALUES (gen_random_uuid(), :other, 'x', null, now())"), {"other": other.id}
            )


async def as_owner(parts: Parts, statement: str) -> None:
    """What no release does through its own roles, such as writing what this code cannot read."""
    async with parts.database.engine.begin() as connection:
        await connection.execute(text(statement))


@pytest.mark.parametrize(
    "change",
    ["payload = jsonb_set(payload, '{message,kind}', '\"video\"')", "kind = 'NotYetKnown', actor = 'robot:1'"],
    ids=["contents", "kind and actor"],
)
async def test_what_this_code_cannot_read_holds_up_nobody(parts: Parts, company: Company, change: str) -> None:
    await parts.conversations.start(company.customer, "Anybody?")
    (job_id,) = (await parts.journal.deliver(PLAN)).jobs
    await as_owner(parts, f"UPDATE event SET {change} WHERE kind = 'MessageSent'")
    with parts.hub.mailbox(inbox_of(company.id)) as mailbox:
        parts.hub._position = 0
        await parts.hub._catch_up()
        items, _ = await mailbox.take()
    started, unread = (cast(Recorded, item) for item in items)
    assert isinstance(started.event, ConversationStarted)
    assert unread.event == UnknownEvent()
    assert unread.actor == (ANONYMOUS if "actor" in change else company.customer)

    async def run(_: Work) -> None:
        raise AssertionError("a job was run on an event that it cannot read")

    await Runner(parts.jobs, {"answer_question": run}, bootstrap.following_event)(job_id)
    ((state, attempts, error),) = await rows(parts, "SELECT state, attempts, error FROM job")
    assert (state, attempts, error) == ("queued", 1, "UnreadableEventError()")
