"""What two people who answer at once are told: the second one learns what was said before anything is sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar
from uuid import UUID

from domain.base import Actor, ActorKind, DomainError
from domain.conversation.events import Message, MessageKind

Reply = tuple[int, Message]
"""Something that staff or the assistant said, and the version of the conversation since which it is there."""


class ConversationMovedOnError(DomainError):
    """Others have replied since the writer looked: `reply_ids` are their messages, `version` is where it stands now."""

    code: ClassVar[str] = "CONVERSATION_MOVED_ON"

    def __init__(self, version: int, reply_ids: Sequence[UUID]) -> None:
        super().__init__(
            "Somebody else has replied since you looked. Read it; then send yours from the new cursor, or anyway."
        )
        self.version = version
        self.reply_ids = tuple(reply_ids)


def require_seen(replies: Sequence[Reply], seen: int, version: int, actor: Actor) -> None:
    """Raises `ConversationMovedOnError` where somebody else replied after the version that the actor saw.

    The line of a handoff is no reply: it says that somebody will.
    """
    news = [
        message.id
        for said_at, message in replies
        if said_at > seen and message.kind is not MessageKind.HANDOFF and not _is_own(message, actor)
    ]
    if news:
        raise ConversationMovedOnError(version, news)


def _is_own(message: Message, actor: Actor) -> bool:
    return message.author_kind is ActorKind.AGENT and message.author_id == actor.identity
