"""How an answer that is being written ends before its time."""

from __future__ import annotations

from domain.conversation.aggregate import Conversation
from domain.ports import Replies


async def interrupted(replies: Replies, conversation: Conversation) -> str:
    """What readers have seen of the answer that is being written, which ends here; nothing where there is none.

    The conversation is locked meanwhile, so its worker cannot store the whole answer in between. Should the command
    fail after all, the worker finds its attempt still current and the question is begun again.
    """
    answering = conversation.answering
    return await replies.close(conversation.id, answering.answer_id, answering.attempt) if answering else ""
