"""Drafts: what somebody is about to say, kept on the server until they have said it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.account.permission import Permission
from domain.account.stored import Opening
from domain.base import PEOPLE, Actor, FieldProblem, InvalidInputError
from domain.ports import IdempotencyKey, Receipt, UnitOfWork
from domain.text import checked

LONGEST_DRAFT = 20_000
"""Bytes, and so characters at most."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What an actor has not sent yet, one text for each conversation."""

    conversation_id: UUID
    text: str
    saved_at: datetime


class DraftRepository(Protocol):
    """The drafts of the unit's actor; nothing of them is in the journal."""

    async def save(self, conversation_id: UUID, text: str) -> None:
        """Keep this one instead of the one before; `NotFoundError` where the actor may say nothing."""
        ...

    async def discard(self, conversation_id: UUID) -> None:
        """Keep none."""
        ...


class DraftUnit(UnitOfWork, Protocol):
    """A unit of work that holds drafts."""

    @property
    def drafts(self) -> DraftRepository:
        """The actor's drafts."""
        ...


class DraftReads(Protocol):
    """What one actor may see of drafts: their own."""

    async def drafts(self, conversation_ids: Sequence[UUID]) -> Sequence[Draft | None]:
        """The actor's draft in each conversation."""
        ...


@dataclass(frozen=True)
class Drafts:
    """The commands on drafts."""

    units: Opening[DraftUnit]

    async def save(
        self, actor: Actor, conversation_id: UUID, text: str, *, key: IdempotencyKey | None = None
    ) -> Receipt:
        """Keep what the actor is about to say; the last one counts."""
        actor.require(Permission.REPLY_TO_CONVERSATIONS)
        actor.require_kind(*PEOPLE)
        checked(text, "input.text", longest=LONGEST_DRAFT)
        if len(text.encode()) > LONGEST_DRAFT:
            raise InvalidInputError(FieldProblem("input.text", f"A draft has at most {LONGEST_DRAFT:,} bytes."))
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            await unit.drafts.save(conversation_id, text)
            return await unit.commit(Receipt(conversation_id))

    async def discard(self, actor: Actor, conversation_id: UUID, *, key: IdempotencyKey | None = None) -> Receipt:
        """Keep it no longer; without one nothing changes."""
        actor.require(Permission.REPLY_TO_CONVERSATIONS)
        actor.require_kind(*PEOPLE)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            await unit.drafts.discard(conversation_id)
            return await unit.commit(Receipt(conversation_id))
