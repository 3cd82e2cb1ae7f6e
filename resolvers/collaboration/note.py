"""The root fields about notes."""

import strawberry

from domain.account.permission import Permission
from domain.ports import Receipt
from resolvers.context import RequestContext, mutation
from resolvers.idempotency import key_of
from schema.base import parse_key, parse_keys
from schema.collaboration import note_command as c
from schema.collaboration.note import Note

Info = strawberry.Info[RequestContext, None]


async def _written(info: Info, receipt: Receipt) -> Note:
    await info.context.renew()
    return Note.of(await info.context.load("notes", receipt.part_id))


@strawberry.type
class NoteMutation:
    """What can be done with notes."""

    @mutation(
        "Write something about a conversation for colleagues, who may be mentioned. For agents.",
        needs=Permission.REPLY_TO_CONVERSATIONS,
    )
    async def add_note(self, info: Info, input: c.AddNoteInput) -> c.AddNotePayload | None:
        receipt = await info.context.services.desk.notes.add(
            info.context.actor,
            parse_key(input.conversation_id, "Conversation", "input.conversationId"),
            input.text,
            mentioned_ids=parse_keys(input.mentioned_ids, "Agent", "input.mentionedIds"),
            file_ids=parse_keys(input.file_ids, "File", "input.fileIds"),
            key=key_of(input),
        )
        return c.AddNoteSuccess(note=await _written(info, receipt))

    @mutation(
        "Take back a note of yours: nobody reads it any more, and the audit log says so. For agents.",
        needs=Permission.REPLY_TO_CONVERSATIONS,
    )
    async def delete_note(self, info: Info, input: c.DeleteNoteInput) -> c.DeleteNotePayload | None:
        key = parse_key(input.note_id, "Note", "input.noteId")
        receipt = await info.context.services.desk.notes.delete(info.context.actor, key, key=key_of(input))
        return c.DeleteNoteSuccess(note=await _written(info, receipt))
