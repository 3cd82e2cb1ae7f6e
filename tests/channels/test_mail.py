"""Mail comes in, is answered in its thread, and comes back to the same conversation; what must not be, is not."""

from __future__ import annotations

import asyncio
import base64
from email.message import EmailMessage
from uuid import UUID, uuid4

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from sqlalchemy import update

from domain.base import Event
from domain.channel.events import AutomaticReplyReceived, MessageUndelivered
from domain.channel.ports import Place
from domain.channel.receiving import Outcome
from domain.conversation.events import AnswerCompleted, MessageSent
from domain.tool.ports import Asker
from infra.bootstrap import now
from infra.rows import customers
from infra.tools.catalog import SqlCatalog
from tests.channels.conftest import Office, until

FIRST = """From: Ann Archer <Ann@customers.example>
To: help@shop.example
Subject: My coat
Message-ID: <1@customers.example>

How do I return a coat?

-- 
Ann
"""


def reply(to: str, *, sender: str = "ann@customers.example", name: str = "<2@customers.example>") -> str:
    """An answer to a mail, with that mail quoted below."""
    return f"""From: {sender}
To: help@shop.example
Subject: Re: My coat
Message-ID: {name}
In-Reply-To: {to}
References: <1@customers.example> {to}

And a hat?

On Mon, Nov 2, 2026 at 10:00 AM Shop <help@shop.example> wrote:
> Within 45 days.
"""


async def test_a_mail_is_answered_in_its_thread_and_the_answer_to_that_comes_back(office: Office) -> None:
    place = await office.mail_inbox(name="Shop", signature="Your shop")
    began = await office.receive(place, FIRST)
    assert began.outcome is Outcome.STARTED
    (answer,) = await office.sent(1)
    assert answer["to"] == "ann@customers.example" and answer["from"] == "Shop <help@shop.example>"
    assert answer["subject"] == "Re: My coat" and answer["in-reply-to"] == "<1@customers.example>"
    assert answer["auto-submitted"] == "auto-replied"
    text = answer.get_body(("plain",))
    assert text is not None and text.get_content().splitlines() == ["Within 45 days.", "", "-- ", "Your shop"]
    again = await office.receive(place, reply(answer["message-id"]))
    assert (again.outcome, again.conversation_id) == (Outcome.JOINED, began.conversation_id)
    _, second = await office.sent(2)
    assert second["references"].split()[:2] == ["<1@customers.example>", answer["message-id"]]
    assert await office.told(began.conversation_id) == [
        "How do I return a coat?",
        "Within 45 days.",
        "And a hat?",
        "Within 45 days.",
    ]
    assert len(await office.events(began.conversation_id, MessageSent)) == 2


async def test_a_mail_comes_in_once_whichever_way_it_is_brought(office: Office) -> None:
    place = await office.mail_inbox()
    outcomes = await asyncio.gather(*(office.receive(place, FIRST) for _ in range(5)))
    assert sorted(one.outcome for one in outcomes) == [*[Outcome.KNOWN] * 4, Outcome.STARTED]
    assert await office.count(place) == 1


async def test_a_subject_alone_joins_nothing_and_a_stranger_does_not_either(office: Office) -> None:
    place = await office.mail_inbox()
    began = await office.receive(place, FIRST)
    (answer,) = await office.sent(1)
    same = FIRST.replace("<1@", "<3@").replace("My coat", "Re: My coat")
    assert (await office.receive(place, same)).outcome is Outcome.STARTED
    stranger = reply(answer["message-id"], sender="eve@elsewhere.example", name="<4@elsewhere.example>")
    elsewhere = await office.receive(place, stranger)
    assert elsewhere.outcome is Outcome.STARTED and elsewhere.conversation_id != began.conversation_id
    assert await office.count(place) == 3


async def test_somebody_whom_the_customer_wrote_to_as_well_has_part_in_it(office: Office) -> None:
    place = await office.mail_inbox()
    began = await office.receive(place, FIRST.replace("Subject:", "Cc: Bob <bob@customers.example>\nSubject:"))
    (answer,) = await office.sent(1)
    joined = await office.receive(place, reply(answer["message-id"], sender="bob@customers.example"))
    assert (joined.outcome, joined.conversation_id) == (Outcome.JOINED, began.conversation_id)
    _, second = await office.sent(2)
    assert second["to"] == "ann@customers.example"  # whoever pretends to be Ann and names themselves hears nothing


