"""Exports without a worker: each step by hand, repeated, lost, cancelled in the middle; and how many there may be."""

import asyncio
import csv
import io
from datetime import timedelta
from typing import Any
from uuid import UUID

import obstore
import pyarrow.parquet as pq
import pytest

from domain.account.permission import Permission, Scope
from domain.base import Actor, ActorKind, ForbiddenError, InvalidInputError, InvalidStateError, NotFoundError
from domain.export.events import Dataset, ExportFormat, ExportState
from domain.export.export import Export, ExportQuotaError, ExportView, Part
from domain.export.filter import ExportFilter
from domain.export.service import ExportQuotas, Exports
from infra import bootstrap
from infra.exports.extracting import SqlExportSource
from infra.exports.keeping import StoredExports
from tests.exports.golden import BEGAN, golden, put, put_many
from tests.stack import Company

ROOMY = ExportQuotas(at_once=100, a_day=100)


def exports_of(parts: bootstrap.Parts, part_rows: int = 100) -> Exports:
    """The parts' exports with short parts and no quotas."""
    made = parts.doors.exports
    assert isinstance(made.store, StoredExports)
    source = SqlExportSource(parts.database, made.store, part_rows=part_rows)
    return Exports(made.units, source, made.store, made.new_id, ROOMY)


async def look(parts: bootstrap.Parts, actor: Actor, export_id: UUID) -> ExportView:
    reads = parts.seen_by(actor)
    [view] = await reads.exports([export_id])
    await reads.end()
    assert view is not None
    return view


async def finish(exports: Exports, parts: bootstrap.Parts, actor: Actor, export_id: UUID) -> ExportView:
    while (view := await look(parts, actor, export_id)).state in (ExportState.QUEUED, ExportState.RUNNING):
        await exports.work(actor.tenant, export_id, view.version)
    return view


async def content(exports: Exports, export: ExportView) -> bytes:
    assert isinstance(exports.store, StoredExports)
    path = f"kept/{export.organization_id}/{export.id}"
    return bytes(await (await obstore.get_async(exports.store._store, path)).bytes_async())


async def left(exports: Exports, export: ExportView) -> list[str]:
    assert isinstance(exports.store, StoredExports)
    listed = [each["path"] async for batch in obstore.list(exports.store._store) for each in batch]
    return [path for path in listed if str(export.id) in path]


@pytest.mark.parametrize("form", list(ExportFormat))
async def test_every_row_once_whatever_is_repeated(
    parts: bootstrap.Parts, company: Company, database_url: str, form: ExportFormat
) -> None:
    """Each step is done twice, and one part is written by a worker that dies before it says so."""
    await put_many(database_url, company.id, 249)
    exports, analyst = exports_of(parts), company.admin
    export_id = (await exports.create(analyst, Dataset.CONVERSATIONS, form, ExportFilter())).id
    seen = []
    while (view := await look(parts, analyst, export_id)).state in (ExportState.QUEUED, ExportState.RUNNING):
        async with parts.units(analyst) as unit:
            held = await unit.exports.get(export_id)
        if view.state is ExportState.RUNNING and not held.is_whole:
            await exports.source.write(held)
        for _ in range(2):
            await exports.work(company.id, export_id, view.version)
        seen.append(view.rows)
    assert seen == [0, 0, 100, 200, 250]
    assert (view.state, view.rows, view.total) == (ExportState.DONE, 250, 250)
    ids = ids_of(form, whole := await content(exports, view))
    assert len(ids) == len(set(ids)) == 250
    assert len(whole) == view.bytes
    assert await left(exports, view) == [f"kept/{company.id}/{export_id}"]


def ids_of(form: ExportFormat, whole: bytes) -> list[Any]:
    if form is ExportFormat.PARQUET:
        return list(pq.read_table(io.BytesIO(whole)).column("id").to_pylist())
    if form is ExportFormat.CSV:
        return [row["id"] for row in csv.DictReader(io.StringIO(whole.decode(), newline=""))]
    return [line.split(b'"')[3] for line in whole.splitlines()]


async def test_an_export_of_nothing_is_a_file_all_the_same(parts: bootstrap.Parts, company: Company) -> None:
    exports = exports_of(parts)
    for form in ExportFormat:
        export_id = (await exports.create(company.admin, Dataset.RATINGS, form, ExportFilter())).id
        view = await finish(exports, parts, company.admin, export_id)
        assert (view.state, view.rows, ids_of(form, await content(exports, view))) == (ExportState.DONE, 0, [])


