"""Rows out of the database, some thousands at a time from a cursor on the server, into a file and so to the store."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Select, func, text
from sqlalchemy.exc import DBAPIError

from domain.export.events import Dataset, ExportFormat
from domain.export.export import Export, Part
from infra.database import Database
from infra.exports.datasets import SOURCES, place_of
from infra.exports.keeping import StoredExports, chunks_of
from infra.exports.writing import Writer, join_parquet, writer_of

BATCH = 2_000
"""Rows that are in memory at a time."""
PART_ROWS = 50_000
"""Rows of a part: what a killed worker makes somebody write again, some seconds' work."""
PART_TEXTS = 10_000
"""The same where rows hold what people wrote."""
AT_ONCE = 2
"""Parts that one process writes at a time: each holds a connection."""
COUNT_WITHIN = text("SET LOCAL statement_timeout = '3s'")


class SqlExportSource:
    """Writes exports part by part, each from a snapshot of its own, in the order of the rows' key."""

    def __init__(self, database: Database, store: StoredExports, *, part_rows: int | None = None) -> None:
        self._database = database
        self._store = store
        self._part_rows = part_rows
        self._places = asyncio.Semaphore(AT_ONCE)

    def check(self, export: Export) -> None:
        """`InvalidInputError` where the dataset knows nothing of what it is filtered by."""
        SOURCES[export.dataset].check(export)

    async def total(self, export: Export) -> int | None:
        """How many rows there are, None where three seconds are not enough to count them."""
        wanted = SOURCES[export.dataset].wanted(export).with_only_columns(func.count(), maintain_column_froms=True)
        try:
            async with self._database.tenant(export.organization_id, snapshot=True) as connection:
                await connection.execute(COUNT_WITHIN)
                return await connection.scalar(wanted)
        except DBAPIError:
            return None

    async def write(self, export: Export) -> Part:
        """Write the next part into the store, instead of one that a try before left there."""
        async with self._places:
            with TemporaryDirectory(prefix="parley-export-") as folder:
                path = Path(folder) / "part"
                rows, place = await self._written(export, path)
                size = await self._store.put_part(export, path)
        return Part(rows, size, place or export.place, is_last=rows < self._most(export))

    async def join(self, export: Export) -> int:
        """Make one file of all parts; its bytes. Lines are copied; of Parquet each group of rows is written anew."""
        async with self._places:
            if export.format is not ExportFormat.PARQUET:
                return await self._store.put(export, self._store.parts(export))
            return await self._join_parquet(export)

    async def _join_parquet(self, export: Export) -> int:
        with TemporaryDirectory(prefix="parley-export-") as folder:
            whole = Path(folder) / "whole"
            parts = await self._store.fetch(export, Path(folder))
            await asyncio.to_thread(join_parquet, parts, whole)
            return await self._store.put(export, chunks_of(whole))

    async def _written(self, export: Export, path: Path) -> tuple[int, tuple[str, ...] | None]:
        """Write a part into a file; how many rows, and the key of the last of them."""
        source = SOURCES[export.dataset]
        width, rows, place = len(source.columns), 0, None
        with path.open("wb") as file:
            writer = await asyncio.to_thread(writer_of, export.format, file, source.columns, is_first=export.parts == 0)
            async with self._batches(export, source.following(export, self._most(export))) as batches:
                async for batch in batches:
                    await asyncio.to_thread(_write, writer, batch, width)
                    rows, place = rows + len(batch), place_of(batch[-1][width:])
            await asyncio.to_thread(writer.close)
        return rows, place

    @asynccontextmanager
    async def _batches(self, export: Export, wanted: Select[Any]) -> AsyncIterator[AsyncIterator[Sequence[Any]]]:
        async with self._database.tenant(export.organization_id, snapshot=True) as connection:
            options = {"yield_per": BATCH}
            async with connection.stream(wanted, execution_options=options) as result:
                yield result.partitions(BATCH)

    def _most(self, export: Export) -> int:
        if self._part_rows is not None:
            return self._part_rows
        return PART_TEXTS if export.dataset is Dataset.TRANSCRIPTS else PART_ROWS


def _write(writer: Writer, batch: Sequence[Any], width: int) -> None:
    writer.write([row[:width] for row in batch])
