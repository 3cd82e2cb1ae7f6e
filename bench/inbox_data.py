"""Fills a database with a desk's work of two years: real sentences in conversations that people took and settled."""

from __future__ import annotations

import argparse
import asyncio
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID, uuid4, uuid5

import asyncpg
import orjson
from sqlalchemy import insert

from bench.corpora import FOLDER
from domain.account.organization import default_inbox_of, role_of
from domain.account.permission import CUSTOMER, BuiltinRole, everything
from domain.base import Actor, ActorKind, Event
from domain.conversation.aggregate import Conversation
from domain.conversation.triage import Priority, PriorityChanged
from infra.accounts.founding import found
from infra.accounts.rows import inboxes
from infra.database import Database
from infra.repositories import _message_row, _row, said
from infra.rows import agents as agent_rows
from infra.settings import Settings
from infra.storage.codec import dump

SPAN = timedelta(days=730)
PAUSE = timedelta(seconds=90)
BATCH = 500
INBOXES = 8
WAITING, OPEN = 0.02, 0.04
"""Shares of the conversations that nobody has taken yet, and that somebody has; the others are settled."""
COMPOSED = 100_000
COPIED = ("customer", "conversation", "message", "event")
IDS = {
    "customer": ("id",),
    "conversation": ("id", "customer_id", "last_message_id"),
    "message": ("id", "conversation_id"),
}
COPIES = {"customer": "asking", "conversation": "old", "message": "said"}
TIMES = ("started_at", "last_activity_at", "created_at")
ENTRIES = """
SELECT count(search_put({id}, organization_id, kind, {one}, at - interval '61 seconds' * {n}, words)) FROM found
"""
GIN = "search_entry_words"
NAMES = "Ada Ben Chloé Dmitri Elif Farid Greta Hiro Inês Jonas Käthe Liam Maria Noor Olga Pablo Søren Uma"
SENTENCE = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True)
class Ids:
    """What was made, the newest conversations first; of customers and conversations at most a thousand."""

    organization_id: UUID
    inbox_ids: Sequence[UUID]
    agent_ids: Sequence[UUID]
    customer_ids: Sequence[UUID]
    conversation_ids: Sequence[UUID]


