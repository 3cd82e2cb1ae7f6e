"""People are told what concerns them: once, if they may see it, by what they chose, and not of their own doing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import insert, update

from domain.base import ForbiddenError, NotFoundError, system_of
from domain.conversation.desk_events import NoteAdded, ServiceLevelBreached, SurveyAnswered, Target
from domain.notification.notification import JobFailed, Means, NotificationKind
from domain.notification.preference import Digest, QuietHours
from domain.ports import PageRequest
from infra import bootstrap
from infra.accounts.rows import roles
from infra.rows import agents
from tests.news.couriers import Watch
from tests.news.office import Office
from tests.stack import found_company, settings_for

MENTIONED, REPLIED = NotificationKind.MENTIONED, NotificationKind.REPLIED


@pytest.fixture
async def office(database_url: str, redis_url: str) -> AsyncIterator[Office]:
    company = await found_company(database_url)
    async with bootstrap.parts(settings_for(database_url, redis_url, public_url="https://desk.example")) as parts:
        yield Office(parts, company)


async def test_who_is_mentioned_is_told_once_however_often_the_job_runs(office: Office) -> None:
    ann, bob = await office.hire("Ann"), await office.hire("Bob")
    event = await office.mention(await office.conversation(), bob, by=ann)
    await asyncio.gather(office.service.notify(event), office.service.notify(event))
    await office.service.notify(event)
    assert await office.told(bob) == ["mentioned"]
    (mail,) = await office.posted("email")
    assert mail.recipient.startswith("bob-") and mail.route == "mail"
    assert mail.content["subject"] == "Test: Ann mentioned you in “Where is my coat?”"
    assert "https://desk.example/conversations/" in mail.content["text"]
    assert mail.content["message_id"].endswith("@desk.example>")
    assert mail.content["headers"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


async def test_nobody_is_told_of_their_own_act(office: Office) -> None:
    ann = await office.hire("Ann")
    await office.service.notify(await office.mention(await office.conversation(), ann, by=ann))
    assert await office.told(ann) == []


async def test_who_may_not_see_the_conversation_is_not_told(office: Office) -> None:
    ann, role = await office.hire("Ann"), uuid4()
    async with office.parts.database.tenant(office.company.id) as connection:
        grants = {"conversation.read": "own"}
        row = {"id": role, "organization_id": office.company.id, "name": "Own", "grants": grants}
        await connection.execute(insert(roles), row | {"created_at": bootstrap.now()})
        await connection.commit()
    cut_off, gone = await office.hire("Cut", role_id=role), await office.hire("Gone")
    async with office.parts.database.tenant(office.company.id) as connection:
        await connection.execute(update(agents).where(agents.c.id == gone.id).values(suspended_at=bootstrap.now()))
        await connection.commit()
    await office.service.notify(await office.mention(await office.conversation(), cut_off, gone, by=ann))
    assert await office.told(cut_off) == await office.told(gone) == []
    assert await office.posted() == []


async def test_replies_that_come_together_make_one_mail_and_none_when_they_were_read(office: Office) -> None:
    ann = await office.hire("Ann")
    conversation = await office.held(ann)
    for _ in range(3):
        await office.service.notify(await office.reply(conversation))
        office.watch.pass_by(seconds=20)
    assert await office.told(ann) == ["replied"] * 3
    assert await office.posted("email") == []
    ((due_at, due),) = await office.due()
    assert due_at == office.watch.at + timedelta(seconds=60)
    await office.service.send(office.company.id, due)
    await office.service.send(office.company.id, due)
    (mail,) = await office.posted("email")
    assert mail.content["subject"] == "Test: Person 0 replied in “Where is my coat?” (3)"
    assert "Hello?" not in str(mail.content)

    await office.service.notify(await office.reply(conversation))
    await office.service.mark_read(ann, None)
    await office.service.send(office.company.id, due)
    assert len(await office.posted("email")) == 1


async def test_a_customer_who_speaks_with_the_assistant_disturbs_nobody(office: Office) -> None:
    ann = await office.hire("Ann")
    await office.service.notify(await office.reply(await office.conversation()))
    assert await office.told(ann) == await office.told(office.company.admin) == []


async def test_a_missed_service_level_reaches_the_admins_where_nobody_has_the_conversation(office: Office) -> None:
    ann, system = await office.hire("Ann"), system_of(office.company.id)
    breach = ServiceLevelBreached(uuid4(), Target.FIRST_RESPONSE, bootstrap.now())
    await office.service.notify(await office.happen(await office.conversation(), breach, system))
    assert await office.told(office.company.admin) == ["service_level_breached"] and await office.told(ann) == []
    await office.service.notify(await office.happen(await office.held(ann), breach, system))
    assert await office.told(ann) == ["service_level_breached"]


async def test_quiet_hours_postpone_and_do_not_drop_and_let_urgent_news_pass(office: Office) -> None:
    ann, bob = await office.hire("Ann"), await office.hire("Bob")
    await office.want(bob, zone="Europe/Lisbon", quiet=QuietHours("22:00", "07:00"))
    office.watch.at = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)  # half past midnight there
    conversation = await office.held(bob)
    for _ in range(2):
        await office.service.notify(await office.mention(conversation, bob, by=ann))
    assert await office.told(bob) == ["mentioned"] * 2
    assert await office.posted() == []
    breach = ServiceLevelBreached(uuid4(), Target.RESOLUTION, bootstrap.now())
    await office.service.notify(await office.happen(conversation, breach, system_of(office.company.id)))
    assert [mail.content["subject"] for mail in await office.posted()] == [
        "Test: A service level was missed: “Where is my coat?”"
    ]
    waiting = await office.due()
    assert {due_at for due_at, _ in waiting} == {datetime(2026, 7, 2, 6, 0, tzinfo=UTC)}
    office.watch.at = waiting[0][0]
    for _, due in waiting:
        await office.service.send(office.company.id, due)
    assert (await office.posted("email"))[-1].content["subject"] == (
        "Test: Ann mentioned you in “Where is my coat?” (2)"
    )


async def test_a_digest_is_one_mail_in_the_morning_about_everything(office: Office) -> None:
    ann, bob = await office.hire("Ann"), await office.hire("Bob")
    means = {NotificationKind.SURVEY_ANSWERED: frozenset({Means.EMAIL})}
    await office.want(bob, zone="America/New_York", digest=Digest.DAILY, means=means, language="de")
    office.watch.at = datetime(2026, 11, 1, 3, 0, tzinfo=UTC)  # the night in which the clocks go back there
    conversation = await office.held(bob)
    await office.service.notify(await office.mention(conversation, bob, by=ann))
    await office.service.notify(await office.mention(await office.conversation("A hat"), bob, by=ann))
    for _ in range(3):
        await office.service.notify(await office.reply(conversation))
    answered = SurveyAnswered(uuid4(), 1, 5)
    await office.service.notify(await office.happen(conversation, answered, office.company.customer))
    ((due_at, due),) = [each for each in await office.due() if each[1].means == "email"]
    assert due_at == datetime(2026, 11, 1, 13, 0, tzinfo=UTC)
    await office.service.send(office.company.id, due)
    (mail,) = await office.posted("email")
    assert mail.content["subject"] == "Test: 6 neue Benachrichtigungen"
    assert mail.content["text"].count(" geantwortet") == 1 and " geantwortet (3)\n" in mail.content["text"]
    assert mail.content["headers"]["Auto-Submitted"] == "auto-generated"
    assert "hat Sie in „A hat“ erwähnt" in mail.content["text"] and "bewertet" in mail.content["text"]
    page = await office.parts.seen_by(bob).notification_page(PageRequest(10), unread=True)
    assert [one.kind for one in page.items] == [
        *["replied"] * 3,
        "mentioned",
        "mentioned",
    ]  # of the survey by mail alone


async def test_what_is_waiting_is_not_sent_to_who_has_lost_sight_of_it(office: Office) -> None:
    ann, bob = await office.hire("Ann"), await office.hire("Bob")
    await office.want(bob, digest=Digest.HOURLY)
    await office.service.notify(await office.mention(await office.conversation(), bob, by=ann))
    ((_, due),) = await office.due()
    async with office.parts.database.tenant(office.company.id) as connection:
        await connection.execute(update(agents).where(agents.c.id == bob.id).values(suspended_at=bootstrap.now()))
        await connection.commit()
    await office.service.send(office.company.id, due)
    assert await office.posted("email") == []


async def test_what_is_waiting_is_not_sent_by_what_is_wanted_no_more(office: Office) -> None:
    ann, bob = await office.hire("Ann"), await office.hire("Bob")
    await office.want(bob, digest=Digest.HOURLY)
    conversation = await office.held(bob)
    await office.service.notify(await office.mention(conversation, bob, by=ann))
    await office.service.notify(await office.reply(conversation))
    ((_, due),) = await office.due()
    await office.want(bob, digest=Digest.HOURLY, means={MENTIONED: frozenset({Means.IN_APP})})
    await office.service.send(office.company.id, due)
    (mail,) = await office.posted("email")
    assert "replied" in mail.content["text"] and "mentioned" not in mail.content["text"]


async def test_a_text_message_goes_to_who_asked_for_it_and_a_link_stops_mails(office: Office) -> None:
    ann, bob = await office.hire("Ann"), await office.hire("Bob")
    await office.want(bob, number="+351912345678", means={MENTIONED: frozenset({Means.SMS, Means.EMAIL})})
    conversation = await office.conversation()
    await office.service.notify(await office.mention(conversation, bob, by=ann))
    mail, text = await office.posted()
    assert (text.medium, text.recipient, text.route) == ("sms", "+351912345678", "sms:people")
    assert text.content["text"].startswith("Test: Ann mentioned you in “Where is my coat?” https://desk.example/")
    link = mail.content["headers"]["List-Unsubscribe"].strip("<>")
    token = link.rpartition("/")[2]
    with pytest.raises(NotFoundError):
        await office.service.stop_mail(token[:-4] + "AAAA")
    await office.service.stop_mail(token)
    await office.service.notify(await office.mention(conversation, bob, by=ann))
    assert [row.medium for row in await office.posted()] == ["email", "sms", "sms"]
    decided = await office.parts.seen_by(bob).notification_preferences()
    assert decided.means_for(MENTIONED) == {Means.SMS} and Means.EMAIL in decided.means_for(REPLIED)


async def test_a_job_that_failed_for_good_is_told_to_who_can_run_it_again(office: Office) -> None:
    recorded = await office.mention(await office.conversation(), by=await office.hire("Ann"))
    told = replace(recorded, stream="job:999", event=JobFailed("embed_knowledge", recorded.stream))
    await office.service.notify(told)
    assert await office.told(office.company.admin) == ["job_failed"] and await office.told(office.company.agent) == []
    await office.service.notify(replace(told, id=told.id + 10_000, event=JobFailed("notify_people", "timer:1")))
    assert await office.told(office.company.admin) == ["job_failed"]


async def test_names_and_subjects_cannot_write_other_lines_of_a_mail(office: Office) -> None:
    ann, bob = await office.hire("Ann\r\nBcc: all@people.example"), await office.hire("Bob")
    conversation = await office.conversation("Coat\u2028" + "x" * 300)
    await office.service.notify(await office.mention(conversation, bob, by=ann))
    (mail,) = await office.posted("email")
    assert len(mail.content["subject"]) <= 200 and mail.content["subject"].isprintable()


async def test_customers_and_keys_are_not_told(office: Office) -> None:
    for call in (office.service.mark_read(office.company.customer, None), office.want(office.company.customer)):
        with pytest.raises(ForbiddenError):
            await call


async def test_two_replies_to_two_people_at_once_do_not_wait_for_each_other(office: Office) -> None:
    """Readers are locked in one order, so that notes that name the same people in other orders do not deadlock."""
    ann, watch = await office.hire("Ann"), Watch()
    office.watch = watch
    team = [await office.hire(f"Colleague{number}") for number in range(4)]
    conversation = await office.conversation()
    notes = [await office.mention(conversation, *team[:: (-1) ** number], by=ann) for number in range(6)]
    assert all(isinstance(note.event, NoteAdded) for note in notes)
    await asyncio.gather(*(office.service.notify(note) for note in notes))
    assert [len(await office.told(each)) for each in team] == [6] * 4
