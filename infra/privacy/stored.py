"""Requests about people's data as rows, and what one actor may see of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select

from domain.account.permission import Permission
from domain.base import Actor
from domain.ports import Page, PageRequest
from domain.privacy.request import (
    PrivacyFilter,
    PrivacyKind,
    PrivacyRequest,
    PrivacyRequestView,
    PrivacyState,
)
from infra.accounts.repository import SqlStored
from infra.privacy.rows import privacy_requests
from infra.reads import SqlReads
from infra.repositories import Unit
from infra.storage.paging import keyset, paged

UNDER_WAY = (PrivacyState.OPEN, PrivacyState.RUNNING)


class SqlPrivacyRequests(SqlStored[PrivacyRequest]):
    """Requests."""

    def __init__(self, unit: Unit) -> None:
        super().__init__(unit, privacy_requests, PrivacyRequest, kind=PrivacyKind, state=PrivacyState)

    async def open_like(self, kind: PrivacyKind, customer_id: UUID) -> PrivacyRequest | None:
        """One that asks for the same and is not over, locked."""
        c = privacy_requests.c
        alike = await self.find(c.customer_id == customer_id, c.kind == kind, c.state.in_(UNDER_WAY))
        return next(iter(alike), None)

    async def exports_of(self, customer_ids: Sequence[UUID]) -> Sequence[PrivacyRequest]:
        """The exports of customers that can still be fetched, locked."""
        c = privacy_requests.c
        return await self.find(c.customer_id.in_(customer_ids), c.size.is_not(None))


class SqlPrivacyReads(SqlReads):
    """The reads of one operation about requests."""

    async def privacy_requests(self, ids: Sequence[UUID]) -> Sequence[PrivacyRequestView | None]:
        """Requests by id; none for who does not look after people's data."""
        if not self._actor.may(Permission.MANAGE_PRIVACY):
            return [None] * len(ids)
        rows = await self._rows(self._requests().where(privacy_requests.c.id.in_(ids)))
        found = {row.id: _view(row) for row in rows}
        return [found.get(identity) for identity in ids]

    async def privacy_request_page(self, page: PageRequest, wanted: PrivacyFilter) -> Page[PrivacyRequestView]:
        """Requests, the newest first."""
        self._actor.require(Permission.MANAGE_PRIVACY)
        c, asked = privacy_requests.c, self._requests()
        if wanted.kind is not None:
            asked = asked.where(c.kind == wanted.kind)
        if wanted.states is not None:
            asked = asked.where(c.state.in_(wanted.states))
        if wanted.customer_id is not None:
            asked = asked.where(c.customer_id == wanted.customer_id)
        newest = keyset(asked, page, (c.created_at, datetime.fromisoformat), (c.id, UUID), descending=True)
        return paged(await self._rows(newest), page, _view, lambda row: (row.created_at.isoformat(), str(row.id)))

    def _requests(self) -> Select[Any]:
        return select(privacy_requests).where(privacy_requests.c.organization_id == self._actor.tenant)


def _view(row: Row[Any]) -> PrivacyRequestView:
    return PrivacyRequestView(
        id=row.id,
        organization_id=row.organization_id,
        kind=PrivacyKind(row.kind),
        customer_id=row.customer_id,
        asked_by=Actor.parse(row.asked_by, row.organization_id),
        state=PrivacyState(row.state),
        created_at=row.created_at,
        starts_at=row.starts_at,
        due_at=row.due_at,
        finished_at=row.finished_at,
        failure=row.failure,
        conversations=row.conversations,
        files=row.files,
        size=row.size,
    )
