"""The kinds of columns that tables are made of."""

from __future__ import annotations

from typing import Any, Literal

from sqlalchemy import ARRAY, Boolean, Column, DateTime, ForeignKey, Integer, LargeBinary, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel


def moment(*, nullable: bool = False) -> Any:
    return Field(sa_column=Column(DateTime(timezone=True), nullable=nullable), default=None)


def json(*, nullable: bool = True) -> Any:
    return Field(sa_column=Column(JSONB, nullable=nullable), default=None)


def words(*, nullable: bool = False) -> Any:
    return Field(sa_column=Column(Text, nullable=nullable), default=None)


def count() -> Any:
    return Field(sa_column=Column(Integer, nullable=False, server_default=text("0")), default=0)


def integer(*, nullable: bool = False, key: bool = False) -> Any:
    """A whole number; as part of a key one that is given, not one that the database counts."""
    counting: Literal["auto", False] = False if key else "auto"
    column = Column(Integer, nullable=nullable, primary_key=key, autoincrement=counting)
    return Field(sa_column=column, default=None)


def flag() -> Any:
    return Field(sa_column=Column(Boolean, nullable=False), default=False)


def binary(*, nullable: bool = False, key: bool = False, unique: bool = False) -> Any:
    return Field(sa_column=Column(LargeBinary, nullable=nullable, primary_key=key, unique=unique), default=None)


def texts() -> Any:
    return Field(sa_column=Column(ARRAY(Text), nullable=False), default=None)


def ids() -> Any:
    return Field(sa_column=Column(ARRAY(Uuid), nullable=False), default=None)


def parent(target: str, *, nullable: bool = False, key: bool = False, on_delete: str | None = None) -> Any:
    return Field(
        sa_column=Column(ForeignKey(f"{target}.id", ondelete=on_delete), nullable=nullable, primary_key=key),
        default=None,
    )


def table(row: type[SQLModel]) -> Table:
    """The Core table behind a row class: what statements are written on."""
    return SQLModel.metadata.tables[str(row.__tablename__)]
