"""What reads knowledge, put together once in a process: the built-in embedding model and those that are chosen."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from domain.base import Clock
from domain.knowledge.embeddings import Reader, Reembedding
from domain.knowledge.service import Indexing, Training
from infra.database import Database
from infra.knowledge.catalog import SqlCatalog
from infra.knowledge.retrieval import Retrieval
from infra.knowledge.spaces import Space
from infra.knowledge.vectors import EveryOrganization, SqlVectors
from infra.matching.embedding import MiniLM
from infra.matching.learning import Learning
from infra.process.late import Late
from infra.settings import Settings
from infra.unit_of_work import SqlUnits

if TYPE_CHECKING:
    from infra.models import embeddings
else:
    embeddings = Late("infra.models.embeddings")


built_in = cache(MiniLM)
"""The one model of a process and folder: its weights, 23 MB and a quarter of a second, are of no organization."""


@dataclass(frozen=True)
class Reading:
    """Vectors for what came into use, what is learned from them, and the change to another model."""

    embedder: MiniLM
    retrieval: Retrieval
    indexing: Indexing
    training: Training
    reembedding: Reembedding


def reading_of(settings: Settings, database: Database, units: SqlUnits, now: Clock, stack: AsyncExitStack) -> Reading:
    """As the settings say."""
    embedder, catalog, learning = (
        built_in(settings.data_dir / "models"),
        SqlCatalog(database),
        Learning(database.tenant, now),
    )
    chosen = [embeddings.EndpointEmbedder(declared) for declared in settings.embedding_models]
    for one in chosen:
        stack.push_async_callback(one.close)
    return Reading(
        embedder,
        Retrieval(embedder, chosen),
        Indexing(catalog, embedder),
        Training(catalog, learning),
        _reembedding(database, units, learning, chosen),
    )


def _reembedding(
    database: Database, units: SqlUnits, learning: Learning, chosen: Sequence[embeddings.EndpointEmbedder]
) -> Reembedding:
    readers = [Reader(one, SqlVectors(database, Space.of(one, beside=True), learning)) for one in chosen]
    everyone = EveryOrganization(database)
    return Reembedding(units, readers, everyone, everyone.forget)
