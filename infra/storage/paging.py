"""Keyset paging: a page is found by its place in the order, however far down the list it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Row, Select, tuple_

from domain.base import FieldProblem, InvalidInputError
from domain.ports import Page, PageRequest

V = TypeVar("V")
Key = tuple[ColumnElement[Any], Callable[[str], Any]]
"""A column to sort by, and how its value is read back from a cursor."""
BIGINT = range(-(2**63), 2**63)


def keyset(statement: Select[Any], page: PageRequest, *keys: Key, descending: bool) -> Select[Any]:
    """The statement for one page, with one row more than asked for, which tells whether there are others.

    Rows come in the list's order for a page from the front, in the opposite order for one from the back.
    """
    columns = [column for column, _ in keys]
    place = tuple_(*columns)
    if page.after is not None:
        after = tuple_(*_values(page.after, keys, "after"))
        statement = statement.where(place < after if descending else place > after)
    if page.before is not None:
        before = tuple_(*_values(page.before, keys, "before"))
        statement = statement.where(place > before if descending else place < before)
    downward = descending is not page.backward
    order = [column.desc() if downward else column.asc() for column in columns]
    return statement.order_by(*order).limit(page.size + 1)


def paged(
    rows: Sequence[Row[Any]],
    page: PageRequest,
    view: Callable[[Row[Any]], V],
    key: Callable[[Row[Any]], tuple[str, ...]],
) -> Page[V]:
    """The page, in the list's order."""
    more = len(rows) > page.size
    kept = list(rows[: page.size])
    if page.backward:
        kept.reverse()
    return Page(
        items=[view(row) for row in kept],
        keys=[key(row) for row in kept],
        has_next=page.before is not None if page.backward else more,
        has_previous=more if page.backward else page.after is not None,
    )


def _values(texts: tuple[str, ...], keys: Sequence[Key], name: str) -> list[Any]:
    try:
        return [_storable(parse(text)) for text, (_, parse) in zip(texts, keys, strict=True)]
    except (ValueError, OverflowError):
        raise InvalidInputError(FieldProblem(name, "This is not a cursor of this list.")) from None


def _storable(value: Any) -> Any:
    """A value that Postgres can hold; ValueError or OverflowError for others, which no row can have."""
    match value:
        case datetime():
            return value.astimezone(UTC)
        case int() if value not in BIGINT:
            raise OverflowError
        case str() if b"\0" in value.encode():  # which fails on half a surrogate pair
            raise ValueError
    return value
