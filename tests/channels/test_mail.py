"""Mail comes in, is answered in its thread, and comes back to the same conversation; what must not be, is not."""

from __future__ import annotations

from domain.channel.receiving import Outcome
from domain.conversation.events import MessageSent
from tests.channels.conftest import Office

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
