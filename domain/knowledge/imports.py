"""How documents become articles, batch by batch, and what happens to those whose document is gone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from uuid import UUID

from domain.account.permission import Permission
from domain.assistant import Embedder
from domain.base import Actor, FieldProblem, Identifiers, InvalidInputError
from domain.knowledge.aggregate import Article, Source
from domain.knowledge.content import Document, name_of
from domain.knowledge.events import ArticleState, ImportOptions, ImportState, Place, Problem, Progress
from domain.knowledge.importing import Import
from domain.knowledge.passages import Index, Outline, embedded, index_of
from domain.knowledge.ports import Catalog, KnowledgeUnit, KnowledgeUnits, Known, Parser, StoredFile
from domain.ports import IdempotencyKey, Receipt
from domain.retry import retried_once

MAX_FILES = 200
"""Files in one request; a folder is imported without this limit, from the terminal."""
BATCH_ARTICLES = 64
BATCH_CHARACTERS = 100_000
"""Where a batch ends: some seconds of embedding on one core, a few megabytes of vectors."""
WITHDRAWN = 200
"""Articles withdrawn in one transaction."""
LOOKED_UP = 500


@dataclass(frozen=True, slots=True)
class EndOfFile:
    """All of a file's documents came before this."""


Item = Document | Problem | EndOfFile


@dataclass(slots=True)
class Batch:
    """What is imported in one transaction: documents, and problems of others, of `done` files that ended in it."""

    documents: list[Document] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    done: int = 0
    place: Place | None = None

    def __len__(self) -> int:
        return len(self.documents) + len(self.problems)


@dataclass(slots=True)
class Present:
    """The documents that are there: their ids, and the files of which some could not be read."""

    ids: set[str] = field(default_factory=set)
    unreadable: set[str] = field(default_factory=set)

    def see(self, file: str, item: Item) -> None:
        """Take note of one item of a file."""
        if isinstance(item, Document):
            self.ids.add(item.external_id)
        elif isinstance(item, Problem):
            self.unreadable.add(file)

    def __contains__(self, external_id: str) -> bool:
        """True also for what may be in a file that could not be read."""
        return external_id in self.ids or any(
            external_id == file or external_id.startswith(f"{file}#") for file in self.unreadable
        )


def take(items: Iterator[Item]) -> Batch:
    """The next batch of a stream of items."""
    batch, characters = Batch(), 0
    for item in items:
        match item:
            case Document():
                batch.documents.append(item)
                characters += len(item.content.body)
            case Problem():
                batch.problems.append(item)
            case EndOfFile():
                batch.done += 1
        if len(batch) >= BATCH_ARTICLES or characters >= BATCH_CHARACTERS:
            break
    return batch


