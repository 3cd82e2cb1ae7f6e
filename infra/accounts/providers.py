"""Identity providers as rows: their client secrets sealed, and opened again for whoever signs people in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import update

from domain.login.provider import IdentityProvider, Seal
from domain.login.session import Session
from infra.accounts.access import SqlOpenSessions
from infra.accounts.repository import SqlStored
from infra.accounts.rows import identity_providers, sessions
from infra.identity.oidc import Provider
from infra.identity.sealing import Sealer
from infra.repositories import Unit


def sealing(sealer: Sealer) -> Seal:
    """What seals the client secret of a provider, each under a key of its own."""
    return lambda provider_id, secret: sealer.seal(secret.encode(), _purpose(provider_id))


def opened(row: Any, sealer: Sealer) -> Provider:
    """The provider of a row, with its secret; raises `BrokenSealError` where the server's secret key is another."""
    secret = sealer.open(row.client_secret, _purpose(row.id)).decode()
    return Provider(row.id, row.issuer, row.client_id, secret)


def _purpose(provider_id: UUID) -> str:
    return f"identity-provider:{provider_id}"


class SqlProviders(SqlStored[IdentityProvider]):
    """The identity providers of the unit's organization, with the sessions that came by them."""

    def __init__(self, unit: Unit, open_sessions: SqlOpenSessions) -> None:
        super().__init__(unit, identity_providers, IdentityProvider)
        self._open_sessions = open_sessions

    async def all(self) -> Sequence[IdentityProvider]:
        """Every one, locked."""
        return await self.find()

    async def open_sessions(self, provider: IdentityProvider) -> Sequence[Session]:
        """The sessions of those who came by it that are not over, locked."""
        return await self._open_sessions.open_by(provider.id)

    async def _write(self, aggregate: IdentityProvider) -> None:
        if aggregate.deleted:
            came_by = update(sessions).where(sessions.c.provider_id == aggregate.id)
            await self._unit.connection.execute(came_by.values(provider_id=None, provider_session=None))
        await super()._write(aggregate)
