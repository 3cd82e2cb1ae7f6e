"""A file that somebody sends: announced, uploaded, checked, and only then anybody's to get."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.base import Actor, Aggregate, Event, FieldProblem, InvalidInputError, InvalidStateError, NotFoundError
from domain.text import checked

LARGEST = 25_000_000
"""Bytes of a file."""
MOST_FILES = 10
"""How many go with one message or note."""
MOST_UNCLAIMED = 30
"""How many somebody may have uploaded, or announced, without saying anything with them."""
LONGEST_NAME = 200

IMAGES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""Types that are made anew from their pixels."""
PLAIN = frozenset({"text/plain", "text/csv"})
"""Types without a signature: whatever is text and nothing else."""
OFFICE = "application/vnd.openxmlformats-officedocument."
ARCHIVES = frozenset(
    {
        "application/zip",
        f"{OFFICE}wordprocessingml.document",
        f"{OFFICE}spreadsheetml.sheet",
        f"{OFFICE}presentationml.presentation",
        "application/vnd.oasis.opendocument.text",
        "application/vnd.oasis.opendocument.spreadsheet",
    }
)
"""Types that are zip archives: they begin alike."""
TYPES = IMAGES | PLAIN | ARCHIVES | {"application/pdf", "audio/mpeg", "video/mp4"}
"""Every type that can be sent. Nothing that a browser would run is among them."""


class FilePurpose(StrEnum):
    """What a file goes with."""

    MESSAGE = "message"
    NOTE = "note"


class FileState(StrEnum):
    """How far a file is; only a ready one can be had."""

    AWAITED = "awaited"
    CHECKING = "checking"
    READY = "ready"
    REFUSED = "refused"


class FileRefusal(StrEnum):
    """Why a file cannot be had."""

    WRONG_SIZE = "wrong_size"
    WRONG_TYPE = "wrong_type"
    UNREADABLE = "unreadable"
    TOO_MANY_PIXELS = "too_many_pixels"
    MALWARE = "malware"
    UNCHECKED = "unchecked"
    ERASED = "erased"


class FileRefusedError(Exception):
    """A file that was looked into must not be kept; `reason` says why."""

    def __init__(self, reason: FileRefusal) -> None:
        super().__init__(str(reason))
        self.reason = reason


@dataclass(frozen=True, slots=True)
class FileAnnounced(Event):
    """Somebody is going to upload a file."""

    owner: str
    purpose: FilePurpose
    name: str
    content_type: str
    size: int


@dataclass(frozen=True, slots=True)
class FileUploaded(Event):
    """All of it is there, to be checked."""


@dataclass(frozen=True, slots=True)
class FileApproved(Event):
    """It can be had, by what it turned out to be; an image has another size than the one that was uploaded."""

    content_type: str
    size: int


@dataclass(frozen=True, slots=True)
class FileRefused(Event):
    """It cannot be had, ever."""

    reason: FileRefusal


@dataclass(frozen=True, slots=True)
class FileClaimed(Event):
    """It was said in a conversation."""

    conversation_id: UUID


@dataclass(frozen=True, slots=True)
class FileReleased(Event):
    """What it went with was taken back: it is in no conversation any more, and soon gone."""


@dataclass(frozen=True, slots=True)
class FileDeleted(Event):
    """It is gone."""


@dataclass(frozen=True, slots=True)
class UploadLapsed(Event):
    """The time is over in which a file had to be said in a conversation."""

    file_id: UUID


@dataclass(frozen=True, slots=True)
class FileView:
    """A file as people see it; `conversation_id` is None until it is said somewhere."""

    id: UUID
    organization_id: UUID
    purpose: FilePurpose
    name: str
    content_type: str
    size: int
    state: FileState
    refusal: FileRefusal | None
    conversation_id: UUID | None
    created_at: datetime