async def fill(
    database_url: str, *, messages: int, conversations: int, agents: int, seed: int = 1, waiting: float = WAITING
) -> Ids:
    """Give a migrated database one more organization with so much in it, all of it findable.

    `database_url` is that of the login which owns the tables; `waiting` is the share of the conversations that nobody
    has taken yet. What is settled of the first `COMPOSED` messages is copied, under other ids, at other times and for
    other customers, until there are enough: the archive grows, what people have in hand does not. The copies have no
    journal. Searching is built up at the end, in one go.
    """
    composed = min(messages, COMPOSED)
    conversations = round(conversations * composed / messages)
    chance = random.Random(seed)
    organization_id = uuid4()
    inbox_ids, agent_ids = await _people(database_url, organization_id, agents)
    customer_ids = [UUID(int=chance.getrandbits(128), version=4) for _ in range(max(conversations // 3, 1))]
    work = Work(organization_id, inbox_ids, agent_ids, customer_ids, texts(), chance, waiting)
    newest: list[UUID] = []
    connection = await asyncpg.connect(Settings(database_url=database_url).asyncpg_url)
    try:
        await connection.set_type_codec(
            "jsonb", schema="pg_catalog", encoder=_jsonb, decoder=orjson.loads, format="binary"
        )
        async with _copying(connection, organization_id, messages):
            await _copy(connection, "customer", [work.customer(one) for one in customer_ids])
            length = composed / conversations
            made = (work.conversation(n / conversations, length) for n in range(conversations))
            position = await connection.fetchval("SELECT coalesce(max(delivered_position), 0) FROM event")
            while batch := list(islice(made, BATCH)):
                position = await _store(connection, batch, position)
                newest = [*reversed([one.row["id"] for one in batch]), *newest][:1000]
    finally:
        await connection.close()
    return Ids(organization_id, inbox_ids, agent_ids, customer_ids[:1000], newest)


def texts() -> Sequence[str]:
    """What people really write to help desks, and what they are answered, as sentences or short texts."""
    said: dict[str, None] = {}
    for path in sorted(FOLDER.glob("*/*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            record = orjson.loads(line)
            said |= dict.fromkeys(str(record[name]) for name in ("query", "title") if record.get(name))
            said |= dict.fromkeys(SENTENCE.split(str(record.get("text") or "")))
    return [text[:1000] for text in said if len(text) > 8]


@dataclass(frozen=True)
class Made:
    """The rows of one conversation."""

    row: Mapping[str, Any]
    messages: Sequence[Mapping[str, Any]]
    events: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Work:
    """An organization's people, and what they may say."""

    organization_id: UUID
    inbox_ids: Sequence[UUID]
    agent_ids: Sequence[UUID]
    customer_ids: Sequence[UUID]
    texts: Sequence[str]
    chance: random.Random
    waiting: float = WAITING

    def customer(self, identity: UUID) -> Mapping[str, Any]:
        """A customer's row, with a name and an address that others do not have."""
        name = " ".join(self.chance.sample(NAMES.split(), 2))
        email = f"{name.replace(' ', '.').lower()}.{identity.hex[:6]}@customers.example"
        shared = {"organization_id": self.organization_id, "created_at": datetime.now(UTC) - SPAN}
        return {"id": identity, "name": name, "email": email, "attributes": {}, **shared}

    def conversation(self, place: float, length: float) -> Made:
        """A conversation of about so many messages, begun at a place (0 to 1) in the span of time."""
        chance, started = self.chance, datetime.now(UTC) - SPAN * (1 - place)
        count = max(2, round(chance.uniform(0.4, 1.6) * length))
        customer = Actor(ActorKind.CUSTOMER, chance.choice(self.customer_ids), self.organization_id, CUSTOMER)
        agent = Actor(ActorKind.AGENT, chance.choice(self.agent_ids), self.organization_id, everything())
        one = Conversation(self._id(), self.organization_id)
        one.start(customer, self._said(), self._id(), chance.choice(self.inbox_ids))
        one.request_handoff(customer, self._id(), "")
        one.sort(PriorityChanged(chance.choice(list(Priority))))
        fate = chance.random()
        if fate > self.waiting:
            one.take_over(agent, "")
        for number in range(count - 2):
            one.send(agent if fate > self.waiting and number % 2 == 0 else customer, self._said(), self._id())
        if fate > self.waiting + OPEN:
            one.resolve(customer, "")
        return self._made(one, started)

    def _made(self, one: Conversation, started: datetime) -> Made:
        changes: Sequence[Event] = list(one.pending)
        added = [message for event in changes if (message := said(event))]
        ended = started + PAUSE * len(added)
        row = _row(one, changes, added, ended) | {"started_at": started}
        messages = [_message_row(one, each, started + PAUSE * each.number) for each in added]
        events = [
            {
                "organization_id": self.organization_id,
                "stream": one.stream,
                "version": version,
                "kind": event.kind,
                "payload": dump(event),
                "actor": f"system:{self.organization_id}",
                "at": started + PAUSE * version,
                "correlation_id": "",
            }
            for version, event in enumerate(changes, 1)
        ]
        return Made(row, messages, events)

    def _said(self) -> str:
        text = " ".join(self.chance.choices(self.texts, k=self.chance.choice((1, 1, 2, 3))))
        reference = f" My order is {self.chance.randrange(10**8):08d}." if self.chance.random() < 0.1 else ""
        return text + reference

    def _id(self) -> UUID:
        return UUID(int=self.chance.getrandbits(128), version=4)


async def _people(database_url: str, organization_id: UUID, agents: int) -> tuple[list[UUID], list[UUID]]:
    at = datetime.now(UTC) - SPAN
    mine = {"organization_id": organization_id, "created_at": at}
    places = [
        {"id": uuid5(organization_id, f"inbox {n}"), "name": f"Inbox {n}", "channel": "chat", "settings": {}, **mine}
        for n in range(1, INBOXES)
    ]
    role = role_of(organization_id, BuiltinRole.AGENT)
    people = [{"id": uuid4(), "role_id": role, "name": f"Agent {n}", **mine} for n in range(agents)]
    database = Database(Settings(database_url=database_url).sqlalchemy_url, pool_size=1)
    async with database.tenant(organization_id) as connection:
        await found(connection, organization_id, "Bench", f"bench-{organization_id}", settings={}, at=at)
        await connection.execute(insert(inboxes), places)
        await connection.execute(insert(agent_rows), people)
        await connection.commit()
    await database.close()
    ids = [[UUID(str(each["id"])) for each in rows] for rows in (places, people)]
    return [default_inbox_of(organization_id), *ids[0]], ids[1]


@asynccontextmanager
async def _copying(connection: Any, organization_id: UUID, messages: int) -> Any:
    """Rows are copied without row security, which COPY does not take, and put into the search together at the end."""
    for table in (*COPIED, "search_entry"):
        await connection.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    for table in ("customer", "message"):
        await connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER search")
    definition = await connection.fetchval("SELECT pg_get_indexdef($1::regclass)", GIN)
    await connection.execute(f"DROP INDEX {GIN}")
    yield
    for table in ("customer", "message"):
        await connection.execute(f"SELECT count(search_put_{table}(one)) FROM {table} AS one")
    await _multiply(connection, organization_id, messages)
    for table in ("customer", "message"):
        await connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER search")
    await connection.execute("SET maintenance_work_mem = '1GB'")
    await connection.execute(definition)
    for table in (*COPIED, "search_entry"):
        await connection.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        await connection.execute(f"VACUUM ANALYZE {table}")


async def _multiply(connection: Any, organization_id: UUID, messages: int) -> None:
    """Copy what is settled until there are so many messages."""
    settled = "organization_id = $1 AND state = 'resolved'"
    await connection.execute(f"CREATE TEMP TABLE old AS SELECT * FROM conversation WHERE {settled}", organization_id)
    await connection.execute(
        "CREATE TEMP TABLE said AS SELECT m.* FROM message m JOIN old ON old.id = m.conversation_id"
    )
    await connection.execute(
        "CREATE TEMP TABLE asking AS SELECT * FROM customer WHERE id IN (SELECT customer_id FROM old)"
    )
    await connection.execute("CREATE TEMP TABLE found AS SELECT e.* FROM search_entry e JOIN said ON said.id = e.id")
    each = await connection.fetchval("SELECT count(*) FROM said")
    there = await connection.fetchval("SELECT count(*) FROM message WHERE organization_id = $1", organization_id)
    for number in range(1, 1 + round((messages - there) / max(each, 1))):
        for table, source in COPIES.items():
            await connection.execute(await _copy_of(connection, table, source, number))
        await connection.execute(
            ENTRIES.format(id=_other("id", number), one=_other("conversation_id", number), n=number)
        )


async def _copy_of(connection: Any, table: str, source: str, number: int) -> str:
    wanted = "SELECT column_name FROM information_schema.columns WHERE table_name = $1 AND is_generated = 'NEVER'"
    columns = [f'"{row[0]}"' for row in await connection.fetch(f"{wanted} AND table_schema = 'public'", table)]
    others = {f'"{name}"': _other(name, number) for name in IDS[table]}
    later = {f'"{name}"': f"\"{name}\" - interval '61 seconds' * {number}" for name in TIMES if f'"{name}"' in columns}
    made = {name: name for name in columns} | others | later
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(made[name] for name in columns)} FROM {source}"
    )


def _other(column: str, number: int) -> str:
    return f"md5({column}::text || ' {number}')::uuid"


async def _store(connection: Any, batch: Sequence[Made], position: int) -> int:
    await _copy(connection, "conversation", [one.row for one in batch])
    await _copy(connection, "message", [row for one in batch for row in one.messages])
    events = [row for one in batch for row in one.events]
    numbered = [{**row, "delivered_position": place} for place, row in enumerate(events, position + 1)]
    await _copy(connection, "event", numbered)
    return position + len(numbered)


async def _copy(connection: Any, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    columns = sorted({name for row in rows for name in row})
    records = [tuple(row.get(name) for name in columns) for row in rows]
    await connection.copy_records_to_table(table, records=records, columns=columns)


def _jsonb(value: Any) -> bytes:
    return b"\x01" + orjson.dumps(value)


def main() -> Iterator[str]:
    """Run by hand: `python -m bench.inbox_data DATABASE_URL --messages 1000000`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database_url")
    for name, value in (("messages", 100_000), ("conversations", 5_000), ("agents", 500)):
        parser.add_argument(f"--{name}", type=int, default=value)
    given = parser.parse_args()
    made = fill(given.database_url, messages=given.messages, conversations=given.conversations, agents=given.agents)
    yield str(asyncio.run(made).organization_id)


if __name__ == "__main__":
    print(*main())
