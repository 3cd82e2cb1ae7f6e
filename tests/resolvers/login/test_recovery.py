"""Links in mail: a password chosen anew, an address confirmed; over a real mail server."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from infra import bootstrap
from infra.accounts.rows import mail_tokens, people, sessions
from tests.resolvers.login.calls import code, post, sign_in, viewer
from tests.resolvers.login.mailbox import Mailbox
from tests.resolvers.login.members import PASSWORD, Personnel
from tests.stack import Stack

NEW = "quiet harbour lantern 77"


async def test_a_link_gives_a_new_password_and_ends_all_sessions(
    stack: Stack, personnel: Personnel, post_office: Mailbox
) -> None:
    ann = await personnel.member()
    elsewhere = await personnel.member(person=ann)
    sessions = [await sign_in(stack, ann, organization=one.slug) for one in (ann, elsewhere)]
    assert (await post(stack, "forgot-password", email=f" {ann.email.upper()}")).status_code == 202
    token = await post_office.token(ann.email)
    answer = await post(stack, "reset-password", token=token, password=NEW)
    assert (answer.status_code, answer.content) == (204, b"")
    assert "parley_device=" in answer.headers["set-cookie"]
    for tokens in sessions:
        assert (await viewer(stack, tokens["access_token"])).status_code == 401
        assert code(await post(stack, "refresh", refresh_token=tokens["refresh_token"])) == (401, "UNAUTHENTICATED")
    assert code(await post(stack, "sign-in", email=ann.email, password=PASSWORD)) == (401, "UNAUTHENTICATED")
    assert "access_token" in await sign_in(stack, ann, password=NEW, organization=ann.slug)
    told = await post_office.wait(ann.email, number=2)
    assert told["subject"] == "Your password was changed"
    for organization_id in (ann.organization_id, elsewhere.organization_id):
        told_there = dict(await personnel.journal(organization_id))
        assert told_there["SessionEnded"]["cause"] == "password_reset"
        assert told_there["PasswordChanged"]["cause"] == "reset"
    await asyncio.sleep(0.3)
    assert len(post_office.of(ann.email)) == 2


async def test_a_link_works_once_and_ends_the_others(stack: Stack, personnel: Personnel, post_office: Mailbox) -> None:
    ann = await personnel.member()
    await post(stack, "forgot-password", email=ann.email)
    first = await post_office.token(ann.email)
    await post(stack, "forgot-password", email=ann.email)
    second = await post_office.token(ann.email, number=2)
    assert first != second
    weak = await post(stack, "reset-password", token=first, password="password123")
    assert code(weak) == (400, "INVALID_INPUT")
    uses = [post(stack, "reset-password", token=token, password=NEW) for token in (first, second, first, second)]
    assert sorted(answer.status_code for answer in await asyncio.gather(*uses)) == [204, 409, 409, 409]
    for token in (first, second, "made-up"):
        assert code(await post(stack, "reset-password", token=token, password=NEW)) == (409, "INVALID_STATE")


async def test_a_link_ends_after_an_hour_and_with_the_address(
    stack: Stack, personnel: Personnel, post_office: Mailbox
) -> None:
    ann, ben = await personnel.member(), await personnel.member()
    for member in (ann, ben):
        await post(stack, "forgot-password", email=member.email)
    late, moved = await post_office.token(ann.email), await post_office.token(ben.email)
    t = mail_tokens.c
    async with personnel.database.accounts() as connection:
        expiry = await connection.scalar(select(t.expires_at - t.created_at).where(t.person_id == ann.person_id))
        assert expiry == timedelta(hours=1)
        past = update(mail_tokens).values(expires_at=t.created_at).where(t.person_id == ann.person_id)
        await connection.execute(past)
        other = update(people).values(email="ben@elsewhere.example").where(people.c.id == ben.person_id)
        await connection.execute(other)
        await connection.commit()
    for token in (late, moved):
        assert code(await post(stack, "reset-password", token=token, password=NEW)) == (409, "INVALID_STATE")
        assert code(await post(stack, "verify", token=token, password=NEW)) == (409, "INVALID_STATE")


async def test_nobody_learns_whether_an_address_is_known(
    stack: Stack, personnel: Personnel, post_office: Mailbox
) -> None:
    ann = await personnel.member()
    answers = {}
    for email in (ann.email, "nobody@people.example", "no address"):
        answer = await post(stack, "forgot-password", email=email)
        answers[email] = (answer.status_code, answer.content)
    assert len(set(answers.values())) == 1
    await post_office.wait(ann.email)
    assert post_office.of("nobody@people.example") == []


async def test_one_address_gets_few_mails(stack: Stack, personnel: Personnel, post_office: Mailbox) -> None:
    ann = await personnel.member()
    statuses = [(await post(stack, "forgot-password", email=ann.email)).status_code for _ in range(7)]
    assert statuses == [202] * 5 + [429] * 2
    await post_office.wait(ann.email, number=5)
    await asyncio.sleep(0.3)
    assert len(post_office.of(ann.email)) == 5


async def test_links_are_kept_as_hashes_and_stand_in_no_journal(
    stack: Stack, personnel: Personnel, post_office: Mailbox
) -> None:
    ann = await personnel.member()
    await post(stack, "forgot-password", email=ann.email)
    token = await post_office.token(ann.email)
    async with personnel.database.accounts() as connection:
        rows = (await connection.execute(select(mail_tokens))).all()
    journal = await personnel.journal(ann.organization_id)
    assert rows
    assert journal
    assert token not in f"{[tuple(row) for row in rows]}{journal}"
    assert token.encode() not in [bytes(row.hash) for row in rows]


@pytest.mark.parametrize("path", ["forgot-password", "reset-password", "verify"])
async def test_no_other_site_can_ask(stack: Stack, path: str) -> None:
    body = {"email": "ann@people.example", "token": "t", "password": NEW}
    answer = await stack.http.post(f"/auth/{path}", json=body, headers={"origin": "https://evil.example"})
    assert answer.status_code == 403


async def test_no_session_of_an_old_password_slips_through_a_reset(
    stack: Stack, personnel: Personnel, post_office: Mailbox
) -> None:
    """Who signs in by the old password at the very moment of the reset has nothing left of it afterwards."""
    for _ in range(5):
        ann = await personnel.member()
        await post(stack, "forgot-password", email=ann.email)
        token = await post_office.token(ann.email)
        body = {"email": ann.email, "password": PASSWORD, "transport": "token"}
        attempts = [post(stack, "sign-in", **body) for _ in range(4)]
        reset, *answers = await asyncio.gather(post(stack, "reset-password", token=token, password=NEW), *attempts)
        assert reset.status_code == 204
        for answer in answers:
            if answer.status_code == 200:
                assert (await viewer(stack, answer.json()["access_token"])).status_code == 401
        async with personnel.database.tenant(ann.organization_id) as connection:
            still = select(sessions.c.id).where(sessions.c.ended_at.is_(None))
            assert (await connection.execute(still)).all() == []


async def test_a_session_waits_for_a_change_of_the_password_and_is_refused(stack: Stack, personnel: Personnel) -> None:
    ann = await personnel.member()
    async with personnel.database.accounts() as connection:
        changed = update(people).values(password_changed_at=bootstrap.now()).where(people.c.id == ann.person_id)
        await connection.execute(changed)
        attempt = asyncio.create_task(post(stack, "sign-in", email=ann.email, password=PASSWORD))
        done, _ = await asyncio.wait([attempt], timeout=1)
        assert not done, "it did not wait"
        await connection.commit()
    assert code(await attempt) == (401, "UNAUTHENTICATED")
    assert "access_token" in await sign_in(stack, ann)
