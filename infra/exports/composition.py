"""Exports, put together once in a process."""

from __future__ import annotations

from pathlib import Path

from domain.base import Clock, Identifiers
from domain.export.service import ExportQuotas, Exports
from infra.database import Database
from infra.exports.extracting import SqlExportSource
from infra.exports.keeping import BucketAddresses, LocalAddresses, StoredExports
from infra.files.addresses import place_of
from infra.files.signing import Passes
from infra.settings import Settings
from infra.unit_of_work import SqlUnits


def exports_of(chosen: Settings, database: Database, units: SqlUnits, clock: Clock, new_id: Identifiers) -> Exports:
    """Make them, as the settings say."""
    place = place_of(chosen.files_url, chosen.data_dir)
    passes = Passes(chosen.secret, chosen.public_address)
    store = StoredExports(LocalAddresses(place, passes, clock) if isinstance(place, Path) else BucketAddresses(place))
    quotas = ExportQuotas(chosen.exports_at_once, chosen.exports_a_day)
    return Exports(units, SqlExportSource(database, store), store, new_id, quotas)
