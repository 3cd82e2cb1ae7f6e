"""What the files of exports look like: times, numbers, and cells that no spreadsheet runs."""

import csv
import io
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sqlalchemy import Boolean, Column, DateTime, Double, Integer, Text, Uuid

from domain.export.events import ExportFormat
from infra.exports.writing import RUN, join_parquet, writer_of

COLUMNS: list[Any] = [
    Column("id", Uuid),
    Column("at", DateTime(timezone=True)),
    Column("text", Text),
    Column("number", Integer),
    Column("share", Double),
    Column("sure", Boolean),
]
ID = UUID("01890000-0000-7000-8000-000000000001")
AT = datetime(2026, 3, 1, 9, 30, tzinfo=timezone(timedelta(hours=1)))
TELLING = "2026-03-01T08:30:00.000000Z"
ROW = (ID, AT, 'Ünser "Laden",\nzwei', -7, 0.25, True)
NOTHING = (ID, AT, None, None, None, None)


def written(form: ExportFormat, *batches: list[Any], is_first: bool = True) -> bytes:
    file = io.BytesIO()
    writer = writer_of(form, file, COLUMNS, is_first=is_first)
    for batch in batches:
        writer.write(batch)
    writer.close()
    return file.getvalue()


def test_csv_is_what_others_read() -> None:
    found = list(csv.reader(io.StringIO(written(ExportFormat.CSV, [ROW], [NOTHING]).decode(), newline="")))
    assert found == [
        ["id", "at", "text", "number", "share", "sure"],
        [str(ID), TELLING, 'Ünser "Laden",\nzwei', "-7", "0.25", "true"],
        [str(ID), TELLING, "", "", "", ""],
    ]


def test_later_parts_of_csv_have_no_names() -> None:
    assert written(ExportFormat.CSV, [ROW], is_first=False).startswith(str(ID).encode())


@pytest.mark.parametrize("begin", RUN)
def test_no_cell_is_run_by_a_spreadsheet(begin: str) -> None:
    attack = f'{begin}HYPERLINK("http://evil.example",1)'
    row = (ID, AT, attack, -7, -0.5, True)
    [_, cells] = csv.reader(io.StringIO(written(ExportFormat.CSV, [row]).decode(), newline=""))
    assert cells[2] == f"'{attack}"
    assert cells[3:5] == ["-7", "-0.5"], "numbers are numbers"


def test_json_lines() -> None:
    lines = written(ExportFormat.JSONL, [ROW], [NOTHING]).splitlines()
    text = 'Ünser "Laden",\nzwei'
    assert orjson.loads(lines[0]) == {
        "id": str(ID),
        "at": TELLING,
        "text": text,
        "number": -7,
        "share": 0.25,
        "sure": True,
    }
    assert orjson.loads(lines[1])["text"] is None and len(lines) == 2


def test_parquet_knows_its_types_and_its_parts_become_row_groups(tmp_path: Path) -> None:
    batches: list[list[Any]] = [[ROW], [NOTHING, ROW], []]
    for number, batch in enumerate(batches):
        (tmp_path / str(number)).write_bytes(written(ExportFormat.PARQUET, batch))
    whole = tmp_path / "whole"
    join_parquet([tmp_path / str(number) for number in range(3)], whole)
    with pq.ParquetFile(whole) as file:
        assert file.num_row_groups == 2
        table = file.read()
    assert table.schema.field("at").type == pa.timestamp("us", tz="UTC")
    assert table.schema.field("number").type == pa.int64()
    assert table.column("at").to_pylist() == [AT.astimezone(UTC)] * 3
    assert table.column("text").to_pylist() == [ROW[2], None, ROW[2]]
    assert table.column("id").to_pylist() == [str(ID)] * 3
