"""What a process hears, handed to the readers it is for; complete even when signals get lost."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

import orjson
import structlog

from domain.base import Recorded, UnavailableError
from domain.ports import Frame
from infra.journal import BATCH, SqlJournal
from infra.live.replies import decode_frame
from infra.storage.codec import recorded

MAILBOX = 500
"""How many items wait for a slow reader before they are dropped and read again from the journal."""
POLL_EVERY = 1.0
"""Seconds after which the journal is looked into even though nothing was heard."""

CONVERSATIONS = "conversation:"
log = structlog.get_logger(__name__)

Heard = Callable[[UUID, str, str], None]
"""Is told the organization, the stream and the kind of an event."""

Item = Recorded | Frame


@dataclass(eq=False)
class Mailbox:
    """What has come for one reader and was not taken yet; bounded, since the journal has it all."""

    items: deque[Item] = field(default_factory=deque)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    overflowed: bool = False

    def put(self, item: Item) -> None:
        """Leave something for the reader."""
        if len(self.items) >= MAILBOX:
            self.items.clear()
            self.overflowed = True
        self.items.append(item)
        self.arrived.set()

    def look(self) -> None:
        """Send the reader to the journal."""
        self.overflowed = True
        self.arrived.set()

    async def take(self) -> tuple[list[Item], bool]:
        """All that is there; and whether something may be missing before it."""
        await self.arrived.wait()
        self.arrived.clear()
        items, overflowed = list(self.items), self.overflowed
        self.items.clear()
        self.overflowed = False
        return items, overflowed


class Hub:
    """Hands what the process hears to the readers it is for.

    Follows the journal by position: signals make it fast, a look every second makes it complete. `heard` is told each
    event before any reader is.
    """

    def __init__(self, journal: SqlJournal, heard: Heard = lambda *_: None) -> None:
        self._journal = journal
        self._listeners = [heard]
        self._readers: dict[str, set[Mailbox]] = defaultdict(set)
        self._position: int | None = None
        self._behind = asyncio.Event()

    @contextmanager
    def mailbox(self, address: str) -> Iterator[Mailbox]:
        """A mailbox at an address, for as long as the block runs."""
        mailbox = Mailbox()
        self._readers[address].add(mailbox)
        try:
            yield mailbox
        finally:
            self._readers[address].discard(mailbox)
            if not self._readers[address]:
                del self._readers[address]

    def tell(self, heard: Heard) -> None:
        """Let somebody else be told of each event too."""
        self._listeners.append(heard)

    def committed(self, message: bytes) -> None:
        """Events that have no position yet: for those who follow one stream."""
        for row in orjson.loads(message):
            self._heard(UUID(row["organization_id"]), row["stream"], row["kind"])
            if row["stream"] in self._readers:
                self._hand(row["stream"], recorded(row))

    def delivered(self, message: bytes) -> None:
        """Events with their positions; when some before them were missed, the journal is asked."""
        rows = orjson.loads(message)
        if self._position is None or rows[0]["delivered_position"] > self._position + 1:
            self._behind.set()
            return
        for row in rows:
            if row["delivered_position"] > self._position:
                self._position = row["delivered_position"]
                self._heard(UUID(row["organization_id"]), row["stream"], row["kind"])
                if self._wanted(row["stream"], row["organization_id"]):
                    self._spread(recorded(row))

    def frame(self, message: bytes) -> None:
        """A piece of an answer."""
        stream, frame = decode_frame(message)
        self._hand(stream, frame)

    def look(self) -> None:
        """Something may have been missed: look into the journal now."""
        self._behind.set()

    def listens_again(self) -> None:
        """Nothing was heard for a while, frames neither: look now, and let every reader look."""
        self.look()
        self._recall()

    async def run(self) -> None:
        """Follow the journal until cancelled."""
        while True:
            try:
                async with asyncio.timeout(POLL_EVERY):
                    await self._behind.wait()
            except TimeoutError:
                pass
            self._behind.clear()
            try:
                await self._catch_up()
            except UnavailableError:
                log.warning("feed.database_away")

    async def _catch_up(self) -> None:
        if self._position is None:
            self._position = await self._journal.last_position()
            self._recall()
        while missed := await self._journal.since(self._position):
            for event in missed:
                if event.position is not None and event.position > self._position:
                    self._position = event.position
                    self._heard(event.organization_id, event.stream, event.event.kind)
                    self._spread(event)
            if len(missed) < BATCH:
                return

    def _heard(self, organization_id: UUID, stream: str, kind: str) -> None:
        for listener in self._listeners:
            listener(organization_id, stream, kind)

    def _recall(self) -> None:
        """Send all readers to the journal and to the replies: what they have may be older than where we go on from."""
        for mailbox in (mailbox for mailboxes in self._readers.values() for mailbox in mailboxes):
            mailbox.look()

    def _wanted(self, stream: str, organization_id: str) -> bool:
        return stream in self._readers or inbox_of(organization_id) in self._readers

    def _spread(self, event: Recorded) -> None:
        self._hand(event.stream, event)
        if event.stream.startswith(CONVERSATIONS):
            self._hand(inbox_of(event.organization_id), event)

    def _hand(self, address: str, item: Item) -> None:
        for mailbox in self._readers.get(address, ()):
            mailbox.put(item)


def inbox_of(organization_id: UUID | str) -> str:
    return f"inbox:{organization_id}"