async def test_a_mail_is_no_proof_that_its_writer_is_who_the_organization_vouches_for(office: Office) -> None:
    place = await office.mail_inbox()
    began = await office.receive(place, FIRST)
    async with office.parts.database.tenant(office.company.id) as connection:
        vouched = update(customers).where(customers.c.email == "ann@customers.example")
        row = await connection.execute(vouched.values(external_id="ann", verified_at=now()).returning(customers.c.id))
        customer_id = row.scalar_one()
        await connection.commit()
    catalog = SqlCatalog(office.parts.database)
    elsewhere = await catalog.asker(office.company.id, customer_id, uuid4())
    here = await catalog.asker(office.company.id, customer_id, began.conversation_id)
    assert elsewhere == Asker(customer_id, "ann", "ann@customers.example") and here == Asker(customer_id)


async def test_a_reply_whose_names_got_lost_joins_by_the_address_that_was_signed(office: Office) -> None:
    place = await office.mail_inbox(plus_addressing=True)
    began = await office.receive(place, FIRST)
    (answer,) = await office.sent(1)
    assert answer["reply-to"].startswith("help+") and answer["reply-to"].endswith("@shop.example")
    plain = f"From: ann@customers.example\nTo: {answer['reply-to']}\nMessage-ID: <5@x.example>\n\nAnd a hat?\n"
    joined = await office.receive(place, plain)
    assert (joined.outcome, joined.conversation_id) == (Outcome.JOINED, began.conversation_id)
    forged = plain.replace("<5@", "<6@").replace("help+", "help+a")
    assert (await office.receive(place, forged)).outcome is Outcome.STARTED


async def test_another_inbox_knows_nothing_of_it(office: Office) -> None:
    place, other = await office.mail_inbox(), await office.mail_inbox("other@shop.example")
    await office.receive(place, FIRST)
    (answer,) = await office.sent(1)
    assert (await office.receive(other, reply(answer["message-id"]))).outcome is Outcome.STARTED


@pytest.mark.parametrize(
    ("header", "outcome"),
    [
        ("Auto-Submitted: auto-replied", Outcome.AUTOMATIC),
        ("Precedence: bulk", Outcome.AUTOMATIC),
        ("Precedence: auto_reply", Outcome.AUTOMATIC),
        ("List-Id: <news.example>", Outcome.AUTOMATIC),
        ("Return-Path: <>", Outcome.AUTOMATIC),
        ("X-Autoreply: yes", Outcome.AUTOMATIC),
        ("Auto-Submitted: no", Outcome.STARTED),
    ],
)
async def test_machines_are_not_answered(office: Office, header: str, outcome: Outcome) -> None:
    place = await office.mail_inbox()
    assert (await office.receive(place, f"{header}\n{FIRST}")).outcome is outcome


async def test_an_out_of_office_note_is_seen_by_people_and_answered_by_nobody(office: Office) -> None:
    place = await office.mail_inbox()
    began = await office.receive(place, FIRST)
    (answer,) = await office.sent(1)
    away = "Auto-Submitted: auto-replied\n" + reply(answer["message-id"]).replace("And a hat?", "I am away.")
    assert (await office.receive(place, away)).outcome is Outcome.AUTOMATIC
    (event,) = await office.events(began.conversation_id, AutomaticReplyReceived)
    assert event == AutomaticReplyReceived("ann@customers.example", "I am away.")
    assert len(await office.told(began.conversation_id)) == 2


