"""Which format a file is in, and how it is read."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, BinaryIO

from domain.knowledge.content import Document
from domain.knowledge.events import Problem
from domain.knowledge.ports import StoredFile
from infra.documents import markdown, records
from infra.documents.text import UnusableError, decoded, document_of
from infra.process.late import Late

if TYPE_CHECKING:
    from infra.documents import pages
else:
    pages = Late("infra.documents.pages")

MAX_TEXT_FILE = 5_000_000
MAX_PDF = 50_000_000
MAX_TABLE = 50_000_000

Whole = Callable[[bytes, str], dict[str, Any]]
"""Reads a file that is one document: its bytes and its name become fields."""
Several = Callable[[str, BinaryIO, str], Iterator[Document | Problem]]
"""Reads a file of many documents."""


def _markdown(content: bytes, name: str) -> dict[str, Any]:
    return markdown.fields_of(decoded(content), name)


def _plain(content: bytes, name: str) -> dict[str, Any]:
    return {"title": PurePosixPath(name).stem.replace("-", " ").replace("_", " "), "body": decoded(content)}


def _html(content: bytes, name: str) -> dict[str, Any]:
    return pages.html_fields(content, name)


def _pdf(content: bytes, name: str) -> dict[str, Any]:
    return pages.pdf_fields(content, name)


WHOLE: dict[str, tuple[Whole, int]] = {
    ".md": (_markdown, MAX_TEXT_FILE),
    ".markdown": (_markdown, MAX_TEXT_FILE),
    ".txt": (_plain, MAX_TEXT_FILE),
    ".html": (_html, MAX_TEXT_FILE),
    ".htm": (_html, MAX_TEXT_FILE),
    ".pdf": (_pdf, MAX_PDF),
}
SEVERAL: dict[str, tuple[Several, int | None]] = {
    ".jsonl": (records.json_lines, None),
    ".csv": (records.table, MAX_TABLE),
}
EXTENSIONS = frozenset({*WHOLE, *SEVERAL})


def parse(file: StoredFile, internal_prefix: str) -> Iterator[Document | Problem]:
    """The documents of a file that is in memory."""
    return read(file.name, io.BytesIO(file.content), len(file.content), internal_prefix)


def read(name: str, stream: BinaryIO, size: int, internal_prefix: str) -> Iterator[Document | Problem]:
    """The documents of a file of `size` bytes, one at a time; what cannot be read is told and passed over."""
    extension = PurePosixPath(name).suffix.lower()
    try:
        if extension in SEVERAL:
            several, most = SEVERAL[extension]
            _check_size(size, most)
            yield from several(name, stream, internal_prefix)
        elif extension in WHOLE:
            whole, most = WHOLE[extension]
            _check_size(size, most)
            yield document_of(name, _fields(whole, stream.read(), name), internal_prefix=internal_prefix)
        else:
            raise UnusableError(f"Parley reads {', '.join(sorted(EXTENSIONS))}.")
    except UnusableError as error:
        yield Problem(name, str(error))
    except OSError as error:
        yield Problem(name, f"It cannot be read: {error.strerror or error}.")


def _fields(whole: Whole, content: bytes, name: str) -> dict[str, Any]:
    """What a format's library makes of a file; such libraries fail in more ways than they say."""
    try:
        return whole(content, name)
    except UnusableError:
        raise
    except Exception as error:
        raise UnusableError(f"It cannot be read ({type(error).__name__}).") from error


def _check_size(size: int, most: int | None) -> None:
    if most is not None and size > most:
        raise UnusableError(f"It has {size:,} bytes; at most {most:,} are read. Split it.")
