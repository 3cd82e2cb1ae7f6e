"""Requests about people's data, put together once in a process."""

from __future__ import annotations

from datetime import timedelta

from domain.base import Clock, Identifiers
from domain.export.service import Exports
from domain.file.ports import FileStore
from domain.privacy.desk import Privacy
from domain.privacy.fulfilment import Fulfilment
from domain.privacy.ports import ForgettableReplies
from domain.privacy.service import PrivacyRequests
from infra.database import Database
from infra.privacy.archive import ZippedExports
from infra.privacy.transcripts import SqlTranscripts
from infra.settings import Settings
from infra.unit_of_work import SqlUnits


def privacy_of(
    chosen: Settings,
    database: Database,
    units: SqlUnits,
    *,
    store: FileStore,
    replies: ForgettableReplies,
    exports: Exports,
    clock: Clock,
    new_id: Identifiers,
) -> Privacy:
    """Make them."""
    archive, grace = ZippedExports(database, store, clock), timedelta(hours=chosen.erasure_grace_hours)
    transcripts = SqlTranscripts(units, exports)
    return Privacy(
        PrivacyRequests(units, archive, new_id, clock, grace),
        Fulfilment(units, archive, store, replies, transcripts, clock),
    )