async def test_our_own_mail_and_floods_go_no_further(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    place = await office.mail_inbox()
    looped = FIRST.replace("Ann Archer <Ann@customers.example>", "help@shop.example")
    assert (await office.receive(place, looped)).outcome is Outcome.LOOP
    monkeypatch.setattr("domain.channel.receiving.MOST_AN_HOUR", 2)
    outcomes = [(await office.receive(place, FIRST.replace("<1@", f"<{n}@"))).outcome for n in range(4)]
    assert outcomes == [Outcome.STARTED, Outcome.STARTED, Outcome.FLOOD, Outcome.FLOOD]


async def test_a_blocked_customer_is_not_heard(office: Office) -> None:
    place = await office.mail_inbox()
    await office.receive(place, FIRST)
    await office.block("ann@customers.example")
    assert (await office.receive(place, FIRST.replace("<1@", "<7@"))).outcome is Outcome.BLOCKED


async def test_nobody_speaks_for_a_blocked_customer(office: Office) -> None:
    place = await office.mail_inbox()
    await office.receive(place, FIRST.replace("Subject:", "Cc: Bob <bob@customers.example>\nSubject:"))
    (answer,) = await office.sent(1)
    await office.block("ann@customers.example")
    joining = reply(answer["message-id"], sender="bob@customers.example")
    assert (await office.receive(place, joining)).outcome is Outcome.BLOCKED


DSN = """From: MAILER-DAEMON@mx.customers.example
To: help@shop.example
Subject: Undelivered Mail
Message-ID: <dsn@mx.customers.example>
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

Sorry.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.customers.example

Final-Recipient: rfc822; ann@customers.example
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user

--b
Content-Type: {kind}

From: help@shop.example
Message-ID: {about}
Subject: Re: My coat
{body}
--b--
"""


@pytest.mark.parametrize(("kind", "body"), [("message/rfc822", "\nHi"), ("text/rfc822-headers", "")])
async def test_a_bounce_is_told_and_nothing_more_is_sent_there(office: Office, kind: str, body: str) -> None:
    place = await office.mail_inbox()
    began = await office.receive(place, FIRST)
    (answer,) = await office.sent(1)
    delayed = DSN.format(action="delayed", kind=kind, about=answer["message-id"], body=body)
    assert (await office.receive(place, delayed)).outcome is Outcome.BOUNCE
    assert await office.events(began.conversation_id, MessageUndelivered) == []
    failed = delayed.replace("Action: delayed", "Action: failed").replace("<dsn@", "<dsn2@")
    assert (await office.receive(place, failed)).outcome is Outcome.BOUNCE
    (event,) = await office.events(began.conversation_id, MessageUndelivered)
    assert isinstance(event, MessageUndelivered) and "no such user" in event.explanation
    made_up = failed.replace(answer["message-id"], "<other@shop.example>").replace("<dsn2@", "<dsn3@")
    assert (await office.receive(place, made_up)).conversation_id is None
    assert began.conversation_id
    await office.parts.conversations.take_over(office.company.agent, began.conversation_id)
    await office.parts.conversations.send(office.company.agent, began.conversation_id, "Are you there?")
    unsent = await _undelivered(office, began.conversation_id, 2)
    assert unsent.message_id and unsent.explanation.startswith("Not sent") and len(office.postbox.mails) == 1


async def test_who_writes_from_an_address_whose_mail_came_back_is_answered_again(office: Office) -> None:
    place = await office.mail_inbox(trusted_server="mx.shop.example")
    began = await office.receive(place, FIRST)
    (answer,) = await office.sent(1)
    body = "\nHi"
    await office.receive(
        place, DSN.format(action="failed", kind="message/rfc822", about=answer["message-id"], body=body)
    )
    forged = "Authentication-Results: mx.shop.example; dmarc=fail\n" + reply(answer["message-id"])
    await office.receive(place, forged)
    await _undelivered(office, began.conversation_id, 2)
    await office.receive(place, reply(answer["message-id"], name="<20@customers.example>"))
    assert len(await office.sent(2)) == 2


async def test_a_mail_that_a_server_refuses_is_told_where_it_was_said(office: Office) -> None:
    office.postbox.answer = "554 5.7.1 not wanted"
    place = await office.mail_inbox()
    began = await office.receive(place, FIRST)
    told = await _undelivered(office, began.conversation_id, 1)
    answered = await office.events(began.conversation_id, AnswerCompleted)
    assert "554 5.7.1" in told.explanation and told.address == "ann@customers.example"
    assert [told.message_id] == [event.message.id for event in answered if isinstance(event, AnswerCompleted)]


async def _undelivered(office: Office, conversation_id: UUID | None, count: int) -> MessageUndelivered:
    """The last of so many messages of which it is told that they did not arrive."""

    async def told() -> list[Event]:
        found = await office.events(conversation_id, MessageUndelivered)
        return found if len(found) == count else []

    event = (await until(told))[-1]
    assert isinstance(event, MessageUndelivered)
    return event


async def test_a_mail_is_signed_so_that_others_can_check_it(office: Office) -> None:
    key = rsa.generate_private_key(65537, 2048)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode()
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    place = await office.mail_inbox(dkim_domain="shop.example", dkim_selector="parley", dkim_key=private)
    await office.receive(place, FIRST)
    await office.sent(1)
    raw, asked = office.postbox.raw[0], list[bytes]()

    def record(name: bytes, timeout: int = 5) -> bytes:
        asked.append(name)
        return b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)

    assert dkim.verify(raw, dnsfunc=record) and asked == [b"parley._domainkey.shop.example."]
    assert not dkim.verify(raw.replace(b"45 days", b"46 days"), dnsfunc=record)


