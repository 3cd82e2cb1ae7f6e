"""Using a macro: its text and all it does with a conversation, in one go or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol
from uuid import UUID

from domain.account.permission import Permission
from domain.account.stored import Opening
from domain.base import STAFF, Actor, Clock, Identifiers, InvalidStateError
from domain.conversation.aggregate import Conversation
from domain.conversation.interrupting import interrupted
from domain.conversation.triage import PriorityChanged
from domain.macro.macro import ActionsCodec, Handling, Macro, MacroActions, MacroUnit, MacroView
from domain.macro.template import ATTRIBUTE, Rendered, rendered
from domain.ports import ConversationView, IdempotencyKey, Receipt, Replies
from domain.retry import retried_once
from domain.triage.owned import require_visible
from domain.triage.ports import Names, TriageUnit
from domain.triage.sorting import put_to_sleep, reattribute, require_tags, retag


class ApplyingUnit(MacroUnit, TriageUnit, Protocol):
    """A unit of work that holds macros, and all that they change."""


@dataclass(frozen=True)
class Applying:
    """The command, and what it would say. Both are for people at work, on conversations that they see."""

    units: Opening[ApplyingUnit]
    replies: Replies
    codec: ActionsCodec
    now: Clock
    new_id: Identifiers

    @retried_once
    async def apply(
        self, actor: Actor, conversation_id: UUID, macro_id: UUID, *, key: IdempotencyKey | None = None
    ) -> Receipt:
        """Do what the macro says: take the conversation over, send its text, sort it, then pass it on or end it.

        The receipt's part is the message, if there is one. `InvalidStateError` where a value is missing that the text
        does not do without.
        """
        actor.require(Permission.REPLY_TO_CONVERSATIONS)
        actor.require_kind(*STAFF)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            macro = await unit.macros.get(macro_id)
            require_visible(actor, macro.agent_id, "macro")
            conversation = await unit.conversations.get(conversation_id)
            actions = self.codec.decode(macro.actions)
            partial = await interrupted(self.replies, conversation) if _ends_answer(actions) else ""
            if actions.handling is Handling.TAKE_OVER:
                conversation.take_over(actor, partial)
            message_id = await self._say(unit, actor, conversation, macro)
            await _sort(unit, conversation, actions)
            await self._end(unit, actor, conversation, actions, partial)
            return await unit.commit(Receipt(conversation.id, message_id))

    async def _say(self, unit: ApplyingUnit, actor: Actor, conversation: Conversation, macro: Macro) -> UUID | None:
        if macro.text is None:
            return None
        names = await unit.facts.names(conversation.customer_id, actor.id)
        said = rendered(macro.text, _values(names, conversation.subject, conversation.triage.attributes))
        if said.missing:
            raise InvalidStateError(f"Nobody knows {', '.join(said.missing)} here, and the text does not do without.")
        message_id = self.new_id()
        conversation.send(actor, said.text, message_id)
        return message_id

    async def _end(
        self, unit: ApplyingUnit, actor: Actor, conversation: Conversation, actions: MacroActions, partial: str
    ) -> None:
        if actions.handling is Handling.HAND_OVER:
            conversation.request_handoff(actor, self.new_id(), partial)
        if actions.snoozes:
            minutes = actions.snooze_minutes
            until = None if minutes is None else self.now() + timedelta(minutes=minutes)
            await put_to_sleep(unit, conversation, until)
        if actions.resolve:
            conversation.resolve(actor, partial)


def previewed(macro: MacroView, names: Names, conversation: ConversationView) -> Rendered:
    """What a macro would say in a conversation; where something is `missing`, it says nothing yet."""
    triage = conversation.triage
    values = _values(names, conversation.subject, triage.attributes if triage else {})
    return rendered(macro.text or "", values)


def _ends_answer(actions: MacroActions) -> bool:
    return actions.handling is not None or actions.resolve


async def _sort(unit: ApplyingUnit, conversation: Conversation, actions: MacroActions) -> None:
    if actions.priority is not None:
        conversation.sort(PriorityChanged(actions.priority))
    if actions.add_tag_ids:
        await require_tags(unit, await unit.tags.known(actions.add_tag_ids))
        await retag(unit, conversation, actions.add_tag_ids)
    if actions.attributes:
        await reattribute(unit, conversation, actions.attributes)


def _values(names: Names, subject: str, attributes: Mapping[str, object]) -> dict[str, str]:
    """Everything that a text can name, as it is said."""
    known = {"customer.name": names.customer, "agent.name": names.agent or "", "conversation.subject": subject}
    return known | {f"{ATTRIBUTE}{key}": _said(value) for key, value in attributes.items()}


def _said(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case list() | tuple():
            return ", ".join(map(str, value))
    return str(value)
