"""The root fields about exports: which there are, how far they are, and what is done about them."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

import strawberry

from domain.account.permission import Permission
from domain.base import Recorded
from domain.export.filter import ExportFilter
from resolvers.context import RequestContext, mutation, shown, subscription
from resolvers.conversation import Cursor, place_of
from resolvers.idempotency import key_of
from schema.base import After, Connection, First, IdArgument, connection, field, page_request, parse_key
from schema.bi import command as c
from schema.bi.export import Export, ExportChange, export_change
from schema.change import resync

Info = strawberry.Info[RequestContext, None]


@strawberry.type
class ExportQuery:
    """Questions about exports."""

    @field("Exports of what you may have, the newest first.", needs=Permission.READ_ANALYTICS)
    async def exports(self, info: Info, first: First = None, after: After = None) -> Connection[Export]:
        return connection(await info.context.reads.export_page(page_request(first, after)), Export.of)

    @field("An export by its id; null when there is none that you may have.", needs=Permission.READ_ANALYTICS)
    async def export(self, info: Info, id: IdArgument) -> Export | None:
        view = await info.context.load("exports", parse_key(id, "Export", "id"))
        return Export.of(view) if view else None


@strawberry.type
class ExportMutation:
    """What can be done about them."""

    @mutation("Have data written into a file, in the background.", needs=Permission.READ_ANALYTICS)
    async def create_export(self, info: Info, input: c.CreateExportInput) -> c.CreateExportPayload | None:
        wanted = input.filters.wanted("input.filters") if input.filters else ExportFilter()
        receipt = await info.context.services.doors.exports.create(
            info.context.actor, input.dataset, input.format, wanted, key=key_of(input)
        )
        return c.CreateExportSuccess(export=await shown(info, "exports", receipt.id, Export.of))

    @mutation("End an export early; nothing of it stays.", needs=Permission.READ_ANALYTICS)
    async def cancel_export(self, info: Info, input: c.CancelExportInput) -> c.CancelExportPayload | None:
        key = parse_key(input.export_id, "Export", "input.exportId")
        await info.context.services.doors.exports.cancel(info.context.actor, key, key=key_of(input))
        return c.CancelExportSuccess(export=await shown(info, "exports", key, Export.of))


@strawberry.type
class ExportSubscription:
    """How far they are."""

    @subscription("What happens to an export, until it is over.", needs=Permission.READ_ANALYTICS)
    async def export_changed(
        self, info: Info, id: IdArgument, after: Cursor = None
    ) -> AsyncGenerator[ExportChange, None]:
        context, key = info.context, parse_key(id, "Export", "id")
        feed = context.services.doors.export_feed
        async with aclosing(feed.follow(context.actor, key, place_of(after))) as items:
            async for item in items:
                told = export_change(item) if isinstance(item, Recorded) else resync(item)
                if told is not None:
                    yield told
