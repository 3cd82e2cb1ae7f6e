"""SQL statements per operation: exact numbers, whatever the size of the page.

Every statement counts, the one that binds the transaction to its tenant included; BEGIN and COMMIT do not.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection, Engine, event, insert

from domain.account.organization import default_inbox_of
from infra.bootstrap import now
from infra.database import Database
from infra.rows import conversations, messages
from tests.documents import SEND, START, command
from tests.resolvers.test_conversation import begun
from tests.stack import Company, Stack, running, scripted

INBOX_PAGE = """
query Inbox($first: Int) {
  conversations(first: $first) {
    nodes {
      id state subject unreadCount customer { name } assignee { name } lastMessage { text author { __typename } }
    }
    pageInfo { hasNextPage endCursor }
  }
}"""
WITHOUT_AUTHORS = INBOX_PAGE.replace(" author { __typename }", "")
THREADS = """
query {
  conversations(first: 10) {
    nodes { id messages(last: 50) { nodes { text author { __typename ... on Agent { name } } } } }
  }
}
"""


@pytest.fixture
async def quiet(fresh_database_url: str, redis_url: str) -> AsyncIterator[Stack]:
    """A server without a worker, so that only requests make statements; its hub looks at the journal now and then."""
    async with running(fresh_database_url, redis_url, scripted("x"), with_worker=False) as started:
        await started.http.get("/readyz")  # a first connection asks for the server's version
        yield started


def _is_lookup(statement: str) -> bool:
    """What a credential is worth is asked once and remembered: see tests/infra/accounts/test_standing.py."""
    return "parley_accounts" in statement or "signing_key" in statement or "session.ended_at" in statement


@event.listens_for(Engine, "before_cursor_execute")
def _keep_role(connection: Connection, _: Any, statement: str, *__: Any) -> None:
    """A transaction takes its role first, which may be before anybody counts."""
    if "set_config('role'" in statement:
        connection.info["role"] = statement


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that run inside the block for tenants, but for what the hub does on its own as the relay."""
    seen: list[str] = []

    def note(connection: Connection, _: Any, statement: str, *__: Any) -> None:
        if "parley_relay" not in connection.info.get("role", "") and not _is_lookup(statement):
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def many_conversations(fresh_database_url: str, company: Company, count: int) -> None:
    """Rows as projections leave them, half of them with an agent."""
    at = now()
    rows: list[dict[str, Any]] = []
    said: list[dict[str, Any]] = []
    for number in range(count):
        conversation_id, message_id, moment = uuid4(), uuid4(), at - timedelta(minutes=number)
        owned: dict[str, Any] = {"organization_id": company.id}
        rows.append(
            owned
            | {
                "id": conversation_id,
                "customer_id": company.customer.id,
                "inbox_id": default_inbox_of(company.id),
                "assignee_id": company.agent.id if number % 2 else None,
                "state": "with_person" if number % 2 else "waiting",
                "subject": f"Number {number}",
                "episode": 1,
                "last_message_id": message_id,
                "message_count": 1,
                "customer_message_count": 1,
                "version": 2,
                "started_at": moment,
                "last_activity_at": moment,
            }
        )
        said.append(
            owned
            | {
                "id": message_id,
                "conversation_id": conversation_id,
                "number": 1,
                "episode": 1,
                "author_kind": "customer",
                "author_id": company.customer.id,
                "kind": "text",
                "text": "Hello",
                "created_at": moment,
            }
        )
    database = Database(fresh_database_url, pool_size=1)
    async with database.tenant(company.id) as connection:
        await connection.execute(insert(conversations), rows)
        await connection.execute(insert(messages), said)
        await connection.commit()
    await database.close()


@pytest.mark.parametrize("size", [1, 25, 100])
async def test_inbox_page_takes_five_statements(
    quiet: Stack, company: Company, fresh_database_url: str, size: int
) -> None:
    await many_conversations(fresh_database_url, company, 100)
    agent = quiet.client(company.agent)
    with counted() as seen:
        page = await agent.ask(WITHOUT_AUTHORS, first=size)
    assert len(page["conversations"]["nodes"]) == size
    # tenant, page with unread counts, customers, last messages; agents only where somebody is assigned
    assert len(seen) == (5 if size > 1 else 4)


async def test_authors_who_are_known_already_add_nothing(
    quiet: Stack, company: Company, fresh_database_url: str
) -> None:
    await many_conversations(fresh_database_url, company, 30)
    with counted() as seen:
        await quiet.client(company.agent).ask(INBOX_PAGE, first=25)
    assert len(seen) == 5


async def test_messages_of_many_conversations_are_one_statement(
    quiet: Stack, company: Company, fresh_database_url: str
) -> None:
    await many_conversations(fresh_database_url, company, 10)
    with counted() as seen:
        await quiet.client(company.agent).ask(THREADS)
    assert len(seen) == 4  # tenant, page, messages of all ten, their customers


async def test_commands_take_a_fixed_number(quiet: Stack, company: Company) -> None:
    customer, agent = quiet.client(company.customer), quiet.client(company.agent)
    with counted() as seen:
        conversation = await begun(customer)
    # tenant, whether they are blocked, conversation, message, events; then to show it: tenant, conversation, message
    assert len(seen) == 8
    with counted() as seen:
        await customer.ask(SEND, id=conversation, text="More", key="k")
    # tenant, turn, key, lock, history, draft, conversation, message, events, key;
    # then tenant, conversation, message, author
    assert len(seen) == 14
    with counted() as seen:
        await customer.ask(SEND, id=conversation, text="More", key="k")
    assert len(seen) == 7  # tenant, turn, key; then tenant, conversation, message, author
    with counted() as seen:
        await agent.ask(command("takeOverConversation"), id=conversation)
    # tenant, lock, history, conversation, events; then tenant, conversation, assignee
    assert len(seen) == 8


async def test_a_refused_command_changes_nothing(quiet: Stack, company: Company) -> None:
    with counted() as seen:
        await quiet.client(company.customer).ask(START, text="")
    assert [statement for statement in seen if statement.startswith(("INSERT", "UPDATE"))] == []
