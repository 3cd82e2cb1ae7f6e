"""Customers over HTTP: visitors, and those for whom their company's own backend vouches."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text, update

from domain.base import ActorKind
from domain.conversation.aggregate import Conversation
from infra import bootstrap
from infra.accounts.rows import sessions
from infra.bootstrap import now
from infra.database import Database
from infra.journal import SqlJournal
from infra.live.signals import Sender
from infra.repositories import _row
from infra.rows import conversations, customers, messages, organizations
from schema.base import encode_cursor, global_id, parse_id
from tests.documents import SEND
from tests.people import actor
from tests.signed_in import closed, connected
from tests.stack import Company, Stack, found_company, running, scripted
from tests.vouching import ME, asked, backend, by, identified, me, post, visitor

BEGINNING = encode_cursor(["0"])
WATCHED = """
subscription Watch($id: ID!, $after: String) {
  conversationChanged(id: $id, after: $after) {
    __typename ... on ConversationEvent { conversation { customer { name } } }
  }
}"""


@pytest.fixture
async def quiet(fresh_database_url: str, redis_url: str) -> AsyncIterator[Stack]:
    """No assistant, so that only the customer's words are there."""
    async with running(fresh_database_url, redis_url, scripted("x"), with_worker=False) as started:
        yield started


async def test_a_visitor_comes_in_asks_and_stays_signed_in(quiet: Stack, company: Company) -> None:
    answer = await post(quiet, "/auth/visitor", organization=str(company.id), name="Kim")
    tokens = answer.json()
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers
    assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", 600)
    conversation = await asked(quiet, tokens["access_token"], "Where is my parcel?")
    again = await post(quiet, "/auth/refresh", refresh_token=tokens["refresh_token"], transport="token")
    shown = await me(quiet, again.json()["access_token"])
    assert shown["viewer"] == {"kind": "CUSTOMER", "customer": {"name": "Kim", "email": None}}
    assert [one["id"] for one in shown["conversations"]["nodes"]] == [conversation]
    other = await me(quiet, await visitor(quiet, company))
    assert other["conversations"]["nodes"] == []
    assert other["viewer"]["customer"]["name"] == "Visitor"


@pytest.mark.parametrize(
    ("change", "status"), [({"settings": {"visitors": False}}, 403), ({"suspended_at": now()}, 403), ({}, 200)]
)
async def test_visitors_only_where_they_are_taken(
    quiet: Stack, company: Company, fresh_database_url: str, change: dict[str, Any], status: int
) -> None:
    if change:
        await execute(fresh_database_url, company, update(organizations).values(change))
    answer = await post(quiet, "/auth/visitor", organization=str(company.id))
    assert answer.status_code == status
    assert (await post(quiet, "/auth/visitor", organization="nowhere")).status_code == 404
    assert (await post(quiet, "/auth/visitor", organization="x\x00")).status_code in (400, 404)
    assert (await post(quiet, "/auth/visitor", organization=str(company.id), name="x" * 101)).status_code in (400, 403)
    assert (await post(quiet, "/auth/visitor")).status_code == 400


