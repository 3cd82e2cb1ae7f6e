"""Out of hours: the assistant says when somebody will answer, and takes an address for the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from domain.account.permission import Permission
from domain.account.stored import Opening
from domain.base import Actor, ActorKind, Clock, InvalidStateError, Recorded, assistant_of
from domain.conversation.aggregate import Conversation
from domain.conversation.desk_events import EmailLeft
from domain.conversation.events import ConversationState, HandoffRequested, MessageKind
from domain.hours import is_open, opens_after
from domain.level.service import LevelUnit
from domain.login.person import email_address
from domain.ports import IdempotencyKey, Receipt
from domain.retry import retried_once

MOST_ADDRESSES = 5
"""How often an address can be left in a conversation."""


class AbsenceWording(Protocol):
    """Says when somebody is there again."""

    def __call__(self, said: Sequence[str], languages: Sequence[str], back_at: datetime) -> str:
        """In the language of what the customer said, else the organization's; `back_at` by the clocks to name."""
        ...


@dataclass(frozen=True)
class Absence:
    """What is said and asked while nobody is there.

    It follows the line of the handover by a job: that line, the queue and the journal wait for nothing, and this one
    is said once, since its id comes from the event.
    """

    units: Opening[LevelUnit]
    wording: AbsenceWording
    now: Clock

    @retried_once
    async def tell(self, recorded: Recorded) -> None:
        """After a handover out of hours, say when somebody will answer, unless somebody has come meanwhile."""
        if not isinstance(recorded.event, HandoffRequested):
            return
        speaker = assistant_of(recorded.organization_id)
        async with self.units(speaker) as unit:
            hours = await unit.levels.hours()
            if hours is None or is_open(hours, recorded.at):
                return
            conversation = await unit.conversations.get(UUID(recorded.stream.partition(":")[2]))
            message_id = uuid5(conversation.id, f"out of hours {recorded.id}")
            if not _waits(conversation) or any(message.id == message_id for message in conversation.messages):
                return
            back_at = opens_after(hours, self.now()).astimezone(ZoneInfo(hours.zone))
            asked = [message.text for message in conversation.messages if message.author_kind is ActorKind.CUSTOMER]
            line = self.wording(asked, await unit.levels.languages(), back_at)
            conversation.tell(speaker, line, message_id, kind=MessageKind.OUT_OF_HOURS)
            await unit.commit(Receipt(conversation.id, message_id))

    @retried_once
    async def leave_email(
        self, actor: Actor, conversation_id: UUID, email: str, *, key: IdempotencyKey | None = None
    ) -> Receipt:
        """Take an address for the answer. It makes nobody known, and gives nobody anything to read."""
        actor.require(Permission.REPLY_TO_CONVERSATIONS)
        actor.require_kind(ActorKind.CUSTOMER)
        email = email_address(email, "input.email")
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            conversation = await unit.conversations.get(conversation_id)
            history = await unit.levels.history(conversation_id)
            left = [event.email for event, _ in history if isinstance(event, EmailLeft)]
            if len(left) >= MOST_ADDRESSES:
                raise InvalidStateError("You have left enough addresses here. Write the next one as a message.")
            if left[-1:] != [email]:
                conversation.note(EmailLeft(email))
            return await unit.commit(Receipt(conversation_id))


def _waits(conversation: Conversation) -> bool:
    return conversation.state is ConversationState.WAITING and not conversation.triage.is_spam
