"""Files on disk: which of a folder are read, never one outside of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from domain.knowledge.content import Document
from domain.knowledge.events import Problem
from domain.knowledge.imports import EndOfFile, Item, Present
from infra.documents.formats import EXTENSIONS, read


@dataclass(frozen=True, slots=True)
class File:
    """A file to read, under a name relative to the folder; `problem` says why it must not be."""

    name: str
    path: Path
    size: int
    problem: str = ""

    def documents(
        self, internal_prefix: str, *, opened: Callable[[BinaryIO], None] = lambda _: None
    ) -> Iterator[Document | Problem]:
        """What is in the file, read as it is asked for; `opened` is told the stream it is read from."""
        if self.problem:
            yield Problem(self.name, self.problem)
            return
        try:
            with self.path.open("rb") as stream:
                opened(stream)
                yield from read(self.name, stream, self.size, internal_prefix)
        except OSError as error:
            yield Problem(self.name, f"It cannot be read: {error.strerror or error}.")


@dataclass(frozen=True, slots=True)
class Folder:
    """The files to read, and how many of other kinds were left alone."""

    files: list[File] = field(default_factory=list)
    others: int = 0

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)


def collect(path: Path) -> Folder:
    """The files under a folder in the order of their names, or the one file; hidden ones are left alone.

    Raises FileNotFoundError.
    """
    if not path.exists():
        raise FileNotFoundError(path)
    if path.is_file():
        return Folder([File(path.name, path, path.stat().st_size)])
    root = path.resolve()
    found, others = [], 0
    for each in _walk(root):
        if each.suffix.lower() in EXTENSIONS:
            found.append(_file(root, each))
        else:
            others += 1
    return Folder(found, others)


def _walk(root: Path) -> Iterator[Path]:
    """Every file below, without following links to folders."""
    for folder, below, names in os.walk(root, followlinks=False):
        below[:] = sorted(name for name in below if not name.startswith("."))
        yield from (Path(folder, name) for name in sorted(names) if not name.startswith("."))


def _file(root: Path, path: Path) -> File:
    name = path.relative_to(root).as_posix()
    target = path.resolve()
    if not target.is_relative_to(root):
        return File(name, path, 0, "It is a link out of the folder.")
    if not target.is_file():
        return File(name, path, 0, "It is no ordinary file.")
    return File(name, target, target.stat().st_size)


class Reading:
    """The items of a folder's files, one after the other; knows how far it is and which documents it saw."""

    def __init__(self, folder: Folder, internal_prefix: str) -> None:
        self.present = Present()
        self._folder = folder
        self._prefix = internal_prefix
        self._before = 0
        self._stream: BinaryIO | None = None

    @property
    def position(self) -> int:
        """Bytes read so far."""
        within = self._stream.tell() if self._stream and not self._stream.closed else 0
        return self._before + within

    def __iter__(self) -> Iterator[Item]:
        for file in self._folder.files:
            for item in file.documents(self._prefix, opened=self._open):
                self.present.see(file.name, item)
                yield item
            self._stream = None
            self._before += file.size
            yield EndOfFile()

    def _open(self, stream: BinaryIO) -> None:
        self._stream = stream
