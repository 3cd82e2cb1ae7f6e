"""How conversations are put together: merged into one another, or linked side by side."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from domain.account.stored import Opening
from domain.base import Actor, FieldProblem, InvalidInputError, InvalidStateError
from domain.conversation.aggregate import Conversation
from domain.conversation.events import ConversationState
from domain.conversation.interrupting import interrupted
from domain.conversation.triage import ConversationLinked, ConversationMerged
from domain.ports import IdempotencyKey, Receipt, Replies
from domain.retry import retried_once
from domain.triage.ports import TriageUnit
from domain.triage.sorting import SNOOZE, require_sorter

MOST_LINKS = 50
MOST_MERGED = 100


@dataclass(frozen=True)
class Joining:
    """The commands. The actor acts in both conversations, which are locked in one order, whoever names which first."""

    units: Opening[TriageUnit]
    replies: Replies

    @retried_once
    async def merge(
        self, actor: Actor, source_id: UUID, target_id: UUID, *, key: IdempotencyKey | None = None
    ) -> Receipt:
        """Let the source go on in the target: it is resolved, and nothing more is said in it.

        Its messages stay where they are. What was merged into it before is merged into the target now, so that
        whoever follows is there in one step. `InvalidStateError` unless both are of one customer.
        """
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            source, target = await _both(unit, actor, source_id, target_id)
            source.require_going_on()
            target.require_going_on()
            if source.customer_id != target.customer_id:
                raise InvalidStateError("These conversations are of two customers. Only those of one can be merged.")
            await self._end(unit, actor, source)
            followers = await unit.facts.merged_into(source.id)
            if len(followers) >= MOST_MERGED:
                raise InvalidStateError(f"{MOST_MERGED} conversations were merged into this one already.")
            for each in (source, *[await unit.conversations.get(one) for one in followers]):
                each.sort(ConversationMerged(target.id))
            return await unit.commit(Receipt(target.id, source.id))

    @retried_once
    async def link(
        self,
        actor: Actor,
        conversation_id: UUID,
        other_id: UUID,
        *,
        is_linked: bool = True,
        key: IdempotencyKey | None = None,
    ) -> Receipt:
        """Let two conversations name each other, or no more."""
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            one, other = await _both(unit, actor, conversation_id, other_id)
            for each, partner in ((one, other), (other, one)):
                if is_linked and len({*each.triage.linked_ids, partner.id}) > MOST_LINKS:
                    raise InvalidStateError(f"A conversation is linked to at most {MOST_LINKS} others.")
                if is_linked is not (partner.id in each.triage.linked_ids):
                    each.sort(ConversationLinked(partner.id, is_linked))
            return await unit.commit(Receipt(one.id, other.id))

    async def _end(self, unit: TriageUnit, actor: Actor, source: Conversation) -> None:
        if source.state is not ConversationState.RESOLVED:
            source.resolve(actor, await interrupted(self.replies, source))
            await unit.timers.cancel(SNOOZE, source.id)


async def _both(unit: TriageUnit, actor: Actor, one: UUID, other: UUID) -> tuple[Conversation, Conversation]:
    require_sorter(actor)
    if one == other:
        raise InvalidInputError(FieldProblem("input", "Name two conversations: this is one."))
    found = {each: await unit.conversations.get(each) for each in sorted((one, other))}
    return found[one], found[other]
