"""What a conversation is called once it is known what it is about, unless a person called it something."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from domain.account.stored import Opening
from domain.assist.ports import Dialogue, Dialogues
from domain.assistant import Speaker
from domain.base import assistant_of
from domain.conversation.triage import SubjectChanged
from domain.ports import Receipt, UnitOfWork
from domain.retry import retried_once
from domain.text import clipped

LONGEST = 80
SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")
WORD = re.compile(r"\w{4,}|\d+")


class SubjectWriter(Protocol):
    """Finds a subject for a conversation."""

    async def write(self, dialogue: Dialogue) -> str | None:
        """A line of at most 80 characters, by a language model; None where there is none that can."""
        ...


@dataclass(frozen=True)
class Subjects:
    """Names conversations. Nobody waits for it, and most need no model for it: only who goes to a person has one."""

    units: Opening[UnitOfWork]
    dialogues: Dialogues
    writer: SubjectWriter

    async def name(self, organization_id: UUID, conversation_id: UUID, *, by_model: bool = True) -> None:
        """Give a conversation a subject, unless it has one that somebody gave it."""
        actor = assistant_of(organization_id)
        async with self.units(actor) as unit:
            if (await unit.conversations.get(conversation_id)).triage.is_named:
                return
        dialogue = await self.dialogues.of(actor, conversation_id)
        found = await self.writer.write(dialogue) if by_model else None
        if subject := clipped(found or gist(dialogue), LONGEST):
            await self._keep(organization_id, conversation_id, SubjectChanged(subject, is_provisional=not found))

    @retried_once
    async def _keep(self, organization_id: UUID, conversation_id: UUID, named: SubjectChanged) -> None:
        async with self.units(assistant_of(organization_id)) as unit:
            conversation = await unit.conversations.get(conversation_id)
            if not conversation.triage.is_named:  # a person may have been faster than the model
                conversation.sort(named)
                await unit.commit(Receipt(conversation_id))


def gist(dialogue: Dialogue) -> str:
    """The sentence of the first question that says most: the one with most different words of some length."""
    asked = next((turn.text for turn in dialogue.turns if turn.speaker is Speaker.CUSTOMER), "")
    sentences = [each.strip() for each in SENTENCE.findall(asked)]
    return max(sentences, key=lambda each: len(set(WORD.findall(each.lower()))), default="")
