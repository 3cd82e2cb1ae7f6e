"""The tables of vectors that a chosen embedding model made, beside those of the built-in one in the texts' own rows."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from pgvector.sqlalchemy import HALFVEC
from sqlalchemy import Column, Index, Integer, Text, literal_column, text
from sqlmodel import Field, SQLModel

from infra.storage.columns import parent, table

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


class PassageVectorRow(SQLModel, table=True):
    """What one model makes of a passage; gone with it."""

    __tablename__ = "passage_vector"
    __table_args__ = _indexes("passage_vector")
    passage_id: UUID = parent("passage", key=True, on_delete="CASCADE")
    model: str = Field(sa_column=Column(Text, primary_key=True), default=None)
    organization_id: UUID = parent("organization")
    dimensions: int = Field(sa_column=Column(Integer, nullable=False))
    vector: Any = Field(sa_column=Column(HALFVEC, nullable=False), default=None)


class PhraseVectorRow(SQLModel, table=True):
    """What one model makes of a phrase; gone with it."""

    __tablename__ = "phrase_vector"
    __table_args__ = _indexes("phrase_vector")
    phrase_id: UUID = parent("phrase", key=True, on_delete="CASCADE")
    model: str = Field(sa_column=Column(Text, primary_key=True), default=None)
    organization_id: UUID = parent("organization")
    dimensions: int = Field(sa_column=Column(Integer, nullable=False))
    vector: Any = Field(sa_column=Column(HALFVEC, nullable=False), default=None)


passage_vectors = table(PassageVectorRow)
phrase_vectors = table(PhraseVectorRow)