@dataclass(frozen=True)
class Imports:
    """Imports of documents into a source, for staff and the command line.

    Content that was imported before is left alone; each batch is one transaction, so that no article is ever half done.
    """

    units: KnowledgeUnits
    new_id: Identifiers
    catalog: Catalog
    embedder: Embedder
    outline: Outline
    parse: Parser

    async def request(
        self,
        actor: Actor,
        source_name: str,
        files: Sequence[StoredFile],
        options: ImportOptions,
        *,
        key: IdempotencyKey | None = None,
    ) -> Receipt:
        """Store files for a worker to import; answers at once."""
        actor.require(Permission.WRITE_KNOWLEDGE)
        _check(files)
        return await self._start(actor, source_name, options, total=len(files), files=files, place=Place(), key=key)

    async def begin(self, actor: Actor, source_name: str, options: ImportOptions, *, total: int) -> Receipt:
        """Begin an import whose documents the caller brings by `add` and ends by `finish` or `stop`."""
        actor.require(Permission.WRITE_KNOWLEDGE)
        return await self._start(actor, source_name, options, total=total)

    async def add(self, actor: Actor, import_id: UUID, batch: Batch, *, at_version: int | None = None) -> Progress:
        """Import a batch: what is new or has changed comes into use, with its vectors, in one transaction.

        With `at_version` nothing is done when the import has moved on from there meanwhile.
        """
        one = await self._look(actor, import_id)
        changed = await self._changed(actor, one, batch.documents)
        indexes = await self._indexes(one, changed)
        changes = list(zip(changed, indexes, strict=True))
        return await self._store(actor, import_id, batch, changes, at_version=at_version)

    @retried_once
    async def finish(
        self,
        actor: Actor,
        import_id: UUID,
        present: Present,
        *,
        place: Place | None = None,
        at_version: int | None = None,
    ) -> bool:
        """Withdraw some articles whose document is missing, where the import asks for it; end when there are none.

        Returns False as long as it has to be called again; a worker is called again by its event at `place`. With
        `at_version` nothing is done when the import has moved on from there meanwhile.
        """
        one = await self._look(actor, import_id)
        missing = await self._missing(actor, one, present) if one.options.remove_missing else []
        async with self.units(actor) as unit:
            one = await unit.imports.get(import_id)
            if at_version not in (None, one.version):
                return True
            held = await unit.articles.of_source(one.source_id, missing)
            for article in held.values():
                article.withdraw()
            if held:
                one.advance(Progress(removed=len(held)), (), place)
            else:
                one.finish()
            await unit.commit(Receipt(import_id))
        return not held

    async def finish_all(self, actor: Actor, import_id: UUID, present: Present) -> Progress:
        """Call `finish` until the import is over."""
        while not await self.finish(actor, import_id, present):
            pass
        return (await self._look(actor, import_id)).progress

    @retried_once
    async def stop(self, actor: Actor, import_id: UUID, reason: str) -> None:
        """End an import early; what is in stays in, and another import goes on from there."""
        actor.require(Permission.WRITE_KNOWLEDGE)
        async with self.units(actor) as unit:
            one = await unit.imports.get(import_id)
            one.stop(reason)
            await unit.commit(Receipt(import_id))

    async def work(self, actor: Actor, import_id: UUID, version: int, place: Place) -> None:
        """One step of a requested import, from the place that its event at `version` names; a repeated one is none."""
        one = await self._look(actor, import_id)
        if one.version != version or one.state is not ImportState.RUNNING:
            return
        file = await self.catalog.file(actor.tenant, import_id, place.file)
        if file is None:
            present = await self._present(actor, one)
            await self.finish(actor, import_id, present, place=place, at_version=version)
            return
        batch = await asyncio.to_thread(self._batch, file, one.options, place)
        await self.add(actor, import_id, batch, at_version=version)

    def _batch(self, file: StoredFile, options: ImportOptions, place: Place) -> Batch:
        items = chain[Item](self.parse(file, options.internal_prefix), [EndOfFile()])
        batch = take(islice(items, place.skip, None))
        batch.place = Place(place.file + 1) if batch.done else replace(place, skip=place.skip + len(batch))
        return batch

    @retried_once
    async def _start(
        self,
        actor: Actor,
        source_name: str,
        options: ImportOptions,
        *,
        total: int,
        files: Sequence[StoredFile] = (),
        place: Place | None = None,
        key: IdempotencyKey | None = None,
    ) -> Receipt:
        name = name_of(source_name, "input.sourceName")
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            source = await unit.sources.named(name) or self._new_source(actor, unit, name)
            one = Import(self.new_id(), actor.tenant)
            one.start(source.id, options, total=total, place=place)
            unit.imports.add(one, files)
            return await unit.commit(Receipt(one.id))

    def _new_source(self, actor: Actor, unit: KnowledgeUnit, name: str) -> Source:
        source = Source(self.new_id(), actor.tenant)
        source.create(name)
        unit.sources.add(source)
        return source

    async def _look(self, actor: Actor, import_id: UUID) -> Import:
        actor.require(Permission.WRITE_KNOWLEDGE)
        async with self.units(actor) as unit:
            return await unit.imports.get(import_id)

    async def _changed(self, actor: Actor, one: Import, documents: Sequence[Document]) -> list[Document]:
        ids = [document.external_id for document in documents]
        known = await self.catalog.known(actor.tenant, one.source_id, ids)
        return [each for each in documents if _differs(known.get(each.external_id), each, one.options)]

    async def _indexes(self, one: Import, documents: Sequence[Document]) -> list[Index | None]:
        if not one.options.publish:
            return [None] * len(documents)
        indexes = await asyncio.to_thread(lambda: [index_of(each.content, self.outline) for each in documents])
        vectors = iter(await embedded(self.embedder, [one for index in indexes for one in index.meanings]))
        return [replace(index, vectors=tuple(islice(vectors, len(index.meanings)))) for index in indexes]

    @retried_once
    async def _store(
        self,
        actor: Actor,
        import_id: UUID,
        batch: Batch,
        changes: Sequence[tuple[Document, Index | None]],
        *,
        at_version: int | None,
    ) -> Progress:
        async with self.units(actor) as unit:
            one = await unit.imports.get(import_id)
            if at_version not in (None, one.version):
                return one.progress
            held = await unit.articles.of_source(one.source_id, [document.external_id for document, _ in changes])
            for document, index in changes:
                article = held.get(document.external_id)
                if article is None:
                    article = Article(self.new_id(), actor.tenant)
                    unit.articles.add(article)
                article.receive(one.source_id, document, index)
            one.advance(_counted(batch, len(changes), len(held)), batch.problems, batch.place)
            await unit.commit(Receipt(import_id))
            return one.progress

    async def _missing(self, actor: Actor, one: Import, present: Present) -> list[str]:
        missing: list[str] = []
        async for external_id in self._in_use(actor, one):
            if external_id not in present:
                missing.append(external_id)
                if len(missing) == WITHDRAWN:
                    break
        return missing

    async def _in_use(self, actor: Actor, one: Import) -> AsyncIterator[str]:
        after = ""
        while ids := await self.catalog.in_use(actor.tenant, one.source_id, after, LOOKED_UP):
            for external_id in ids:
                yield external_id
            after = ids[-1]

    async def _present(self, actor: Actor, one: Import) -> Present:
        """Read all stored files once more: what is there decides what is missing."""
        present = Present()
        number = 0
        while one.options.remove_missing and (file := await self.catalog.file(actor.tenant, one.id, number)):
            await asyncio.to_thread(_see, present, file.name, self.parse(file, one.options.internal_prefix))
            number += 1
        return present


def _see(present: Present, file: str, items: Iterable[Item]) -> None:
    for item in items:
        present.see(file, item)


def _differs(known: Known | None, document: Document, options: ImportOptions) -> bool:
    if known is None or known.origin != document.content.digest:
        return True
    return options.publish and known.state is ArticleState.DRAFT


def _counted(batch: Batch, changed: int, updated: int) -> Progress:
    read = len(batch.documents)
    return Progress(
        done=batch.done,
        read=read,
        created=changed - updated,
        updated=updated,
        unchanged=read - changed,
        failed=len(batch.problems),
    )


def _check(files: Sequence[StoredFile]) -> None:
    path = "input.documents"
    if not files or len(files) > MAX_FILES:
        raise InvalidInputError(FieldProblem(path, f"Send between 1 and {MAX_FILES} documents."))
    names = [name_of(file.name, f"{path}.{number}.name") for number, file in enumerate(files)]
    if len(set(names)) < len(names):
        raise InvalidInputError(FieldProblem(path, "Two documents have the same name."))
