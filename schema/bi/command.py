"""What goes into and comes out of the mutations on exports and SQL logins."""

from datetime import datetime
from typing import Annotated

import strawberry

from domain.export.events import Dataset, ExportFormat
from domain.export.filter import ExportFilter
from schema.access_command import reason_field
from schema.base import parse_keys
from schema.bi.export import Export
from schema.bi.login import SqlDoor, SqlLogin
from schema.command import idempotency_key_field
from schema.errors import CommonError, ExportQuotaExceededError


@strawberry.input(description="Which rows to export; what is unset leaves out nothing.")
class ExportFilterInput:
    """What to filter by."""

    since: datetime | None = strawberry.field(name="from", default=None, description="From then on.")
    until: datetime | None = strawberry.field(name="to", default=None, description="Before then.")
    inbox_ids: list[strawberry.ID] | None = strawberry.field(default=None, description="Only of these, at most 100.")
    team_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Only of these, at most 100. `TRANSCRIPTS` does not know teams."
    )
    channels: list[str] | None = strawberry.field(
        default=None, description="Only of these, such as `email`. `TRANSCRIPTS` does not know channels."
    )

    def wanted(self, path: str) -> ExportFilter:
        """What it says; `InvalidInputError` where an id is none."""
        return ExportFilter(
            since=self.since,
            until=self.until,
            inbox_ids=tuple(parse_keys(self.inbox_ids, "Inbox", f"{path}.inboxIds")),
            team_ids=tuple(parse_keys(self.team_ids, "Team", f"{path}.teamIds")),
            channels=tuple(self.channels or ()),
        )


@strawberry.input(description="What to export.")
class CreateExportInput:
    """Input of `createExport`."""

    dataset: Dataset = strawberry.field(description="Of what.")
    format: ExportFormat = strawberry.field(description="In which form.")
    filters: ExportFilterInput | None = strawberry.field(default=None, description="Of which rows; all if unset.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="The export to end.")
class CancelExportInput:
    """Input of `cancelExport`."""

    export_id: strawberry.ID = strawberry.field(description="Which.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.type(description="The export is asked for: `exportChanged` tells how far it is.")
class CreateExportSuccess:
    """Success of `createExport`."""

    export: Export = strawberry.field(description="The export.")


@strawberry.type(description="The export is over; nothing of it stays.")
class CancelExportSuccess:
    """Success of `cancelExport`."""

    export: Export = strawberry.field(description="The export as it is now.")


CreateExportPayload = Annotated[
    CreateExportSuccess | ExportQuotaExceededError | CommonError,
    strawberry.union("CreateExportPayload", description="What came of `createExport`."),
]
CancelExportPayload = Annotated[
    CancelExportSuccess | CommonError,
    strawberry.union("CancelExportPayload", description="What came of `cancelExport`."),
]


@strawberry.input(description="A new SQL login.")
class CreateSqlLoginInput:
    """Input of `createSqlLogin`."""

    name: str = strawberry.field(description="What it is for, such as `Metabase`: 1 to 100 characters.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="The SQL login to end.")
class RevokeSqlLoginInput:
    """Input of `revokeSqlLogin`."""

    sql_login_id: strawberry.ID = strawberry.field(description="Which.")
    reason: str | None = reason_field()
    idempotency_key: str | None = idempotency_key_field()


@strawberry.type(description="The login is good from now on.")
class CreateSqlLoginSuccess:
    """Success of `createSqlLogin`."""

    sql_login: SqlLogin = strawberry.field(description="The login.")
    door: SqlDoor = strawberry.field(description="Where it signs in.")
    password: str | None = strawberry.field(
        description="Its password. It is shown here, this once; a request that is repeated with its idempotency key "
        "gets null."
    )


@strawberry.type(description="The login is worth nothing any more; what it was doing has ended.")
class RevokeSqlLoginSuccess:
    """Success of `revokeSqlLogin`."""

    sql_login: SqlLogin = strawberry.field(description="The login as it is now.")


CreateSqlLoginPayload = Annotated[
    CreateSqlLoginSuccess | CommonError,
    strawberry.union("CreateSqlLoginPayload", description="What came of `createSqlLogin`."),
]
RevokeSqlLoginPayload = Annotated[
    RevokeSqlLoginSuccess | CommonError,
    strawberry.union("RevokeSqlLoginPayload", description="What came of `revokeSqlLogin`."),
]
