"""The change to another embedding model: its vectors are made beside those in use, and count once all are there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from domain.account.stored import Opening
from domain.assistant import Embedder
from domain.base import Aggregate, ConflictError, Event, system_of
from domain.knowledge.events import EmbeddingsChosen
from domain.knowledge.passages import Meaning, Vector, embedded
from domain.knowledge.ports import Unindexed
from domain.model import ModelUnavailableError
from domain.ports import Receipt, UnitOfWork

BATCH = 256
"""Texts embedded between two writes: what a killed worker's successor pays for again."""
PATIENCE = (1.0, 5.0, 15.0, 60.0)
"""Seconds to wait for a model that cannot answer now; the last again and again."""

AT_ONCE = 4
"""Organizations whose knowledge waits to be read, or is: each has a worker's place, which answers need too."""

Pause = Callable[[float], Awaitable[None]]


@dataclass
class Embeddings(Aggregate):
    """Which models an organization's knowledge was to be read by."""

    def choose(self, model: str) -> None:
        """Have all of it read by a model."""
        self._record(EmbeddingsChosen(model))

    def _apply(self, event: Event) -> None:
        """Nothing is decided by what was chosen before."""


class EmbeddingsRepository(Protocol):
    """The embeddings of the unit's organization."""

    async def get(self) -> Embeddings:
        """They are always there."""
        ...


class EmbeddingUnit(UnitOfWork, Protocol):
    """A unit of work that holds embeddings too."""

    @property
    def embeddings(self) -> EmbeddingsRepository:
        """Embeddings, to change."""
        ...


class Vectors(Protocol):
    """The vectors of one model. They count for an organization when something was learned from them."""

    async def count(self, organization_id: UUID) -> bool:
        """Whether they do."""
        ...

    async def are_awaited(self, organization_id: UUID) -> bool:
        """Whether there is a job that makes them, be it one that failed for good, which somebody must see to."""
        ...

    async def are_made(self, organization_id: UUID) -> bool:
        """Whether that job has not failed for good."""
        ...

    async def missing(self, organization_id: UUID, most: int) -> Sequence[Unindexed]:
        """Published texts without one."""
        ...

    async def keep(self, organization_id: UUID, vectors: Sequence[tuple[UUID, Vector]]) -> None:
        """Keep vectors of texts; those of texts that are gone meanwhile are dropped."""
        ...

    async def learn(self, organization_id: UUID) -> None:
        """Learn from them: they count from then on."""
        ...


@dataclass(frozen=True)
class Reader:
    """A model that reads knowledge, and where its vectors are."""

    embedder: Embedder
    vectors: Vectors


Embedding = Callable[[Embedder, Sequence[Meaning]], Awaitable[Sequence[Vector]]]
Everyone = Callable[[], Awaitable[Sequence[UUID]]]
Forgetting = Callable[[UUID, Sequence[str]], Awaitable[None]]
"""Throws the vectors of all models away but those that are named."""


@dataclass(frozen=True)
class Reembedding:
    """Has all knowledge read by the first of the `readers`; the others count for as long as the first does not."""

    units: Opening[EmbeddingUnit]
    readers: Sequence[Reader]
    organizations: Everyone
    forget: Forgetting
    pause: Pause = asyncio.sleep
    _settled: set[UUID] = field(default_factory=set)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def begin(self) -> None:
        """Ask for a job for organizations whose knowledge the first reader has not read, where there is none: a few."""
        if not self.readers:
            return
        vectors, busy = self.readers[0].vectors, 0
        for organization_id in await self.organizations():
            if busy >= AT_ONCE:
                return
            if organization_id in self._settled or await self._counts(organization_id):
                continue
            if await vectors.are_awaited(organization_id):
                busy += await vectors.are_made(organization_id)
                continue
            busy += 1
            with suppress(ConflictError):
                await self._choose(organization_id)

    async def work(self, organization_id: UUID, model: str) -> None:
        """The job: read all that is unread, learn from it, and count. A repeated one goes on from where it was.

        Does nothing for a model that these settings do not want: another worker's may.
        """
        if self.readers and self.readers[0].embedder.name == model:
            async with self._turn:
                await self._read(organization_id, self.readers[0], self._embedded)
            await self.forget(organization_id, [reader.embedder.name for reader in self.readers])

    async def follow(self, organization_id: UUID) -> None:
        """After a change of the knowledge: let those who count read what is new.

        Raises `ModelUnavailableError` where one cannot now: such a job waits where it is in nobody's way.
        """
        for reader in self.readers:
            if await reader.vectors.count(organization_id):
                await self._read(organization_id, reader, embedded)

    async def _read(self, organization_id: UUID, reader: Reader, embed: Embedding) -> None:
        while missing := await reader.vectors.missing(organization_id, BATCH):
            vectors = await embed(reader.embedder, [one.meaning for one in missing])
            pairs = [(one.id, vector) for one, vector in zip(missing, vectors, strict=True)]
            await reader.vectors.keep(organization_id, pairs)
        await reader.vectors.learn(organization_id)

    async def _embedded(self, embedder: Embedder, meanings: Sequence[Meaning]) -> Sequence[Vector]:
        waits = list(PATIENCE)
        while True:
            try:
                return await embedded(embedder, meanings)
            except ModelUnavailableError as error:
                wait = waits.pop(0) if len(waits) > 1 else waits[0]
                await self.pause(max(wait, min(error.retry_after or 0.0, PATIENCE[-1])))

    async def _counts(self, organization_id: UUID) -> bool:
        counts = await self.readers[0].vectors.count(organization_id)
        if counts:
            self._settled.add(organization_id)
        return counts

    async def _choose(self, organization_id: UUID) -> None:
        async with self.units(system_of(organization_id)) as unit:
            embeddings = await unit.embeddings.get()
            embeddings.choose(self.readers[0].embedder.name)
            await unit.commit(Receipt(organization_id))
