"""What strangers to the API may send it: ids and cursors that it never gave out are mistakes of theirs, not of ours."""

from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID

import pytest
import websockets
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from infra.database import Database
from schema.base import encode_cursor, global_id
from tests.documents import CONVERSATION, START
from tests.stack import Client, Company, GraphQLFailedError, Stack, found_company, running, scripted

REPLAY = """
mutation Replay($id: ID!, $key: String) {
  replayDeadLetter(input: {id: $id, idempotencyKey: $key}) {
    __typename ... on InvalidInputError { fields { path } }
  }
}"""
NOBODY = str(UUID(int=0))
REFUSED = ["input.id"]


@pytest.fixture(scope="module")
async def company(database_url: str) -> Company:
    return await found_company(database_url)


@pytest.fixture(scope="module")
async def quiet(database_url: str, valkey_url: str) -> AsyncIterator[Stack]:
    """A server alone: nothing here needs an answer."""
    async with running(database_url, valkey_url, scripted("x"), with_worker=False) as started:
        yield started


@pytest.fixture(scope="module")
async def conversation(quiet: Stack, company: Company) -> str:
    started = await quiet.client(company.customer).ask(START, text="How?")
    return str(started["startConversation"]["conversation"]["id"])


async def code_of(client: Client, document: str, **variables: Any) -> str | None:
    """The code of the answer's first error, if there is one."""
    try:
        await client.ask(document, **variables)
    except GraphQLFailedError as failed:
        return failed.code
    return None


def listing(name: str) -> str:
    return f"query($after: String) {{ {name}(after: $after) {{ nodes {{ __typename }} }} }}"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("conversations", ["0001-01-01T00:00:00+14:00", NOBODY]),
        ("conversations", ["9999-12-31T23:59:59-14:00", NOBODY]),
        ("conversations", ["0001-01-01", NOBODY, NOBODY]),
        ("articles", ["\0", NOBODY]),
        ("deadLetters", ["9" * 30]),
        ("deadLetters", ["9" * 5_000]),
    ],
)
async def test_a_cursor_of_nothing_that_can_be(quiet: Stack, company: Company, name: str, key: list[str]) -> None:
    assert await code_of(quiet.client(company.admin), listing(name), after=encode_cursor(key)) == "INVALID_INPUT"


@pytest.mark.parametrize("identity", ["²", "9" * 30, "", "-1", "1\0"])
async def test_an_id_of_no_dead_letter(quiet: Stack, company: Company, identity: str) -> None:
    answer = await quiet.client(company.admin).ask(REPLAY, id=global_id("DeadLetter", identity))
    assert [field["path"] for field in answer["replayDeadLetter"]["fields"]] == REFUSED


ODD = st.sampled_from(["", "\0", "²", "9" * 30, "-1", "é", NOBODY, "0001-01-01T00:00:00+14:00", "9999-12-31T23:59-01"])
WORDS = ODD | st.text(st.characters(codec="utf-8"), max_size=40) | st.datetimes().map(str)
PLACES = ODD | WORDS | st.integers().map(str) | st.integers(2**63 - 2).map(str)
KEYS = st.tuples(PLACES) | st.tuples(PLACES, st.uuids().map(str)) | st.lists(PLACES, max_size=3)
CONCEPTS = st.sampled_from(["Conversation", "Message", "Article", "ArticleVersion", "Passage", "DeadLetter", "Agent"])
PARTS = st.tuples(st.uuids().map(str) | WORDS, st.integers().map(str) | WORDS).map(":".join)
LETTERS = st.builds(global_id, st.just("DeadLetter"), ODD)
IDS = LETTERS | st.builds(global_id, CONCEPTS, PARTS | WORDS) | st.text(st.characters(codec="utf-8"), max_size=20)
BY_PLACE = [
    *map(listing, ["conversations", "articles", "deadLetters"]),
    "query($id: ID!, $after: String) { conversation(id: $id) { messages(after: $after) { nodes { id } } } }",
    "query($id: ID!, $after: String) { conversation(id: $id) { messages(last: 1, before: $after) { nodes { id } } } }",
]
BY_ID = [
    "query($id: ID!) { node(id: $id) { id } }",
    "query($id: ID!) { nodes(ids: [$id]) { id } }",
    CONVERSATION,
    REPLAY,
]
EXPECTED = {None, "INVALID_INPUT"}
few = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@few
@given(key=KEYS)
async def test_no_cursor_breaks_a_list(quiet: Stack, company: Company, conversation: str, key: Sequence[str]) -> None:
    admin = quiet.client(company.admin)
    for document in BY_PLACE:
        assert await code_of(admin, document, id=conversation, after=encode_cursor(key)) in EXPECTED


@few
@given(identity=IDS)
async def test_no_id_breaks_a_field(quiet: Stack, company: Company, identity: str) -> None:
    admin = quiet.client(company.admin)
    for document in BY_ID:
        assert await code_of(admin, document, id=identity) in EXPECTED


async def test_strangers_leave_places_to_customers(database_url: str, valkey_url: str, company: Company) -> None:
    protocols = [websockets.Subprotocol("graphql-transport-ws")]
    async with (
        running(database_url, valkey_url, scripted("x"), with_worker=False, max_sockets=2) as small,
        websockets.connect(small.socket_url, subprotocols=protocols) as stranger,
    ):
        await stranger.send('{"type": "connection_init"}')
        assert await stranger.recv() == '{"type":"connection_ack"}'
        async with websockets.connect(small.socket_url, subprotocols=protocols) as another:
            await another.send('{"type": "connection_init"}')
            await another.wait_closed()
            assert another.close_code == 1013
        customer = small.client(company.customer)
        assert len([data async for data in customer.watch("{ conversations { nodes { id } } }")]) == 1


async def test_a_replay_may_be_repeated(quiet: Stack, company: Company, conversation: str, database_url: str) -> None:
    """A client that did not hear the first answer asks again."""
    database = Database(database_url, pool_size=1)
    async with database.relay() as connection:
        add = """INSERT INTO job (organization_id, event_id, name, key, state, attempts, run_at, error, created_at)
                 SELECT organization_id, id, 'answer_question', stream, 'dead', 6, now(), 'no luck', now() FROM event
                 WHERE organization_id = :organization LIMIT 1 RETURNING id"""
        number = await connection.scalar(text(add), {"organization": company.id})
        await connection.commit()
    await database.close()
    admin, letter = quiet.client(company.admin), global_id("DeadLetter", number)
    for key in ("once", "once", "another", None):
        answer = (await admin.ask(REPLAY, id=letter, key=key))["replayDeadLetter"]
        assert answer["__typename"] == "ReplayDeadLetterSuccess"
    refused = (await admin.ask(REPLAY, id=letter, key=""))["replayDeadLetter"]
    assert refused["fields"] == [{"path": "input.idempotencyKey"}]
    unknown = (await admin.ask(REPLAY, id=global_id("DeadLetter", number + 1)))["replayDeadLetter"]
    assert unknown["__typename"] == "NotFoundError"