async def test_filters_choose_rows(parts: bootstrap.Parts, company: Company, database_url: str) -> None:
    await put(database_url, "conversation", golden(company.id))
    exports = exports_of(parts)
    for wanted, rows in (
        (ExportFilter(since=BEGAN + timedelta(hours=1)), 3),
        (ExportFilter(until=BEGAN + timedelta(hours=1)), 1),
        (ExportFilter(channels=("email",)), 2),
        (ExportFilter(channels=("sms",)), 0),
    ):
        export_id = (await exports.create(company.admin, Dataset.CONVERSATIONS, ExportFormat.CSV, wanted)).id
        assert (await finish(exports, parts, company.admin, export_id)).rows == rows
    for foreign, path in (
        (ExportFilter(inbox_ids=(company.id,)), "inboxIds"),
        (ExportFilter(team_ids=(company.id,)), "teamIds"),
    ):
        with pytest.raises(InvalidInputError, match=f"{path}: There is no such"):
            await exports.create(company.admin, Dataset.MESSAGES, ExportFormat.CSV, foreign)
    with pytest.raises(InvalidInputError, match="teamIds"):
        await exports.create(company.admin, Dataset.TRANSCRIPTS, ExportFormat.CSV, ExportFilter(team_ids=(company.id,)))
    with pytest.raises(InvalidInputError, match="time zone"):
        await exports.create(
            company.admin, Dataset.RATINGS, ExportFormat.CSV, ExportFilter(since=BEGAN.replace(tzinfo=None))
        )


class Slow:
    """A source that takes for ever over a part, as over a slow database."""

    def __init__(self) -> None:
        self.begun, self.ended = asyncio.Event(), asyncio.Event()

    def check(self, export: Export) -> None:
        """Anything goes."""

    async def total(self, export: Export) -> int | None:
        return None

    async def write(self, export: Export) -> Part:
        self.begun.set()
        try:
            await asyncio.sleep(600)
        finally:
            self.ended.set()
        raise AssertionError

    async def join(self, export: Export) -> int:
        raise AssertionError


async def test_cancelled_it_stops_within_a_second_and_leaves_nothing(
    parts: bootstrap.Parts, company: Company, database_url: str
) -> None:
    await put_many(database_url, company.id, 149)
    quick, slow = exports_of(parts), Slow()
    exports = Exports(quick.units, slow, quick.store, quick.new_id, ROOMY)
    export_id = (await quick.create(company.admin, Dataset.CONVERSATIONS, ExportFormat.CSV, ExportFilter())).id
    for version in (1, 2):
        await quick.work(company.id, export_id, version)
    assert await left(quick, await look(parts, company.admin, export_id)) != []
    writing = asyncio.create_task(exports.work(company.id, export_id, 3))
    await slow.begun.wait()
    await quick.cancel(company.admin, export_id)
    async with asyncio.timeout(1):
        await slow.ended.wait()
    await writing
    view = await look(parts, company.admin, export_id)
    assert view.state is ExportState.CANCELLED and view.finished_at is not None
    assert await left(quick, view) == []
    with pytest.raises(InvalidStateError, match="cancelled already"):
        await quick.cancel(company.admin, export_id)


async def test_an_organization_has_so_many_at_once_and_a_day(parts: bootstrap.Parts, company: Company) -> None:
    exports, admin = parts.doors.exports, company.admin

    async def ask() -> UUID:
        return (await exports.create(admin, Dataset.RATINGS, ExportFormat.CSV, ExportFilter())).id

    made = [await ask() for _ in range(3)]
    with pytest.raises(ExportQuotaError) as refused:
        await ask()
    assert (refused.value.limit, refused.value.free_at) == (3, None)
    for export_id in made:
        await exports.cancel(admin, export_id)
    await exports.cancel(admin, await ask())
    with pytest.raises(ExportQuotaError) as refused:
        await ask()
    assert refused.value.limit == 4 and refused.value.free_at is not None
    assert timedelta(hours=23) < refused.value.free_at - bootstrap.now() < timedelta(days=1)


