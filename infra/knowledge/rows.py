"""The tables of knowledge: articles and what they are found by, the vectors of each model, and imports."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pgvector.sqlalchemy import HALFVEC, Vector
from sqlalchemy import (
    Column,
    Computed,
    Index,
    Text,
    UniqueConstraint,
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlmodel import Field, SQLModel

from infra.storage.columns import binary, integer, json, moment, parent, table, texts, words

DIMENSIONS = 384
"""The length of an embedding of the built-in model."""
INDEXED = (256, 384, 512, 768, 1024, 1536, 2048, 3072)
"""Lengths of vectors that have an index of their own; those of other lengths are compared one by one."""


def _indexes(name: str) -> tuple[Index, ...]:
    """A table's indexes: an index on vectors is for one length only, so there is one for each usual length."""
    of_model = Index(f"{name}_model", "organization_id", "model")
    return of_model, *(
        Index(
            f"{name}_{length}",
            literal_column(f"CAST(vector AS halfvec({length}))").label("compared"),
            postgresql_using="hnsw",
            postgresql_ops={"compared": "halfvec_ip_ops"},
            postgresql_where=text(f"dimensions = {length}"),
        )
        for length in INDEXED
    )


def _found_by_meaning(name: str) -> tuple[UniqueConstraint | Index, ...]:
    """What a table of pieces of articles has, that are found by the built-in model's vectors."""
    return (
        UniqueConstraint("article_id", "ordinal"),
        Index(f"{name}_embedding", "embedding", postgresql_using="hnsw", postgresql_ops={"embedding": "vector_ip_ops"}),
        Index(f"{name}_unembedded", "organization_id", "id", postgresql_where=text("embedding IS NULL")),
        Index(f"{name}_source", "organization_id", "source_id"),
    )


def _embedding() -> Any:
    return Field(sa_column=Column(Vector(DIMENSIONS), nullable=True), default=None)


class SourceRow(SQLModel, table=True):
    """Where articles come from: a folder, a file, or the editor."""

    __tablename__ = "source"
    __table_args__ = (UniqueConstraint("organization_id", "name"),)
    id: UUID = Field(primary_key=True)
    organization_id: UUID = parent("organization")
    name: str = words()
    created_at: datetime = moment()


class ArticleRow(SQLModel, table=True):
    """An article; `number` is its newest version, `published_number` the one in use for answers."""

    __tablename__ = "article"
    __table_args__ = (
        UniqueConstraint("source_id", "external_id"),
        Index("article_title", "organization_id", "title", "id"),
    )
    id: UUID = Field(primary_key=True)
    organization_id: UUID = parent("organization")
    source_id: UUID = parent("source")
    external_id: str = words()
    title: str = words()
    audience: str = words()
    state: str = words()
    link: str | None = words(nullable=True)
    content_hash: str = words()
    number: int = integer()
    published_number: int | None = integer(nullable=True)
    version: int = integer()
    created_at: datetime = moment()
    updated_at: datetime = moment()


class ArticleVersionRow(SQLModel, table=True):
    """One version of an article's text, kept for ever."""

    __tablename__ = "article_version"
    article_id: UUID = parent("article", key=True, on_delete="CASCADE")
    number: int = integer(key=True)
    organization_id: UUID = parent("organization")
    title: str = words()
    body: str = words()
    questions: list[str] = json(nullable=False)
    audience: str = words()
    link: str | None = words(nullable=True)
    author: str = words()
    created_at: datetime = moment()