async def test_one_address_brings_few_visitors(quiet: Stack, company: Company) -> None:
    answers = [await post(quiet, "/auth/visitor", organization=str(company.id)) for _ in range(32)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert len(refused) >= 1
    assert [answer.status_code for answer in answers[:30]] == [200] * 30
    assert int(refused[0].headers["retry-after"]) > 0


async def test_a_visitor_becomes_the_known_customer_with_all_they_said(
    quiet: Stack, company: Company, fresh_database_url: str
) -> None:
    shop = await backend(quiet, company)
    visiting = await visitor(quiet, company)
    conversation = await asked(quiet, visiting, "Where is my parcel?")
    before = await row_of(fresh_database_url, company, conversation)
    known = await identified(quiet, shop.token(name="Ann", email="ann@shop.example"), visiting)
    shown = await me(quiet, known)
    assert shown["viewer"]["customer"] == {"name": "Ann", "email": "ann@shop.example"}
    [moved] = shown["conversations"]["nodes"]
    assert moved["id"] == conversation
    said = [(one["text"], one["author"]) for one in moved["messages"]["nodes"]]
    assert said == [("Where is my parcel?", {"__typename": "Customer", "name": "Ann"})]
    sent = await by(quiet, known).ask(SEND, id=conversation, text="And another thing.")
    assert sent["sendMessage"]["__typename"] == "SendMessageSuccess"
    after = await row_of(fresh_database_url, company, conversation)
    assert after.customer_id != before.customer_id
    seen = await quiet.client(company.agent).ask("{ conversations { nodes { customer { name } } } }")
    assert seen["conversations"]["nodes"] == [{"customer": {"name": "Ann"}}]


async def test_the_aggregate_rebuilt_from_its_events_agrees_with_its_rows(
    quiet: Stack, company: Company, fresh_database_url: str
) -> None:
    shop, visiting = await backend(quiet, company), await visitor(quiet, company)
    conversation = await asked(quiet, visiting, "Where is my parcel?")
    before = await row_of(fresh_database_url, company, conversation)
    await identified(quiet, shop.token(), visiting)
    row = await row_of(fresh_database_url, company, conversation)
    assert (row.last_activity_at, row.version) == (before.last_activity_at, before.version + 1)
    database = Database(fresh_database_url, pool_size=1)
    journal = SqlJournal(database, Sender(None))  # type: ignore[arg-type]
    events = await journal.of_stream(company.id, f"conversation:{row.id}", 0)
    rebuilt = Conversation(row.id, company.id)
    rebuilt.replay([each.event for each in events])
    async with database.tenant(company.id) as connection:
        authors = set((await connection.scalars(select(messages.c.author_id))).all())
    await database.close()
    expected = _row(rebuilt, [], [], now())
    assert {name: getattr(row, name) for name in ("customer_id", "state", "version", "message_count")} == {
        name: expected[name] for name in ("customer_id", "state", "version", "message_count")
    }
    assert authors == {rebuilt.customer_id} == {message.author_id for message in rebuilt.messages}


async def test_the_visitors_session_ends_and_its_socket_closes(quiet: Stack, company: Company) -> None:
    shop, visiting = await backend(quiet, company), await visitor(quiet, company)
    async with connected(quiet, visiting) as socket:
        await identified(quiet, shop.token(), visiting)
        code, seconds = await closed(socket)
    assert code in (4401, 4403)
    assert seconds < 1
    refused = await quiet.http.post("/graphql", json={"query": ME}, headers={"authorization": f"Bearer {visiting}"})
    assert refused.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_said_again_or_at_once_nothing_more_changes(
    quiet: Stack, company: Company, fresh_database_url: str
) -> None:
    shop, visiting = await backend(quiet, company), await visitor(quiet, company)
    for words in ("one", "two", "three"):
        await asked(quiet, visiting, words)
    token = shop.token(name="Ann")
    at_once = await asyncio.gather(*(identified(quiet, token, visiting) for _ in range(6)))
    told = await journal_of(fresh_database_url, company)
    again = await identified(quiet, token, visiting)
    assert await journal_of(fresh_database_url, company) == told
    kinds = [kind for _, kind in told]
    assert kinds.count("CustomerMerged") == 1
    assert kinds.count("CustomerVerified") == 1
    assert kinds.count("CustomerIdentified") == 3
    for one in (*at_once, again):
        assert len((await me(quiet, one))["conversations"]["nodes"]) == 3
    assert await count(fresh_database_url, company, customers, customers.c.external_id == "c-1") == 1


async def test_a_visitor_becomes_one_customer_only(quiet: Stack, company: Company, fresh_database_url: str) -> None:
    shop, visiting = await backend(quiet, company), await visitor(quiet, company)
    await asked(quiet, visiting, "Mine?")
    answers = await asyncio.gather(*(identified(quiet, shop.token(f"c-{each}"), visiting) for each in range(4)))
    held = [len((await me(quiet, one))["conversations"]["nodes"]) for one in answers]
    assert sorted(held) == [0, 0, 0, 1]
    third = await identified(quiet, shop.token("c-9"), visiting)
    assert (await me(quiet, third))["conversations"]["nodes"] == []
    assert await count(fresh_database_url, company, customers, customers.c.merged_into.is_not(None)) == 1
    assert [kind for _, kind in await journal_of(fresh_database_url, company)].count("CustomerMerged") == 1


async def test_a_known_customer_is_not_merged_into_another(quiet: Stack, company: Company) -> None:
    shop = await backend(quiet, company)
    first = await identified(quiet, shop.token("c-1"))
    await asked(quiet, first, "I am the first.")
    second = await identified(quiet, shop.token("c-2"), first)
    assert (await me(quiet, second))["conversations"]["nodes"] == []
    assert len((await me(quiet, first))["conversations"]["nodes"]) == 1


async def test_nothing_is_merged_across_organizations(quiet: Stack, company: Company, fresh_database_url: str) -> None:
    stranger = await found_company(fresh_database_url)
    shop, foreign = await backend(quiet, company), await visitor(quiet, stranger)
    conversation = await asked(quiet, foreign, "Elsewhere.")
    answer = await post(quiet, "/auth/identify", token=shop.token(), visitor_token=foreign)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "INVALID_INPUT")
    assert [one["id"] for one in (await me(quiet, foreign))["conversations"]["nodes"]] == [conversation]
    told = [kind for _, kind in await journal_of(fresh_database_url, company)]
    assert "CustomerVerified" not in told
    staff = quiet.client(company.agent).token
    refused = await post(quiet, "/auth/identify", token=shop.token(), visitor_token=staff)
    assert refused.status_code == 401


