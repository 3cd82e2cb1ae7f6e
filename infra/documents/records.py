"""Files of many questions and answers: JSON lines and CSV, read line by line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from itertools import groupby
from typing import Any, BinaryIO

import orjson

from domain.knowledge.content import Document
from domain.knowledge.events import Problem
from infra.documents.text import BODIES, QUESTIONS, UnusableError, decoded, document_of

MAX_LINE = 2_000_000
"""Bytes of one line; a longer one is no question with an answer."""
MAX_RECORDS = 200_000
DELIMITERS = ",;\t"

Record = tuple[int, Mapping[str, Any]]
"""The line a record begins at, and its fields."""


class LineError(UnusableError):
    """A line that cannot be read."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line


def json_lines(name: str, stream: BinaryIO, internal_prefix: str) -> Iterator[Document | Problem]:
    """One document a line: `id`, `title`, `text`, `questions`, `audience`, `link`; all but the text may be missing."""
    return _documents(name, _json_records(stream), internal_prefix)


def table(name: str, stream: BinaryIO, internal_prefix: str) -> Iterator[Document | Problem]:
    """A CSV file with a header; rows that follow each other with the same `id` add their questions to one document."""
    records = (_merged(rows) for _, rows in groupby(_rows(stream), key=_identity))
    yield from _documents(name, records, internal_prefix)


def _documents(name: str, records: Iterator[Record | LineError], internal_prefix: str) -> Iterator[Document | Problem]:
    seen: set[str] = set()
    for record in records:
        line = record.line if isinstance(record, LineError) else record[0]
        try:
            if isinstance(record, LineError):
                raise record
            document = document_of(f"{name}#{_id(record[1])}", record[1], internal_prefix=internal_prefix)
            if document.external_id in seen:
                raise UnusableError("The same id comes twice in this file; the first one was taken.")
        except UnusableError as error:
            yield Problem(f"{name}, line {line}", str(error))
            continue
        seen.add(document.external_id)
        yield document
        if len(seen) >= MAX_RECORDS:
            yield Problem(name, f"It has more than {MAX_RECORDS:,} records; the rest was left out. Split it.")
            return


def _id(record: Mapping[str, Any]) -> str:
    """The record's own id, else one that stays the same while its title or first question does."""
    given = record.get("id")
    if isinstance(given, str | int) and str(given).strip():
        return str(given).strip()
    said = [record.get(field) for field in ("title", *QUESTIONS, *BODIES)]
    first = next((value for value in said if value), "")
    return blake2b(str(first).strip().encode("utf-8", "replace"), digest_size=8).hexdigest()


def _json_records(stream: BinaryIO) -> Iterator[Record | LineError]:
    number = 0
    while line := stream.readline(MAX_LINE + 1):
        number += 1
        if len(line) > MAX_LINE:
            _skip_line(stream, line)
            yield LineError(number, f"This line has more than {MAX_LINE:,} bytes.")
        elif line.strip():
            yield _json_record(number, line)


def _skip_line(stream: BinaryIO, line: bytes) -> None:
    while line and not line.endswith(b"\n"):
        line = stream.readline(MAX_LINE)


def _json_record(number: int, line: bytes) -> Record | LineError:
    try:
        value = orjson.loads(line.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        return LineError(number, f"This is not JSON: {error.msg} (column {error.colno}).")
    if not isinstance(value, dict):
        return LineError(number, 'This must be a JSON object, such as {"title": …, "text": …}.')
    return number, value


def _rows(stream: BinaryIO) -> Iterator[Record | LineError]:
    text = decoded(stream.read())
    csv.field_size_limit(MAX_LINE)
    header = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(DELIMITERS, key=header.count), strict=True)
    names: list[str] = []
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            yield LineError(line, f"This is not CSV: {error}.")
            continue
        if names:
            yield line, {name: cell for name, cell in zip(names, cells, strict=False) if name and cell}
        elif not {*(names := [name.strip().lower() for name in cells])} & {*BODIES}:
            break
    if not {*names} & {*BODIES}:
        yield LineError(1, f"The first line must name the columns, one of them {', '.join(BODIES)}.")


def _identity(record: Record | LineError) -> Any:
    """Rows without an id stand for themselves."""
    return record if isinstance(record, LineError) else record[1].get("id") or record[0]


def _merged(rows: Iterator[Record | LineError]) -> Record | LineError:
    first = next(rows)
    if isinstance(first, LineError):
        return first
    line, fields = first
    same = [fields, *(row[1] for row in rows if not isinstance(row, LineError))]
    asked = [row.get(name) or "" for row in same for name in QUESTIONS]
    others = {name: value for name, value in fields.items() if name not in QUESTIONS}
    return line, others | {"questions": [one for text in asked for one in text.splitlines()]}