class PassageRow(SQLModel, table=True):
    """A piece of a published article, as it is found and quoted; `outline` is title and headings on one line."""

    __tablename__ = "passage"
    __table_args__ = (
        *_found_by_meaning("passage"),
        Index("passage_search", "search", postgresql_using="gin"),
    )
    id: UUID = Field(primary_key=True)
    organization_id: UUID = parent("organization")
    article_id: UUID = parent("article", on_delete="CASCADE")
    source_id: UUID = parent("source")
    ordinal: int = integer()
    audience: str = words()
    title: str = words()
    headings: list[str] = texts()
    outline: str = words()
    text: str = words()
    link: str | None = words(nullable=True)
    search: Any = Field(
        sa_column=Column(
            TSVECTOR,
            Computed(
                "setweight(to_tsvector('english'::regconfig, outline), 'A') || to_tsvector('english'::regconfig, text)",
                persisted=True,
            ),
        ),
        default=None,
    )
    embedding: Any = _embedding()


class PhraseRow(SQLModel, table=True):
    """One way of asking what an article answers."""

    __tablename__ = "phrase"
    __table_args__ = _found_by_meaning("phrase")
    id: UUID = Field(primary_key=True)
    organization_id: UUID = parent("organization")
    article_id: UUID = parent("article", on_delete="CASCADE")
    source_id: UUID = parent("source")
    ordinal: int = integer()
    audience: str = words()
    text: str = words()
    embedding: Any = _embedding()


class KnowledgeModelRow(SQLModel, table=True):
    """What was learned from an organization's phrases by one model's vectors; `fingerprint` tells which phrases."""

    __tablename__ = "knowledge_model"
    organization_id: UUID = parent("organization", key=True)
    model: str = Field(sa_column=Column(Text, primary_key=True), default=None)
    fingerprint: str = words()
    weights: bytes = binary()
    metrics: dict[str, Any] = json(nullable=False)
    trained_at: datetime = moment()


class PassageVectorRow(SQLModel, table=True):
    """What one model makes of a passage; gone with it."""

    __tablename__ = "passage_vector"
    __table_args__ = _indexes("passage_vector")
    passage_id: UUID = parent("passage", key=True, on_delete="CASCADE")
    model: str = Field(sa_column=Column(Text, primary_key=True), default=None)
    organization_id: UUID = parent("organization")
    dimensions: int = integer()
    vector: Any = Field(sa_column=Column(HALFVEC, nullable=False), default=None)


class PhraseVectorRow(SQLModel, table=True):
    """What one model makes of a phrase; gone with it."""

    __tablename__ = "phrase_vector"
    __table_args__ = _indexes("phrase_vector")
    phrase_id: UUID = parent("phrase", key=True, on_delete="CASCADE")
    model: str = Field(sa_column=Column(Text, primary_key=True), default=None)
    organization_id: UUID = parent("organization")
    dimensions: int = integer()
    vector: Any = Field(sa_column=Column(HALFVEC, nullable=False), default=None)


class ImportRow(SQLModel, table=True):
    """One import of documents into a source: how far it is and what could not be read."""

    __tablename__ = "import"
    id: UUID = Field(primary_key=True)
    organization_id: UUID = parent("organization")
    source_id: UUID = parent("source")
    state: str = words()
    options: dict[str, Any] = json(nullable=False)
    total: int = integer()
    counts: dict[str, Any] = json(nullable=False)
    problems: list[dict[str, Any]] = json(nullable=False)
    version: int = integer()
    created_at: datetime = moment()
    finished_at: datetime | None = moment(nullable=True)


class ImportDocumentRow(SQLModel, table=True):
    """A document waiting to be imported; gone once it is read."""

    __tablename__ = "import_document"
    import_id: UUID = parent("import", key=True, on_delete="CASCADE")
    ordinal: int = integer(key=True)
    organization_id: UUID = parent("organization")
    name: str = words()
    content: bytes = binary()


passage_vectors = table(PassageVectorRow)
phrase_vectors = table(PhraseVectorRow)
sources = table(SourceRow)
articles = table(ArticleRow)
article_versions = table(ArticleVersionRow)
passages = table(PassageRow)
phrases = table(PhraseRow)
knowledge_models = table(KnowledgeModelRow)
imports = table(ImportRow)
import_documents = table(ImportDocumentRow)