async def test_together_they_ask_for_no_more_than_there_may_be(parts: bootstrap.Parts, company: Company) -> None:
    asked = (
        parts.doors.exports.create(company.admin, Dataset.RATINGS, ExportFormat.CSV, ExportFilter()) for _ in range(6)
    )
    found = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(each) for each in found].count(ExportQuotaError) == 3


async def test_what_was_said_is_for_those_who_may_read_it_all(parts: bootstrap.Parts, company: Company) -> None:
    exports = exports_of(parts)
    analyst = Actor(ActorKind.API_KEY, company.id, company.id, {Permission.READ_ANALYTICS: Scope.ALL})
    own = {Permission.READ_ANALYTICS: Scope.ALL, Permission.READ_CONVERSATIONS: Scope.TEAM}
    for actor in (analyst, Actor(ActorKind.AGENT, company.agent.id, company.id, own)):
        with pytest.raises(ForbiddenError):
            await exports.create(actor, Dataset.TRANSCRIPTS, ExportFormat.CSV, ExportFilter())
    export_id = (await exports.create(company.admin, Dataset.TRANSCRIPTS, ExportFormat.CSV, ExportFilter())).id
    await finish(exports, parts, company.admin, export_id)
    reads = parts.seen_by(analyst)
    assert await reads.exports([export_id]) == [None]
    await reads.end()
    with pytest.raises(NotFoundError):
        await exports.cancel(analyst, export_id)
    with pytest.raises(ForbiddenError):
        await exports.create(company.agent, Dataset.RATINGS, ExportFormat.CSV, ExportFilter())


async def test_it_expires_and_its_file_goes(parts: bootstrap.Parts, company: Company) -> None:
    exports = exports_of(parts)
    export_id = (await exports.create(company.admin, Dataset.RATINGS, ExportFormat.JSONL, ExportFilter())).id
    view = await finish(exports, parts, company.admin, export_id)
    assert view.expires_at is not None and view.finished_at is not None
    assert view.expires_at - view.finished_at == timedelta(days=3)
    assert [url is not None for url in await exports.urls([view])] == [True]
    await exports.forget(company.id, export_id)
    view = await look(parts, company.admin, export_id)
    assert (view.state, await left(exports, view), await exports.urls([view])) == (ExportState.EXPIRED, [], [None])


async def test_what_cannot_be_written_fails_with_a_sentence(parts: bootstrap.Parts, company: Company) -> None:
    exports = exports_of(parts)
    export_id = (await exports.create(company.admin, Dataset.RATINGS, ExportFormat.JSONL, ExportFilter())).id
    await exports.give_up(company.id, export_id)
    view = await look(parts, company.admin, export_id)
    assert view.state is ExportState.FAILED and view.why is not None and "could not be written" in view.why
    await exports.work(company.id, export_id, view.version)
    assert (await look(parts, company.admin, export_id)).state is ExportState.FAILED


async def test_no_export_keeps_the_words_of_somebody_who_was_erased(parts: bootstrap.Parts, company: Company) -> None:
    exports, admin = exports_of(parts), company.admin

    async def ask(dataset: Dataset) -> UUID:
        return (await exports.create(admin, dataset, ExportFormat.CSV, ExportFilter())).id

    kept, gone, waiting = await ask(Dataset.RATINGS), await ask(Dataset.TRANSCRIPTS), await ask(Dataset.TRANSCRIPTS)
    for export_id in (kept, gone):
        await finish(exports, parts, admin, export_id)
    await exports.forget_words(company.id)
    views = [await look(parts, admin, export_id) for export_id in (kept, gone, waiting)]
    assert [view.state for view in views] == [ExportState.DONE, ExportState.EXPIRED, ExportState.FAILED]
    assert [bool(await left(exports, view)) for view in views] == [True, False, False]
    assert "erased" in str(views[2].why)


async def test_each_sees_and_ends_their_own_organizations_alone(
    parts: bootstrap.Parts, company: Company, other: Company
) -> None:
    exports = exports_of(parts)
    export_id = (await exports.create(company.admin, Dataset.RATINGS, ExportFormat.CSV, ExportFilter())).id
    reads = parts.seen_by(other.admin)
    assert await reads.exports([export_id]) == [None]
    await reads.end()
    with pytest.raises(NotFoundError):
        await exports.cancel(other.admin, export_id)
