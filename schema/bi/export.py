"""Exports as people see them, and what happens to them."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from domain.account.permission import Permission
from domain.base import Recorded
from domain.export import events
from domain.export.export import ExportView
from domain.export.filter import ExportFilter as Filter
from schema.base import Info, Node, edge, encode_cursor, field, global_id
from schema.change import ResyncRequired
from schema.needs import needing
from schema.number import BigInt

strawberry.enum(
    events.Dataset,
    description="What can be exported: the facts behind the numbers, without any text, and `TRANSCRIPTS`, what was "
    "said, for those who may read all conversations.",
)
strawberry.enum(
    events.ExportFormat,
    description="How an export is written. In `CSV`, text that a spreadsheet would run has a quote mark before it.",
)
strawberry.enum(events.ExportState, description="How far an export is; only a `DONE` one can be had.")


@strawberry.type(description="Which rows an export has; what is unset leaves out nothing.")
class ExportFilter:
    """What it was filtered by."""

    since: datetime | None = strawberry.field(name="from", description="From then on.")
    until: datetime | None = strawberry.field(name="to", description="Before then.")
    inbox_ids: list[strawberry.ID] = strawberry.field(description="Only of these inboxes, unless there are none here.")
    team_ids: list[strawberry.ID] = strawberry.field(description="Only of these teams, unless there are none here.")
    channels: list[str] = strawberry.field(description="Only of these channels, unless there are none here.")

    @classmethod
    def of(cls, wanted: Filter) -> "ExportFilter":
        """Built from the domain's."""
        return cls(
            since=wanted.since,
            until=wanted.until,
            inbox_ids=[global_id("Inbox", each) for each in wanted.inbox_ids],
            team_ids=[global_id("Team", each) for each in wanted.team_ids],
            channels=list(wanted.channels),
        )


@needing(Permission.READ_ANALYTICS)
@strawberry.type(description="Data on its way out, as a file that can be had for three days.")
class Export(Node):
    """An export."""

    view: strawberry.Private[ExportView]
    dataset: events.Dataset = strawberry.field(description="Of what.")
    format: events.ExportFormat = strawberry.field(description="In which form.")
    filters: ExportFilter = strawberry.field(description="Of which rows.")
    state: events.ExportState = strawberry.field(description="How far it is.")
    why: str | None = strawberry.field(description="Why it failed, if it did.")
    total: BigInt | None = strawberry.field(
        description="Rows that were there when it began; null before, and where counting would take long."
    )
    rows: BigInt = strawberry.field(description="Rows written so far.")
    bytes: BigInt = strawberry.field(description="Bytes written so far; of a finished one those of its file.")
    name: str = strawberry.field(description="What its file is called.")
    cursor: str = strawberry.field(description="Where it stands: `exportChanged(after:)` goes on from there.")
    created_at: datetime = strawberry.field(description="When it was asked for: later rows are not in it.")
    finished_at: datetime | None = strawberry.field(description="When it was over, however it ended.")
    expires_at: datetime | None = strawberry.field(description="When the file goes; null until it is there.")

    @field("Where to get it by a plain GET, for a quarter of an hour: then ask again. Null unless `DONE`.")
    async def url(self, info: Info) -> str | None:
        url: str | None = await info.context.load("export_urls", self.view)
        return url

    @classmethod
    def of(cls, view: ExportView) -> "Export":
        """Built from its view."""
        return cls(
            key=view.id,
            view=view,
            dataset=view.dataset,
            format=view.format,
            filters=ExportFilter.of(view.filter),
            state=view.state,
            why=view.why,
            total=None if view.total is None else BigInt(view.total),
            rows=BigInt(view.rows),
            bytes=BigInt(view.bytes),
            name=view.name,
            cursor=encode_cursor([str(view.version)]),
            created_at=view.created_at,
            finished_at=view.finished_at,
            expires_at=view.expires_at,
        )


@needing(Permission.READ_ANALYTICS)
@strawberry.interface(description="Something that happened to an export.")
class ExportEvent:
    """What all of its events share."""

    export_key: strawberry.Private[UUID]
    cursor: str = strawberry.field(description="Its place: `exportChanged(after:)` goes on from there.")
    at: datetime = strawberry.field(description="When it happened.")
    export: Export | None = edge("exports", "export_key", of=Export.of, description="The export as it is now.")


@strawberry.type(description="Somebody asked for it.")
class ExportRequested(ExportEvent):
    """An event."""


@strawberry.type(description="It is being written.")
class ExportBegun(ExportEvent):
    """An event."""


@strawberry.type(description="More of it is written.")
class ExportProgressed(ExportEvent):
    """An event."""

    rows: BigInt = strawberry.field(description="Rows written so far.")
    bytes: BigInt = strawberry.field(description="Bytes written so far.")


@strawberry.type(description="It can be had. Nothing follows.")
class ExportFinished(ExportEvent):
    """An event."""

    rows: BigInt = strawberry.field(description="Its rows.")
    bytes: BigInt = strawberry.field(description="Bytes of its file.")


@strawberry.type(description="It could not be written. Nothing follows.")
class ExportFailed(ExportEvent):
    """An event."""

    why: str = strawberry.field(description="Why.")


@strawberry.type(description="Somebody ended it early. Nothing follows.")
class ExportCancelled(ExportEvent):
    """An event."""


ExportChange = Annotated[
    ExportRequested | ExportBegun | ExportProgressed | ExportFinished | ExportFailed | ExportCancelled | ResyncRequired,
    strawberry.union("ExportChange", description="What `exportChanged` tells."),
]
PLAIN = {
    events.ExportRequested: ExportRequested,
    events.ExportBegun: ExportBegun,
    events.ExportCancelled: ExportCancelled,
}


def export_change(item: Recorded) -> Any:
    """The type of a recorded event; None for kinds that this code does not know."""
    shared: dict[str, Any] = {"export_key": UUID(item.stream.partition(":")[2]), "at": item.at}
    shared["cursor"] = encode_cursor([str(item.version)])
    match item.event:
        case events.ExportProgressed(rows=rows, bytes=size):
            return ExportProgressed(rows=BigInt(rows), bytes=BigInt(size), **shared)
        case events.ExportFinished(rows=rows, bytes=size):
            return ExportFinished(rows=BigInt(rows), bytes=BigInt(size), **shared)
        case events.ExportFailed(why=why):
            return ExportFailed(why=why, **shared)
    made = PLAIN.get(type(item.event))
    return made and made(**shared)
