"""What each dataset is made of: its rows in an order that an index has, and what they can be filtered by."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, or_, select

from domain.base import FieldProblem, InvalidInputError
from domain.export.events import Dataset
from domain.export.export import Export
from infra.analytics.rows import facts
from infra.rows import conversations, messages

FILTERS = {"inbox_ids": "inboxIds", "team_ids": "teamIds", "channels": "channels"}
"""By the names of their inputs."""
c, m = conversations.c, messages.c


@dataclass(frozen=True, slots=True)
class Source:
    """The rows of a dataset as a statement, their key in order, and their time.

    `key` says of each column of the key how it is read back from text; `among` which column holds what a filter names.
    """

    rows: Select[Any]
    owner: ColumnElement[Any]
    at: ColumnElement[Any]
    key: Sequence[tuple[ColumnElement[Any], Callable[[str], Any]]]
    among: Mapping[str, ColumnElement[Any]]

    @property
    def columns(self) -> Sequence[ColumnElement[Any]]:
        """What it has, in order."""
        return list(self.rows.selected_columns)

    def check(self, export: Export) -> None:
        """`InvalidInputError` where it knows nothing of what an export is filtered by."""
        unknown = [FILTERS[name] for name in FILTERS if getattr(export.filter, name) and name not in self.among]
        if unknown:
            said = f"The dataset '{export.dataset}' does not know this."
            raise InvalidInputError(*(FieldProblem(f"input.filters.{name}", said) for name in unknown))

    def wanted(self, export: Export) -> Select[Any]:
        """Its rows that an export is of, in no order."""
        wanted = export.filter
        statement = self.rows.where(self.owner == export.organization_id, self.at < _end(export))
        if wanted.since is not None:
            statement = statement.where(self.at >= wanted.since)
        for name, column in self.among.items():
            if chosen := getattr(wanted, name):
                statement = statement.where(column.in_(chosen))
        return statement

    def following(self, export: Export, most: int) -> Select[Any]:
        """The next rows after those that are written, at most so many, with their keys at the end."""
        columns = [column for column, _ in self.key]
        keys = [column.label(f"key_{place}") for place, column in enumerate(columns)]
        statement = self.wanted(export).add_columns(*keys).order_by(*columns).limit(most)
        if export.place is None:
            return statement
        values = [read(text) for text, (_, read) in zip(export.place, self.key, strict=True)]
        return statement.where(_after(columns, values))


def _end(export: Export) -> datetime:
    asked = export.requested_at
    if asked is None:
        raise ValueError("An export that nobody asked for.")
    return min(asked, export.filter.until or asked)


def _after(columns: Sequence[ColumnElement[Any]], values: Sequence[Any]) -> ColumnElement[bool]:
    """Beyond a place in the order, said so that an index on the first column begins there."""
    beyond: ColumnElement[bool] = false()
    for column, value in reversed(list(zip(columns, values, strict=True))):
        beyond = or_(column > value, and_(column == value, beyond))
    return and_(columns[0] >= values[0], beyond)


def place_of(key: Sequence[Any]) -> tuple[str, ...]:
    """A key as text, from which a `Source` reads it back."""
    return tuple(part.isoformat() if isinstance(part, datetime) else str(part) for part in key)


TRANSCRIPTS = Source(
    rows=select(
        m.id,
        m.conversation_id,
        c.inbox_id,
        c.customer_id,
        c.subject,
        c.state.label("conversation_state"),
        m.number,
        m.episode,
        m.created_at.label("at"),
        m.author_kind,
        m.author_id,
        m.kind,
        m.text,
        m.helpful,
        m.rating_comment,
    ).select_from(conversations.join(messages, m.conversation_id == c.id)),
    owner=c.organization_id,
    at=m.created_at,
    key=((c.id, UUID), (m.number, int)),
    among={"inbox_ids": c.inbox_id},
)
"""Conversation by conversation, each from its first message to its last."""


def _fact(name: str) -> Source:
    table = facts[name]
    own = [column for column in table.c if column.name != "organization_id"]
    among = {"inbox_ids": table.c.inbox_id, "team_ids": table.c.team_id, "channels": table.c.channel}
    key = ((table.c.at, datetime.fromisoformat), (table.c.id, UUID))
    return Source(select(*own), table.c.organization_id, table.c.at, key, among)


SOURCES: Mapping[Dataset, Source] = {
    **{Dataset(f"{name}s" if name != "delivery" else "deliveries"): _fact(name) for name in facts},
    Dataset.TRANSCRIPTS: TRANSCRIPTS,
}