async def test_a_server_that_is_away_gets_the_answer_once_it_is_back(office: Office) -> None:
    office.postbox.answer = "451 later"
    place = await office.mail_inbox()
    began = await office.receive(place, FIRST)
    await until(lambda: office.attempted(began.conversation_id))
    office.postbox.answer = "250 OK"
    await office.hurry()
    assert len(await office.sent(1)) == 1


async def test_files_come_along_and_what_is_of_no_kind_that_is_taken_is_named(office: Office) -> None:
    place = await office.mail_inbox()
    mail = EmailMessage()
    mail["From"], mail["Message-ID"] = "ann@customers.example", "<files@customers.example>"
    mail.set_content("See here.")
    mail.add_attachment(b"a,b\n1,2\n", maintype="text", subtype="csv", filename="list.csv")
    mail.add_attachment(b"MZ", maintype="application", subtype="x-msdownload", filename="../setup.exe")
    received = await office.receive(place, mail.as_bytes())
    (event,) = await office.events(received.conversation_id, MessageSent)
    assert isinstance(event, MessageSent) and event.message.text == "See here.\n\n[setup.exe]"
    reads = office.parts.seen_by(office.company.admin)
    assert [file.name for file in await reads.files(event.message.attachments) if file] == ["list.csv"]
    await reads.end()


async def test_a_reply_to_a_merged_conversation_goes_on_where_that_goes_on(office: Office) -> None:
    place = await office.mail_inbox()
    first = await office.receive(place, FIRST)
    second = await office.receive(place, FIRST.replace("<1@", "<12@"))
    one, other = await office.sent(2)
    of_first = one if "<1@" in one["references"] else other
    await office.merge(first.conversation_id, second.conversation_id)
    joined = await office.receive(place, reply(of_first["message-id"]))
    assert (joined.outcome, joined.conversation_id) == (Outcome.JOINED, second.conversation_id)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff\xfe",
        b"From: nobody\n\nHello",
        b"From: ann@customers.example, <\n\n",
        b'Content-Type: multipart/mixed; boundary="b"\nFrom: a@b.example\n\n--b\n--b\n--b--',
        b"From: =?utf-8?q?=ff=fe?= <a@b.example>\nContent-Type: text/plain; charset=none-such\n\n\xe9\x00\n",
        b"From: a@b.example\nContent-Type: text/html\n\n" + b"<div>" * 5_000 + b"deep",
        b"From: a@b.example\nContent-Type: message/rfc822\n\nFrom: c@d.example\n\ninner",
        b"From: a@b.example\nContent-Transfer-Encoding: base64\n\n!!!not base64!!!",
        b"From: a@b.example\nSubject: =?x?y?z?= =?utf-8?b?////?=\n\n\n",
    ],
)
async def test_whatever_comes_is_taken_or_put_aside_and_breaks_nothing(office: Office, raw: bytes) -> None:
    received = await office.receive(await office.mail_inbox(), raw)
    assert received.outcome in (Outcome.STARTED, Outcome.UNREADABLE)
    assert (await office.receive(Place(office.company.id, uuid4()), raw)).outcome is Outcome.CLOSED
