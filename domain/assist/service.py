"""What agents get done for them, and what is done by itself as conversations go on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from domain.account.permission import Permission
from domain.account.stored import Opening
from domain.assist.digest import Classification, Summary
from domain.assist.ports import AssistUnit, Classifier, Dialogue, Dialogues, Rewriter, Summarizer, Wish
from domain.assistant import Assistant, Piece, Question, Speaker
from domain.base import (
    STAFF,
    Actor,
    ActorKind,
    Clock,
    FieldProblem,
    Identifiers,
    InvalidInputError,
    InvalidStateError,
    system_of,
)
from domain.conversation.events import ConversationState
from domain.ports import IdempotencyKey, Receipt
from domain.retry import retried_once
from domain.text import checked

EVERY = 5
"""Messages after which the summary of a conversation that a person has, or is waited for, is made anew."""
WITH_PEOPLE = (ConversationState.WAITING, ConversationState.WITH_PERSON)
LONGEST_TEXT = 10_000


class Keeping(Protocol):
    """Makes something of a dialogue, and keeps it."""

    def __call__(self, actor: Actor, dialogue: Dialogue, *, key: IdempotencyKey | None) -> Awaitable[Receipt]:
        """What was kept."""
        ...


@dataclass(frozen=True)
class Assist:
    """The commands. Nothing here is on a customer's way to an answer.

    `everyones` suggests from what customers may read, `insiders` from internal articles too.
    """

    units: Opening[AssistUnit]
    dialogues: Dialogues
    everyones: Assistant
    insiders: Assistant
    summarizer: Summarizer
    classifier: Classifier
    rewriter: Rewriter
    new_id: Identifiers
    now: Clock

    async def suggest(self, actor: Actor, conversation_id: UUID) -> AsyncIterator[Piece]:
        """A reply to the customer's last words, as an answer is made, for an agent to send or not."""
        actor.require(Permission.REPLY_TO_CONVERSATIONS)
        actor.require_kind(*STAFF, ActorKind.API_KEY)
        dialogue = await self.dialogues.of(actor, conversation_id)
        is_insider = actor.may(Permission.READ_INTERNAL_KNOWLEDGE)
        assistant = self.insiders if is_insider else self.everyones
        return assistant.answer(_question(dialogue, self.new_id()))

    async def rewrite(self, actor: Actor, text: str, wish: Wish) -> AsyncIterator[str]:
        """A text of the actor's own, written anew; raises `NeedsLanguageModelError` while it is read, too."""
        actor.require(Permission.REPLY_TO_CONVERSATIONS)
        actor.require_kind(*STAFF, ActorKind.API_KEY)
        checked(text, "text", longest=LONGEST_TEXT)
        if wish == Wish():
            raise InvalidInputError(FieldProblem("tone", "Say what to do: give a tone, a length or a language."))
        language = wish.translate_to
        if language is not None and not (len(language) == 2 and language.isascii() and language.islower()):
            raise InvalidInputError(FieldProblem("translateTo", "Use two letters by ISO 639-1, such as de."))
        return self.rewriter.rewrite(actor, text, wish)

    async def summarize(self, actor: Actor, conversation_id: UUID, *, key: IdempotencyKey | None = None) -> Receipt:
        """Make the summary of a conversation anew, now."""
        return await self._kept(actor, conversation_id, self._summarized, key)

    async def classify(self, actor: Actor, conversation_id: UUID, *, key: IdempotencyKey | None = None) -> Receipt:
        """Find out anew what a conversation is about."""
        return await self._kept(actor, conversation_id, self._classified, key)

    async def arrived(self, organization_id: UUID, conversation_id: UUID) -> None:
        """A conversation has its first answer: classify it in the way that costs nothing, since most need no person."""
        actor = system_of(organization_id)
        async with self.units(actor) as unit:
            if await unit.classifications.held(conversation_id) is not None:
                return
        await self._classified(actor, await self.dialogues.of(actor, conversation_id), by_model=False)

    async def needs_person(self, organization_id: UUID, conversation_id: UUID) -> None:
        """A conversation waits for a person: classify it as well as can be, for whoever passes it on."""
        actor = system_of(organization_id)
        await self._classified(actor, await self.dialogues.of(actor, conversation_id))

    async def went_on(
        self, organization_id: UUID, conversation_id: UUID, *, changed_hands: bool, by_model: bool = True
    ) -> None:
        """Something happened in a conversation: make its summary anew if somebody may need it."""
        actor = system_of(organization_id)
        dialogue = await self.dialogues.of(actor, conversation_id)
        async with self.units(actor) as unit:
            held = await unit.summaries.held(conversation_id)
        fresh = dialogue.messages - (held.messages if held else 0)
        if fresh and (changed_hands or (dialogue.state in WITH_PEOPLE and fresh >= EVERY)):
            await self._summarized(actor, dialogue, by_model=by_model)

    async def _kept(self, actor: Actor, conversation_id: UUID, keep: Keeping, key: IdempotencyKey | None) -> Receipt:
        actor.require(Permission.REPLY_TO_CONVERSATIONS)
        actor.require_kind(*STAFF, ActorKind.API_KEY)
        dialogue = await self.dialogues.of(actor, conversation_id)
        async with self.units(actor, key) as unit:  # a repeated request is not paid for twice
            if unit.earlier:
                return unit.earlier
        return await keep(actor, dialogue, key=key)

    @retried_once
    async def _summarized(
        self, actor: Actor, dialogue: Dialogue, *, key: IdempotencyKey | None = None, by_model: bool = True
    ) -> Receipt:
        found = await self.summarizer.summarize(dialogue, by_model=by_model)
        identity = dialogue.conversation_id
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            summary = await unit.summaries.held(identity)
            if summary is None:
                summary = Summary(identity, dialogue.organization_id)
                unit.summaries.add(summary)
            summary.write(found, self.now())
            return await unit.commit(Receipt(identity))

    @retried_once
    async def _classified(
        self, actor: Actor, dialogue: Dialogue, *, key: IdempotencyKey | None = None, by_model: bool = True
    ) -> Receipt:
        found = await self.classifier.classify(dialogue, by_model=by_model)
        identity = dialogue.conversation_id
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            classification = await unit.classifications.held(identity)
            if classification is None:
                classification = Classification(identity, dialogue.organization_id)
                unit.classifications.add(classification)
            classification.write(found, self.now())
            return await unit.commit(Receipt(identity))


def _question(dialogue: Dialogue, identity: UUID) -> Question:
    """The customer's last words as a question, with everything before them."""
    places = [place for place, turn in enumerate(dialogue.turns) if turn.speaker is Speaker.CUSTOMER]
    if not places:
        raise InvalidStateError("The customer has not said anything yet: there is nothing to reply to.")
    last = places[-1]
    return Question(
        id=identity,
        organization_id=dialogue.organization_id,
        text=dialogue.turns[last].text,
        history=dialogue.turns[:last],
        conversation_id=dialogue.conversation_id,
        customer_id=dialogue.customer_id,
        inbox_id=dialogue.inbox_id,
    )
