"""The ways out, put together once in a process."""

from __future__ import annotations

from sqlalchemy.engine import make_url

from domain.base import Clock, Identifiers
from domain.bi.doors import Doors
from domain.bi.login import Door, SqlLogins
from infra.bi.stored import SqlLoginWatch
from infra.database import Database
from infra.exports.composition import exports_of
from infra.exports.stored import SqlExportFeed
from infra.journal import SqlJournal
from infra.live.hub import Hub
from infra.settings import Settings
from infra.unit_of_work import SqlUnits

POSTGRES_PORT = 5432


def doors_of(
    chosen: Settings,
    database: Database,
    units: SqlUnits,
    journal: SqlJournal,
    hub: Hub,
    *,
    clock: Clock,
    new_id: Identifiers,
) -> Doors:
    """Make them, as the settings say."""
    watch = SqlLoginWatch(database, chosen.sql_statement_seconds)
    logins = SqlLogins(units, new_id, door_of(chosen), chosen.sql_logins, watch)
    exports = exports_of(chosen, database, units, clock, new_id)
    return Doors(exports, SqlExportFeed(database, journal, hub), logins)


def door_of(chosen: Settings) -> Door:
    """Where BI tools reach the database: as the setting says, or as we do; our own server listens on loopback."""
    url = make_url(chosen.sqlalchemy_url)
    host, port = url.host or str(url.query.get("host", "")), url.port or int(str(url.query.get("port", POSTGRES_PORT)))
    if not host or host.startswith("/"):
        host = "127.0.0.1"
    if chosen.sql_address:
        host, _, given = chosen.sql_address.rpartition(":")
        port = int(given)
    return Door(host, port, url.database or "", chosen.sql_statement_seconds, chosen.sql_login_connections)
