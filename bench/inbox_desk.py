"""What the inbox benchmark adds to a filled database: tags, words to look for, places far down, and people at work."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, insert, select, text, update

from bench.inbox_data import Ids
from domain.account.permission import everything
from domain.base import Actor, ActorKind
from domain.triage.label import TagColor
from infra import bootstrap
from infra.database import Database
from infra.identity.shell import open_session
from infra.routing.rows import availabilities, routing_policies
from infra.rows import conversations, messages
from infra.triage.rows import tags
from schema.base import encode_cursor, global_id

TAGS = 50
PARTS = 16
"""In how many steps conversations are tagged: the product's connections wait half a minute for a statement."""
SAMPLE = 4_000
COMMON = 20
WORD = re.compile(r"[a-z]{4,}")
LABEL = text(
    """
    WITH tagged AS (
      UPDATE conversation SET tag_ids = ARRAY[(CAST(:tags AS uuid[]))[1 + abs(hashtext(id::text)) % :count]]
      WHERE organization_id = :organization AND get_byte(uuid_send(id), 0) % :parts = :part
      RETURNING id, organization_id, tag_ids[1] AS label, last_activity_at
    )
    INSERT INTO conversation_label (conversation_id, organization_id, label, last_activity_at)
    SELECT id, organization_id, label, last_activity_at FROM tagged
    """
)
FULL = text(
    """
    INSERT INTO availability (id, organization_id, status, capacity, languages, topics, seen_at, created_at)
    SELECT agent.id, agent.organization_id, 'online', greatest(1, count(conversation.id)), '{}', '{}', :seen, now()
    FROM agent LEFT JOIN conversation ON conversation.assignee_id = agent.id
      AND conversation.organization_id = agent.organization_id AND conversation.state = 'with_person'
    WHERE agent.organization_id = :organization GROUP BY agent.id, agent.organization_id
    """
)
"""Everybody is there and has as much as they take, or could take one if they have nothing."""


@dataclass(frozen=True)
class Furnished:
    """What requests are made with: ids and cursors as clients have them."""

    agent: Actor
    tag_ids: Sequence[str]
    agent_ids: Sequence[str]
    conversation_ids: Sequence[str]
    deep_cursors: Sequence[str]
    common: Sequence[str]
    rare: Sequence[str]
    pairs: Sequence[str]


async def furnish(url: str, ids: Ids) -> Furnished:
    """Tag every conversation, and find words of all kinds."""
    database = Database(url, pool_size=1)
    agent = Actor(ActorKind.AGENT, ids.agent_ids[0], ids.organization_id, everything())
    tag_ids = await _tag(database, ids)
    counts, pairs = await _words(database, ids)
    found = Furnished(
        agent=agent,
        tag_ids=[global_id("Tag", each) for each in tag_ids],
        agent_ids=[global_id("Agent", each) for each in ids.agent_ids],
        conversation_ids=[global_id("Conversation", each) for each in ids.conversation_ids],
        deep_cursors=await _deep(database, ids),
        common=[word for word, _ in counts.most_common(COMMON)],
        rare=[word for word, count in counts.items() if count == 1][:500],
        pairs=pairs[:500],
    )
    async with database.engine.connect() as plain:
        await (await plain.execution_options(isolation_level="AUTOCOMMIT")).execute(text("VACUUM ANALYZE"))
    await database.close()
    return found


async def sign_in(url: str, agent: Actor) -> None:
    """Open a session for the agent, once more if there was one."""
    database = Database(url, pool_size=1)
    async with database.accounts() as connection:
        await open_session(connection, agent, bootstrap.now, device="bench")
        await connection.commit()
    await database.close()


async def _tag(database: Database, ids: Ids) -> list[UUID]:
    made = [uuid4() for _ in range(TAGS)]
    shared = {"organization_id": ids.organization_id, "color": TagColor.GRAY, "created_at": bootstrap.now()}
    async with database.tenant(ids.organization_id) as connection:
        await connection.execute(text("SET LOCAL statement_timeout = 0"))
        await connection.execute(insert(tags), [shared | {"id": one, "name": f"Tag {n}"} for n, one in enumerate(made)])
        values = {
            "tags": [str(one) for one in made],
            "count": TAGS,
            "organization": ids.organization_id,
            "parts": PARTS,
        }
        for part in range(PARTS):
            await connection.execute(LABEL, values | {"part": part})
        await connection.commit()
    return made


async def _words(database: Database, ids: Ids) -> tuple[Counter[str], list[str]]:
    m = messages.c
    wanted = select(m.text).where(m.conversation_id.in_(ids.conversation_ids)).limit(SAMPLE)
    async with database.tenant(ids.organization_id) as connection:
        said = [WORD.findall(row.text.lower()) for row in await connection.execute(wanted)]
    pairs = [f"{one} {other}" for words in said for one, other in pairwise(words)]
    random.Random(2).shuffle(pairs)
    return Counter(word for words in said for word in words), pairs


async def _deep(database: Database, ids: Ids) -> list[str]:
    c = conversations.c
    places = [0.25, 0.5, 0.75, 0.95]
    async with database.tenant(ids.organization_id) as connection:
        total = await connection.scalar(select(func.count()).select_from(conversations)) or 0
        newest = select(c.last_activity_at, c.id).order_by(c.last_activity_at.desc(), c.id.desc()).limit(1)
        rows = [(await connection.execute(newest.offset(int(total * place)))).one() for place in places]
    return [encode_cursor([row.last_activity_at.isoformat(), str(row.id)]) for row in rows]


class Shift:
    """Everybody is at work and busy; people become free one by one."""

    def __init__(self, parts: bootstrap.Parts, ids: Ids) -> None:
        self._parts = parts
        self._ids = ids
        self._free = random.Random(3).sample(list(ids.agent_ids), len(ids.agent_ids))

    async def begin(self) -> None:
        """Come in, and be asked what there is room for: after that nobody has any."""
        organization, at = self._ids.organization_id, bootstrap.now()
        policy: dict[str, Any] = {"id": organization, "organization_id": organization, "created_at": at}
        times = dict.fromkeys(("offer", "pause", "grace", "topic", "language"), 86_400)
        async with self._parts.database.tenant(organization) as connection:
            await connection.execute(FULL, {"organization": organization, "seen": at + timedelta(hours=6)})
            await connection.execute(insert(routing_policies).values(policy | times))
            await connection.commit()
        await self._parts.desk.routing.drain(organization)

    async def free_one(self) -> None:
        """Somebody can take one more."""
        a = availabilities.c
        more = update(availabilities).where(a.id == self._free.pop()).values(capacity=a.capacity + 1)
        async with self._parts.database.tenant(self._ids.organization_id) as connection:
            await connection.execute(more)
            await connection.commit()

    async def drain(self) -> int:
        """How many offers that makes."""
        return await self._parts.desk.routing.drain(self._ids.organization_id)
