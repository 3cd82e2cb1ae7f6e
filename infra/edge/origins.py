"""Which web origins the organizations list, in memory: the pages that may call the API in a browser."""

from __future__ import annotations

import asyncio
from time import monotonic
from uuid import UUID

import structlog
from sqlalchemy import select

from domain.account.events import OrganizationSettingsChanged
from domain.base import UnavailableError
from infra.database import Database
from infra.rows import organizations

KEPT_FOR = 30.0
"""Seconds after which the lists are read again even though nothing was heard."""

log = structlog.get_logger(__name__)


class SqlOrigins:
    """All lists by one statement, which only a request from another origin's page ever waits for.

    While Postgres is away the lists stay as they were; ones that were never read are empty.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._by_organization: dict[UUID, frozenset[str]] = {}
        self._listed: frozenset[str] = frozenset()
        self._until = 0.0
        self._reading = asyncio.Lock()

    async def is_listed(self, origin: str) -> bool:
        """Whether any organization lists the origin."""
        await self._refresh()
        return origin in self._listed

    async def lists(self, organization_id: UUID, origin: str) -> bool:
        """Whether this organization does."""
        await self._refresh()
        return origin in self._by_organization.get(organization_id, ())

    def heard(self, organization_id: UUID, stream: str, kind: str) -> None:
        """Something happened: settings that changed are read again with the next request."""
        if kind == OrganizationSettingsChanged.__name__:
            self._until = 0.0

    async def _refresh(self) -> None:
        async with self._reading:
            if monotonic() < self._until:
                return
            self._until = monotonic() + KEPT_FOR
            try:
                self._by_organization = await self._read()
            except UnavailableError:
                log.warning("origins.unavailable")
            self._listed = frozenset[str]().union(*self._by_organization.values())

    async def _read(self) -> dict[UUID, frozenset[str]]:
        listed = organizations.c.settings["allowed_origins"]
        found = select(organizations.c.id, listed.label("origins")).where(listed.is_not(None))
        async with self._database.accounts() as connection:
            rows = (await connection.execute(found)).all()
        return {row.id: frozenset(map(str, row.origins)) for row in rows if isinstance(row.origins, list)}
