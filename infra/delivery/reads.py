"""What somebody may see of what went out."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, select

from domain.account.permission import Permission
from domain.carriage.replay import DeliveryFilter
from domain.delivery import Delivery
from domain.ports import Page, PageRequest
from infra.delivery.outbox import delivery_of
from infra.delivery.rows import deliveries
from infra.delivery.stored import matching
from infra.reads import SqlReads
from infra.storage.paging import keyset, paged


class SqlDeliveryReads(SqlReads):
    """The reads of one operation about deliveries."""

    async def deliveries(self, ids: Sequence[UUID]) -> Sequence[Delivery | None]:
        """By id."""
        rows = await self._rows(select(deliveries).where(self._sent(), deliveries.c.id.in_(ids)))
        found = {row.id: delivery_of(row) for row in rows}
        return [found.get(identity) for identity in ids]

    async def delivery_page(self, page: PageRequest, wanted: DeliveryFilter) -> Page[Delivery]:
        """The newest first."""
        asked = select(deliveries).where(self._sent(), *matching(wanted))
        rows = await self._rows(keyset(asked, page, (deliveries.c.number, int), descending=True))
        return paged(rows, page, delivery_of, lambda row: (str(row.number),))

    def _sent(self) -> ColumnElement[bool]:
        self._actor.require(Permission.READ_DELIVERIES)
        return deliveries.c.organization_id == self._actor.tenant
