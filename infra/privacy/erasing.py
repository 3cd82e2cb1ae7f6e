"""Takes a person's words out of everything that one unit of work reaches."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Text, any_, cast, delete, func, literal, or_, select, text, update
from sqlalchemy.dialects.postgresql import array

from domain.base import ActorKind
from domain.conversation.desk_events import ConversationErased
from domain.conversation.events import AnswerStarted
from domain.privacy.ports import Written
from domain.privacy.words import ERASED
from infra.accounts.rows import sessions
from infra.channels.rows import channel_messages, unreachables
from infra.customers.rows import contacts
from infra.delivery.rows import deliveries
from infra.files.rows import files
from infra.privacy.derived import Derived
from infra.privacy.journal import erase_streams, left_behind, rewriting
from infra.privacy.places import OF_CONVERSATIONS, OF_CUSTOMERS, named, statements
from infra.repositories import Unit
from infra.rows import conversations, customers, events
from infra.tools.rows import tool_calls

FAMILY = text("""
WITH RECURSIVE family AS (
  SELECT id FROM customer WHERE id = :customer AND organization_id = :organization
  UNION
  SELECT other.id FROM customer AS other JOIN family ON other.merged_into = family.id
  WHERE other.organization_id = :organization
) SELECT id FROM family ORDER BY id
""")
FRESH = func.now() - text("interval '1 hour'")
"""For how long Redis may have the text of an answer, with a good margin."""


class SqlErasure:
    """Erases in one unit of work, which only the tenant's rows are reached by."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    async def family(self, customer_id: UUID) -> Sequence[UUID]:
        """The customer, and all who turned out to be them."""
        scope = {"customer": customer_id, "organization": self._unit.actor.tenant}
        return (await self._unit.connection.scalars(FAMILY, scope)).all()

    async def waiting(self, customer_ids: Sequence[UUID], most: int) -> Sequence[UUID]:
        """Conversations of theirs that were not erased yet."""
        c, e = conversations.c, events.c
        stream = func.concat("conversation:", cast(c.id, Text))
        done = select(e.id).where(e.stream == stream, e.kind == ConversationErased.__name__).exists()
        wanted = select(c.id).where(c.customer_id.in_(customer_ids), c.organization_id == self._unit.actor.tenant)
        return (await self._unit.connection.scalars(wanted.where(~done).order_by(c.id).limit(most))).all()

    async def conversation(self, conversation_id: UUID) -> Sequence[Written]:
        """Lock it, and take all words out of it and out of what was made of it; what Redis may have of it."""
        connection, c = self._unit.connection, conversations.c
        mine = (c.id == conversation_id) & (c.organization_id == self._unit.actor.tenant)
        await connection.execute(select(c.id).where(mine).with_for_update())
        async with rewriting(connection):
            derived = await Derived(connection, conversation_id).erase()
            streams = [*await self._streams(conversation_id), *derived]
            for statement in statements(OF_CONVERSATIONS, [conversation_id]):
                await connection.execute(statement)
            await erase_streams(connection, streams)
        return await self._written(conversation_id)

    async def files(self, customer_ids: Sequence[UUID], after: UUID | None, most: int) -> Sequence[UUID]:
        """Their files, and those of others in their conversations, by id."""
        f, c = files.c, conversations.c
        theirs = select(c.id).where(c.customer_id.in_(customer_ids))
        mine = or_(f.conversation_id.in_(theirs), f.owner.in_(named(customer_ids, ActorKind.CUSTOMER)))
        wanted = select(f.id).where(f.organization_id == self._unit.actor.tenant, mine)
        if after is not None:
            wanted = wanted.where(f.id > after)
        return (await self._unit.connection.scalars(wanted.order_by(f.id).limit(most))).all()

    async def addresses(self, customer_ids: Sequence[UUID]) -> None:
        """Take their addresses out of what other people's mail says, and out of what is kept of addresses."""
        connection, tenant = self._unit.connection, self._unit.actor.tenant
        k, u = channel_messages.c, unreachables.c
        for address in await self._known(customer_ids):
            gone = delete(unreachables).where(u.organization_id == tenant, func.lower(u.address) == address)
            await connection.execute(gone)
            sent = update(channel_messages).where(k.organization_id == tenant, func.lower(k.sender) == address)
            await connection.execute(sent.values(sender=ERASED))
            copied = update(channel_messages).where(
                k.organization_id == tenant, literal(address) == any_(k.participants)
            )
            await connection.execute(copied.values(participants=func.array_replace(k.participants, address, ERASED)))

    async def people(self, customer_ids: Sequence[UUID]) -> None:
        """Take out what is known of themselves, also in the journal: names, addresses, sessions, unsent files."""
        connection, s, c = self._unit.connection, sessions.c, conversations.c
        signed_in = (await connection.scalars(select(s.id).where(s.customer_id.in_(customer_ids)))).all()
        unsaid = (await self.files(customer_ids, None, 1_000_000)) if customer_ids else ()
        theirs = (await connection.scalars(select(c.id).where(c.customer_id.in_(customer_ids)))).all()
        gone = await left_behind(connection, self._unit.actor.tenant, customer_ids, theirs)
        own = (*named(customer_ids, "customer"), *named(signed_in, "session"), *named(unsaid, "file"))
        async with rewriting(connection):
            for statement in statements(OF_CUSTOMERS, customer_ids):
                await connection.execute(statement)
            await erase_streams(connection, [*own, *gone])

    async def counts(self, customer_ids: Sequence[UUID]) -> tuple[int, int]:
        """How many conversations and files are theirs."""
        c, f = conversations.c, files.c
        theirs = select(c.id).where(c.customer_id.in_(customer_ids))
        said = await self._unit.connection.scalar(select(func.count()).select_from(theirs.subquery()))
        sent = select(func.count()).where(f.conversation_id.in_(theirs))
        return said or 0, await self._unit.connection.scalar(sent) or 0

    async def _streams(self, conversation_id: UUID) -> Sequence[str]:
        """Its own, and those of what is kept beside it."""
        same = [f"{kind}:{conversation_id}" for kind in ("conversation", "proof", "summary", "classification")]
        t, f, d = tool_calls.c, files.c, deliveries.c
        beside = {
            "call": select(t.id).where(t.conversation_id == conversation_id),
            "file": select(f.id).where(f.conversation_id == conversation_id),
            "delivery": select(d.id).where(d.conversation == str(conversation_id)),
        }
        found = [named((await self._unit.connection.scalars(wanted)).all(), kind) for kind, wanted in beside.items()]
        return [*same, *(stream for streams in found for stream in streams)]

    async def _written(self, conversation_id: UUID) -> Sequence[Written]:
        e = events.c
        mine = (e.stream == f"conversation:{conversation_id}", e.kind == AnswerStarted.__name__, e.at > FRESH)
        rows = await self._unit.connection.scalars(select(e.payload).where(*mine))
        return [Written(UUID(payload["answer_id"]), payload["attempt"]) for payload in rows]

    async def _known(self, customer_ids: Sequence[UUID]) -> Sequence[str]:
        k, c = contacts.c, customers.c
        kept = select(k.value).where(k.customer_id.in_(customer_ids), k.kind != "external")
        told = select(func.unnest(array([c.email_key, c.phone]))).where(c.id.in_(customer_ids))
        found = [*await self._unit.connection.scalars(kept), *await self._unit.connection.scalars(told)]
        return sorted({value.lower() for value in found if value})
