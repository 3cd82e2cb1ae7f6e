"""Ways in as rows: how API keys are made and found again, and when each was last used."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import bindparam, exists, or_, select, update

from domain.access.api_key import ApiKey, Minted
from domain.base import UnavailableError
from domain.login.session import Session
from infra.accounts.repository import SqlStored
from infra.accounts.rows import api_keys, sessions
from infra.database import Database
from infra.identity.standing import API_KEY_PREFIX, Standings, grants_of, hash_of
from infra.repositories import Unit
from infra.rows import agents

NOTED_EVERY = 5.0
"""Seconds between two looks at which keys were used."""
NOTED_AT_MOST_EVERY = timedelta(minutes=1)
"""How exactly the time of a key's last use is kept: a busy key is one write a minute, over all processes."""

log = structlog.get_logger(__name__)


def stored_api_keys(unit: Unit) -> SqlStored[ApiKey]:
    """The API keys of the unit's organization."""
    return SqlStored(unit, api_keys, ApiKey, grants=lambda grants: grants_of(None, grants))


class SqlOpenSessions(SqlStored[Session]):
    """The sessions of the unit's organization."""

    def __init__(self, unit: Unit) -> None:
        super().__init__(unit, sessions, Session)

    async def open_of(self, identity: UUID) -> Sequence[Session]:
        """All of an agent or a customer that are not over, locked."""
        s = sessions.c
        mine = or_(s.agent_id == identity, s.customer_id == identity)
        return await self.find(mine, s.ended_at.is_(None), s.expires_at > self._unit.at)

    async def open_by(self, provider_id: UUID) -> Sequence[Session]:
        """All that came by an identity provider and are not over, locked."""
        s = sessions.c
        return await self.find(s.provider_id == provider_id, s.ended_at.is_(None), s.expires_at > self._unit.at)

    async def has_agent(self, agent_id: UUID) -> bool:
        """Whether the organization has an agent of this id."""
        a = agents.c
        found = exists().where(a.id == agent_id, a.organization_id == self._unit.actor.tenant)
        return bool(await self._unit.connection.scalar(select(found)))


def mint() -> Minted:
    """A new API key: what all begin with, eight hexadecimal digits by which people know it, and 256 secret bits."""
    prefix = API_KEY_PREFIX + secrets.token_hex(4)
    key = f"{prefix}_{secrets.token_urlsafe(32)}"
    return Minted(key, prefix, hash_of(key))


class KeyUses:
    """Writes down when keys were used, beside the requests that use them."""

    def __init__(self, database: Database, standings: Standings) -> None:
        self._database = database
        self._standings = standings

    async def run(self) -> None:
        """Note uses until cancelled; what an outage or the end of the process takes away are seconds of exactness."""
        while True:
            await asyncio.sleep(NOTED_EVERY)
            try:
                await self.note()
            except UnavailableError:
                log.warning("keys.database_away")

    async def note(self) -> None:
        """Write what was used since the last time, in the order of ids: two processes never wait for each other."""
        used, self._standings.used = self._standings.used, {}
        if not used:
            return
        k = api_keys.c
        at = bindparam("at", type_=k.last_used_at.type)
        is_old = or_(k.last_used_at.is_(None), k.last_used_at <= at - NOTED_AT_MOST_EVERY)
        statement = update(api_keys).where(k.id == bindparam("key"), is_old).values(last_used_at=at)
        async with self._database.accounts() as connection:
            await connection.execute(statement, [{"key": key, "at": used[key]} for key in sorted(used)])
            await connection.commit()
