"""Rows as bytes: CSV that no spreadsheet runs, JSON lines, and Parquet."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Protocol

import orjson
from sqlalchemy import ARRAY, Boolean, ColumnElement, DateTime, Float, Integer, Numeric

from domain.export.events import ExportFormat
from infra.process.late import Late

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq
else:
    pa, pq = Late("pyarrow"), Late("pyarrow.parquet")

RUN = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A spreadsheet runs a cell that begins so, or takes it for the beginning of one that it runs."""
COMPRESSION = "zstd"
GROUP = 20_000
"""Rows of a group, which are held in columns until they are written."""

Rows = Sequence[Sequence[Any]]


def instant(at: datetime) -> str:
    """A time in ISO 8601, in UTC, to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


class Writer(Protocol):
    """Takes rows in, batch by batch, for one file. It is called in a thread."""

    def write(self, rows: Rows) -> None:
        """Write a batch."""
        ...

    def close(self) -> None:
        """Write what is still to be written."""
        ...


class CsvWriter:
    """RFC 4180 in UTF-8; its first line has the names, where it is the first part."""

    def __init__(self, file: IO[bytes], columns: Sequence[ColumnElement[Any]], *, is_first: bool) -> None:
        self._text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=False)
        self._csv = csv.writer(self._text)
        self._cells = [cell_of(column) for column in columns]
        if is_first:
            self._csv.writerow([_name(column) for column in columns])

    def write(self, rows: Rows) -> None:
        """Write a batch."""
        cells = self._cells
        self._csv.writerows([cell(value) for cell, value in zip(cells, row, strict=True)] for row in rows)

    def close(self) -> None:
        """Write what is still to be written."""
        self._text.flush()
        self._text.detach()


def cell_of(column: ColumnElement[Any]) -> Callable[[Any], Any]:
    """How the values of a column become cells: a number stays one, text is never run, nothing is empty."""
    match column.type:
        case Boolean():
            return lambda value: "" if value is None else "true" if value else "false"
        case Integer() | Float() | Numeric():
            return lambda value: "" if value is None else value
        case DateTime():
            return lambda value: "" if value is None else instant(value)
        case ARRAY():
            return lambda value: "" if value is None else tame(" ".join(map(str, value)))
    return lambda value: "" if value is None else tame(str(value))


def tame(text: str) -> str:
    """Text with a quote mark before it where a spreadsheet would run it."""
    return f"'{text}" if text.startswith(RUN) else text


class JsonWriter:
    """One JSON object a line."""

    def __init__(self, file: IO[bytes], columns: Sequence[ColumnElement[Any]]) -> None:
        self._file = file
        self._names = [_name(column) for column in columns]

    def write(self, rows: Rows) -> None:
        """Write a batch."""
        names = self._names
        self._file.write(b"".join(_line(dict(zip(names, row, strict=True))) for row in rows))

    def close(self) -> None:
        """Nothing is held back."""


def _line(value: dict[str, Any]) -> bytes:
    return orjson.dumps(value, default=_said, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_PASSTHROUGH_DATETIME)


def _said(value: Any) -> Any:
    if isinstance(value, datetime):
        return instant(value)
    return float(value) if isinstance(value, Decimal) else str(value)


class ParquetWriter:
    """Parquet, in groups of rows."""

    def __init__(self, file: IO[bytes], columns: Sequence[ColumnElement[Any]]) -> None:
        _hoard_nothing()
        self._schema = pa.schema([(_name(column), _arrow(column)) for column in columns])
        self._plain = [_plain(column) for column in columns]
        self._writer = pq.ParquetWriter(file, self._schema, compression=COMPRESSION)
        self._batches: list[Any] = []

    def write(self, rows: Rows) -> None:
        """Take a batch in, and write a group where there are enough."""
        if rows:
            columns = zip(*rows, strict=True)
            arrays = [
                pa.array(values if plain is None else [None if one is None else plain(one) for one in values], kind)
                for values, plain, kind in zip(columns, self._plain, self._schema.types, strict=True)
            ]
            self._batches.append(pa.record_batch(arrays, schema=self._schema))
        if sum(batch.num_rows for batch in self._batches) >= GROUP:
            self._write_group()

    def close(self) -> None:
        """Write what is still to be written."""
        self._write_group()
        self._writer.close()

    def _write_group(self) -> None:
        if self._batches:
            table = pa.Table.from_batches(self._batches, self._schema)
            self._batches.clear()
            self._writer.write_table(table, row_group_size=table.num_rows)
            del table
            _give_back()


def _hoard_nothing() -> None:
    """Let Arrow take memory from the system: its own pools keep what they had at the most."""
    pa.set_memory_pool(pa.system_memory_pool())


def _give_back() -> None:
    """Let the system have back what is free, of which several threads' heaps hold more and more otherwise."""
    pa.default_memory_pool().release_unused()


def _arrow(column: ColumnElement[Any]) -> Any:
    match column.type:
        case Boolean():
            return pa.bool_()
        case Integer():
            return pa.int64()
        case Float() | Numeric():
            return pa.float64()
        case DateTime():
            return pa.timestamp("us", tz="UTC")
        case ARRAY():
            return pa.list_(pa.string())
    return pa.string()


def _plain(column: ColumnElement[Any]) -> Callable[[Any], Any] | None:
    """How values become what Arrow takes; None where they are that already."""
    match column.type:
        case Boolean() | Integer() | DateTime():
            return None
        case Float() | Numeric():
            return float
        case ARRAY():
            return lambda value: [str(one) for one in value]
    return str


def join_parquet(parts: Sequence[Path], whole: Path) -> None:
    """Make one file of several, a row group at a time."""
    _hoard_nothing()
    with pq.ParquetWriter(whole, pq.read_schema(parts[0]), compression=COMPRESSION) as writer:
        for path in parts:
            with pq.ParquetFile(path) as part:
                for number in range(part.num_row_groups):
                    writer.write_table(part.read_row_group(number, use_threads=False))
                    _give_back()


def writer_of(form: ExportFormat, file: IO[bytes], columns: Sequence[ColumnElement[Any]], *, is_first: bool) -> Writer:
    """What writes a part in a form."""
    if form is ExportFormat.CSV:
        return CsvWriter(file, columns, is_first=is_first)
    return JsonWriter(file, columns) if form is ExportFormat.JSONL else ParquetWriter(file, columns)


def _name(column: ColumnElement[Any]) -> str:
    return str(getattr(column, "name"))  # noqa: B009  a label has one, a bare expression has none
