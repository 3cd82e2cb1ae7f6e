"""Aggregates that are kept as their row: what is loaded is locked, what changed is written with its events."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Table, func, insert, select, update

from domain.base import Aggregate, NotFoundError
from infra.repositories import Unit

A = TypeVar("A", bound=Aggregate)
Read = Callable[[Any], Any]


class SqlStored(Generic[A]):
    """The aggregates of one table, of the unit's organization; each of their fields is the column of the same name.

    `read` says how a column's value becomes the field's, where they differ.
    """

    def __init__(self, unit: Unit, table: Table, kind: type[A], /, **read: Read) -> None:
        self._unit = unit
        self._table = table
        self._kind = kind
        self._read: Mapping[str, Read] = read
        self._columns = [each.name for each in fields(kind) if each.name in table.c]
        self._held: dict[UUID, A] = {}
        self._new: set[UUID] = set()

    async def get(self, identity: UUID) -> A:
        """The aggregate, locked until the unit of work ends; `NotFoundError` when the organization has none."""
        found = await self.find(self._table.c.id == identity)
        if not found:
            raise NotFoundError(self._kind.__name__)
        return found[0]

    async def find(self, *conditions: ColumnElement[bool]) -> list[A]:
        """All of the organization's that meet the conditions, locked until the unit of work ends, by id."""
        c = self._table.c
        own = c.id if "organization_id" not in c else c.organization_id
        wanted = select(self._table).where(own == self._unit.actor.tenant, *conditions).order_by(c.id)
        rows = await self._unit.connection.execute(wanted.with_for_update())
        return [self._hold(row) for row in rows]

    def add(self, aggregate: A) -> None:
        """Take a new one in."""
        self._held[aggregate.id] = aggregate
        self._new.add(aggregate.id)

    async def save(self) -> None:
        """Write the rows and the events of what changed; one that says it is `deleted` loses its row."""
        for aggregate in self._held.values():
            if aggregate.pending:
                await self._write(aggregate)
                await self._unit.journal(aggregate)

    async def _count(self, *conditions: ColumnElement[bool]) -> int:
        """How many of the organization's meet the conditions."""
        mine = select(func.count()).where(self._table.c.organization_id == self._unit.actor.tenant, *conditions)
        return await self._unit.connection.scalar(mine) or 0

    async def _write(self, aggregate: A) -> None:
        c = self._table.c
        row = {name: _plain(getattr(aggregate, name)) for name in self._columns}
        row["version"] = aggregate.version + len(aggregate.pending)
        if aggregate.id in self._new:
            statement: Any = insert(self._table).values(row | {"created_at": self._unit.at})
        elif getattr(aggregate, "deleted", False):
            statement = self._table.delete().where(c.id == aggregate.id)
        else:
            statement = update(self._table).where(c.id == aggregate.id).values(row)
        await self._unit.connection.execute(statement)

    def _hold(self, row: Row[Any]) -> A:
        if row.id not in self._held:
            values = {name: self._value(name, getattr(row, name)) for name in self._columns}
            self._held[row.id] = self._kind(**({"organization_id": row.id} | values))
        return self._held[row.id]

    def _value(self, name: str, value: Any) -> Any:
        return self._read[name](value) if name in self._read else value


class SqlNamed(SqlStored[A]):
    """Aggregates whose names are unique within the organization."""

    async def names(self) -> Mapping[str, UUID]:
        """Every one's id by its name."""
        c = self._table.c
        mine = select(c.name, c.id).where(c.organization_id == self._unit.actor.tenant)
        return {row.name: row.id for row in await self._unit.connection.execute(mine)}

    async def named(self, name: str) -> UUID | None:
        """The id of the one of that name."""
        c = self._table.c
        wanted = select(c.id).where(c.organization_id == self._unit.actor.tenant, c.name == name)
        found: UUID | None = await self._unit.connection.scalar(wanted)
        return found


def _plain(value: Any) -> Any:
    """A mapping as JSON takes it: keys are plain text, also those of an enum."""
    return {str(key): each for key, each in value.items()} if isinstance(value, Mapping) else value
