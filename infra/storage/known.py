"""Whether ids that somebody sent are those of the organization's rows."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Select, Table, select

from domain.base import NotFoundError
from infra.repositories import Unit


async def known(unit: Unit, table: Table, ids: Collection[UUID]) -> set[UUID]:
    """Which of these are ids of the organization's rows."""
    return set(await unit.connection.scalars(_mine(unit, table, ids))) if ids else set()


async def require_known(unit: Unit, table: Table, ids: Collection[UUID]) -> None:
    """`NotFoundError` unless all of these are; none of them goes before the unit of work ends."""
    if ids:
        found = await unit.connection.scalars(_mine(unit, table, ids).with_for_update(read=True, key_share=True))
        if set(ids) - set(found):
            raise NotFoundError(table.name)


def _mine(unit: Unit, table: Table, ids: Collection[UUID]) -> Select[tuple[UUID]]:
    return select(table.c.id).where(table.c.id.in_(ids), table.c.organization_id == unit.actor.tenant)
