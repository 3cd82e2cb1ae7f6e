"""Who left an address in the chat gets by mail what people answer there."""

from domain.channel.events import MessageUndelivered
from domain.channel.receiving import Outcome
from schema.base import parse_key
from tests.channels.conftest import Office, until
from tests.documents import SEND, START, command

LEAVE = """
mutation Leave($id: ID!, $email: String!) {
  leaveEmail(input: {conversationId: $id, email: $email}) { __typename ... on Error { message } }
}"""
REPLY = """From: {sender}
To: help@shop.example
Subject: Re: your answer
Message-ID: <r@elsewhere.example>
In-Reply-To: {to}

Who are you?
"""
BOUNCE = """From: mailer-daemon@elsewhere.example
To: help@shop.example
Subject: Undelivered
Message-ID: <b@elsewhere.example>
Return-Path: <>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="x"

--x
Content-Type: text/plain

Nobody lives here.
--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.elsewhere.example

Final-Recipient: rfc822; ann@elsewhere.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 No such user

--x
Content-Type: message/rfc822

Message-ID: {to}
Subject: Answer

--x--
"""


async def asked(office: Office) -> str:
    """A conversation of the chat, which the assistant has answered."""
    customer = office.stack.client(office.company.customer)
    identity: str = (await customer.ask(START, text="When do you open?"))["startConversation"]["conversation"]["id"]
    await until(lambda: office.answered(parse_key(identity, "Conversation", "id"), 1))
    return identity


async def leave(office: Office, conversation: str, address: str) -> None:
    came = await office.stack.client(office.company.customer).ask(LEAVE, id=conversation, email=address)
    assert came["leaveEmail"]["__typename"] == "LeaveEmailSuccess"


async def test_what_people_say_goes_to_the_address_that_was_left_last(office: Office) -> None:
    place = await office.mail_inbox(name="Shop")
    agent, conversation = office.stack.client(office.company.agent), await asked(office)
    key = parse_key(conversation, "Conversation", "id")
    await leave(office, conversation, "old@elsewhere.example")
    await leave(office, conversation, "ann@elsewhere.example")
    await office.stack.client(office.company.customer).ask(SEND, id=conversation, text="And on Sundays?")
    await until(lambda: office.answered(key, 2))  # by the assistant, to whom the address is nothing
    await agent.ask(command("takeOverConversation"), id=conversation)
    await agent.ask(SEND, id=conversation, text="At nine.")
    await agent.ask(SEND, id=conversation, text="On Sundays at ten.")
    first, second = await office.sent(2)
    assert [mail["to"] for mail in (first, second)] == ["ann@elsewhere.example"] * 2
    texts = [body.get_content().strip() for mail in (first, second) if (body := mail.get_body(("plain",)))]
    assert texts == ["At nine.", "On Sundays at ten."]
    assert second["in-reply-to"] == first["message-id"]
    reply = await office.receive(place, REPLY.format(sender="ann@elsewhere.example", to=first["message-id"]))
    assert reply.outcome is Outcome.STARTED and reply.conversation_id != key, "an address nobody verified opens nothing"
    assert (await office.receive(place, BOUNCE.format(to=first["message-id"]))).conversation_id == key
    (told,) = await office.events(key, MessageUndelivered)
    assert isinstance(told, MessageUndelivered) and told.address == "ann@elsewhere.example"
