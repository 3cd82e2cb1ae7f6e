"""The root fields about files."""

import strawberry

from domain.account.permission import Permission
from resolvers.context import RequestContext, mutation
from resolvers.idempotency import key_of
from schema.base import parse_key
from schema.collaboration import file_command as c
from schema.collaboration.file import File

Info = strawberry.Info[RequestContext, None]


@strawberry.type
class FileMutation:
    """What can be done with files."""

    @mutation(
        "Begin to send a file: get an address to PUT it to, then say so by `completeUpload`.",
        needs=Permission.REPLY_TO_CONVERSATIONS,
    )
    async def request_upload(self, info: Info, input: c.RequestUploadInput) -> c.RequestUploadPayload | None:
        files, actor = info.context.services.desk.files, info.context.actor
        receipt = await files.announce(
            actor, input.purpose, input.name, input.content_type, input.size, key=key_of(input)
        )
        await info.context.renew()
        view = await info.context.load("files", receipt.id)
        upload = await files.upload_of(actor, view)
        return c.RequestUploadSuccess(file=File.of(view), upload=c.Upload.of(upload))

    @mutation(
        "All of a file was sent: have it looked into. From now on it can go with a message or a note.",
        needs=Permission.REPLY_TO_CONVERSATIONS,
    )
    async def complete_upload(self, info: Info, input: c.CompleteUploadInput) -> c.CompleteUploadPayload | None:
        key = parse_key(input.file_id, "File", "input.fileId")
        await info.context.services.desk.files.complete(info.context.actor, key, key=key_of(input))
        await info.context.renew()
        return c.CompleteUploadSuccess(file=File.of(await info.context.load("files", key)))