async def test_a_visitors_token_that_is_over_is_refused_rather_than_forgotten(
    quiet: Stack, company: Company, fresh_database_url: str
) -> None:
    shop, visiting = await backend(quiet, company), await visitor(quiet, company)
    await asked(quiet, visiting, "Do not lose me.")
    over = update(sessions).where(sessions.c.strategy == "visitor").values(expires_at=now() - timedelta(seconds=1))
    await execute(fresh_database_url, company, over)
    answer = await post(quiet, "/auth/identify", token=shop.token(), visitor_token=visiting)
    assert answer.status_code == 401
    assert await count(fresh_database_url, company, customers, customers.c.external_id == "c-1") == 0


async def test_a_suspended_organization_lets_no_customer_in(
    quiet: Stack, company: Company, fresh_database_url: str
) -> None:
    shop = await backend(quiet, company)
    await execute(fresh_database_url, company, update(organizations).values(suspended_at=now()))
    assert (await post(quiet, "/auth/identify", token=shop.token())).status_code == 403


async def test_who_watches_a_conversation_is_told_whose_it_is_now(quiet: Stack, company: Company) -> None:
    shop, visiting = await backend(quiet, company), await visitor(quiet, company)
    conversation = await asked(quiet, visiting, "Where is my parcel?")
    async with aclosing(quiet.client(company.agent).watch(WATCHED, id=conversation, after=BEGINNING)) as told:
        first = [(await anext(told))["conversationChanged"]["__typename"] for _ in range(2)]
        await identified(quiet, shop.token(name="Ann"), visiting)
        change = (await anext(told))["conversationChanged"]
    assert first == ["ConversationStarted", "MessageSent"]
    assert (change["__typename"], change["conversation"]["customer"]) == ("CustomerIdentified", {"name": "Ann"})


async def test_what_a_visitor_began_at_that_very_moment_follows(
    quiet: Stack, company: Company, fresh_database_url: str
) -> None:
    shop, visiting = await backend(quiet, company), await visitor(quiet, company)
    [visitor_id] = await execute(
        fresh_database_url, company, select(customers.c.id).where(customers.c.name == "Visitor")
    )
    known = await identified(quiet, shop.token(), visiting)
    late = actor(ActorKind.CUSTOMER, company.id, visitor_id[0])
    async with bootstrap.parts(quiet.settings) as made:
        receipt = await made.conversations.start(late, "Was I heard?")
    assert (await me(quiet, known))["conversations"]["nodes"] == []
    async with quiet.worker(), asyncio.timeout(10):
        while not (found := (await me(quiet, known))["conversations"]["nodes"]):
            await asyncio.sleep(0.05)
    assert [one["id"] for one in found] == [global_id("Conversation", receipt.id)]


async def row_of(database_url: str, company: Company, conversation: str) -> Any:
    key = parse_id(conversation, "id")[1]
    database = Database(database_url, pool_size=1)
    async with database.tenant(company.id) as connection:
        row = (await connection.execute(select(conversations).where(conversations.c.id == key))).one()
    await database.close()
    return row


async def journal_of(database_url: str, company: Company) -> list[tuple[str, str]]:
    """Streams and kinds of all events but of those that begin sessions."""
    database = Database(database_url, pool_size=1)
    async with database.tenant(company.id) as connection:
        rows = (await connection.execute(text("SELECT stream, kind FROM event ORDER BY id"))).all()
    await database.close()
    return [(row.stream, row.kind) for row in rows if row.kind != "SessionStarted"]


async def count(database_url: str, company: Company, table: Any, condition: Any) -> int:
    database = Database(database_url, pool_size=1)
    async with database.tenant(company.id) as connection:
        found = await connection.scalar(select(func.count()).select_from(table).where(condition))
    await database.close()
    return int(found or 0)


async def execute(database_url: str, company: Company, statement: Any) -> Any:
    database = Database(database_url, pool_size=1)
    async with database.tenant(company.id) as connection:
        result = await connection.execute(statement)
        rows = result.all() if result.returns_rows else []
        await connection.commit()
    await database.close()
    return rows
