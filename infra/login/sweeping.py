"""Forgets what signing in leaves behind and nobody needs: tokens of sessions that are over, links, old failures."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import delete, or_, select

from domain.base import Clock, UnavailableError
from infra.accounts.rows import mail_tokens, refresh_tokens, sessions
from infra.database import Database
from infra.identity.throttle import Throttle

EVERY = 3_600.0
KEPT_FOR = timedelta(days=1)
"""For how long a refresh token of an ended session is still known, so that a replay is told from nonsense."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Sweeping:
    """Every server sweeps each hour: that two do it at once changes nothing."""

    database: Database
    throttle: Throttle
    clock: Clock

    async def sweep(self) -> int:
        """Forget what is old; how many rows that were. A session itself stays, for it is in the audit log."""
        before, s = self.clock() - KEPT_FOR, sessions.c
        over = select(s.id).where(or_(s.ended_at < before, s.expires_at < before))
        async with self.database.accounts() as connection:
            tokens = await connection.execute(delete(refresh_tokens).where(refresh_tokens.c.session_id.in_(over)))
            links = await connection.execute(delete(mail_tokens).where(mail_tokens.c.expires_at < before))
            await connection.commit()
        return tokens.rowcount + links.rowcount + await self.throttle.forget()

    async def run(self) -> None:
        """Sweep each hour, until cancelled."""
        while True:
            await asyncio.sleep(EVERY)
            try:
                log.info("sign_in.swept", rows=await self.sweep())
            except UnavailableError:
                log.warning("sign_in.not_swept")
