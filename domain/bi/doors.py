"""The ways out together, as the resolvers and the workers have them."""

from __future__ import annotations

from dataclasses import dataclass

from domain.bi.login import SqlLogins
from domain.export.ports import ExportFeed
from domain.export.service import Exports


@dataclass(frozen=True)
class Doors:
    """The services."""

    exports: Exports
    export_feed: ExportFeed
    sql_logins: SqlLogins