@dataclass
class File(Aggregate):
    """A file as its rules see it; its bytes are in the store, under its id."""

    owner: str = ""
    purpose: FilePurpose = FilePurpose.MESSAGE
    name: str = ""
    content_type: str = ""
    size: int = 0
    state: FileState = FileState.AWAITED
    refusal: FileRefusal | None = None
    conversation_id: UUID | None = None
    deleted: bool = False

    def announce(self, actor: Actor, purpose: FilePurpose, name: str, content_type: str, size: int) -> None:
        """Begin with what somebody says of it, all of which is checked later; raises `InvalidInputError`."""
        if not 1 <= size <= LARGEST:
            raise InvalidInputError(FieldProblem("input.size", f"Send 1 to {LARGEST:,} bytes."))
        if content_type not in TYPES:
            known = ", ".join(sorted(TYPES))
            raise InvalidInputError(FieldProblem("input.contentType", f"Send one of these types: {known}."))
        self._record(FileAnnounced(str(actor), purpose, plain_name(name), content_type, size))

    def complete(self, actor: Actor, found: int | None) -> None:
        """All of it is there, says its owner; `found` is how many bytes are. Saying so again changes nothing."""
        self.require_owner(actor)
        if self.state is not FileState.AWAITED:
            return
        if found is None:
            raise InvalidStateError("Nothing has arrived yet: send the file to its upload URL first.")
        self._record(FileUploaded() if found == self.size else FileRefused(FileRefusal.WRONG_SIZE))

    def approve(self, content_type: str, size: int) -> None:
        """It is what it may be; nothing happens to one that is not being checked."""
        if self.state is FileState.CHECKING:
            self._record(FileApproved(content_type, size))

    def refuse(self, reason: FileRefusal) -> None:
        """It is not; nothing happens to one that is not being checked."""
        if self.state is FileState.CHECKING:
            self._record(FileRefused(reason))

    def claim(self, actor: Actor, conversation_id: UUID, purpose: FilePurpose, path: str) -> None:
        """Go with what its owner says, once; `path` is the input field that names it."""
        self.require_owner(actor)
        if problem := self._unusable(purpose):
            raise InvalidInputError(FieldProblem(path, problem))
        self._record(FileClaimed(conversation_id))

    def release(self) -> None:
        """Go with nothing any more."""
        self._record(FileReleased())

    def delete(self) -> None:
        """Be gone."""
        self._record(FileDeleted())

    def require_owner(self, actor: Actor) -> None:
        """`NotFoundError` for everybody else."""
        if self.owner != str(actor):
            raise NotFoundError("file")

    def _unusable(self, purpose: FilePurpose) -> str | None:
        if self.state is FileState.AWAITED:
            return "This file has not been uploaded: send it, then say so by `completeUpload`."
        if self.state is FileState.REFUSED:
            return f"This file was refused: {self.refusal}."
        if self.purpose is not purpose:
            return f"This file is for a {self.purpose}."
        return "This file was sent already." if self.conversation_id is not None else None

    def _apply(self, event: Event) -> None:
        match event:
            case FileAnnounced():
                self.owner, self.purpose, self.name = event.owner, event.purpose, event.name
                self.content_type, self.size = event.content_type, event.size
            case FileUploaded():
                self.state = FileState.CHECKING
            case FileApproved():
                self.state, self.content_type, self.size = FileState.READY, event.content_type, event.size
            case FileRefused():
                self.state, self.refusal = FileState.REFUSED, event.reason
            case FileClaimed():
                self.conversation_id = event.conversation_id
            case FileReleased():
                self.conversation_id = None
            case FileDeleted():
                self.deleted = True
            case _:
                raise TypeError(f"A file knows no event of the kind {event.kind}.")


def plain_name(name: str) -> str:
    """The last part of a path, without what cannot be printed; `InvalidInputError` where nothing is left."""
    last = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(character for character in last if character.isprintable()).strip(" .")
    return checked(shown, "input.name", longest=LONGEST_NAME)
