"""Gives webhooks their turns, and posts what was written for them together with how far they have been told."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, text, update

from domain.base import system_of
from domain.delivery import Parcel
from domain.ports import Receipt
from domain.webhook.ports import Letter, Turn
from domain.webhook.service import Webhooks, parcel
from infra.database import Database
from infra.identity.standing import grants_of
from infra.live.hub import CONVERSATIONS
from infra.rows import organizations
from infra.unit_of_work import SqlUnits
from infra.webhooks.rows import webhooks

TURNS = 10
LEASE = 15
"""Seconds. Whoever takes longer does it in vain if somebody else is faster, and nothing is sent twice."""
CLAIM = text(
    """
    UPDATE webhook SET leased_until = now() + make_interval(secs => :lease)
    WHERE id IN (
      SELECT w.id FROM webhook AS w
      WHERE w.enabled AND (w.leased_until IS NULL OR w.leased_until < now()) AND EXISTS (
        SELECT FROM event AS e WHERE e.organization_id = w.organization_id AND e.delivered_position > w.position
      )
      ORDER BY w.leased_until NULLS FIRST, w.position LIMIT :most FOR UPDATE SKIP LOCKED
    )
    RETURNING id, organization_id
    """
)


class SqlDispatch:
    """Turns by leases on rows: any number of processes share them, and one that dies holds nobody up for long."""

    def __init__(self, database: Database, units: SqlUnits, commands: Webhooks, *, lease: float = LEASE) -> None:
        self._database = database
        self._units = units
        self._commands = commands
        self._lease = lease
        self._news = asyncio.Event()

    def heard(self, organization_id: UUID, stream: str, kind: str) -> None:
        """Something happened: look now rather than at the next poll."""
        if stream.startswith(CONVERSATIONS):
            self._news.set()

    async def woken(self, *, within: float) -> None:
        """Return when something may have happened, or after `within` seconds."""
        try:
            async with asyncio.timeout(within):
                await self._news.wait()
        except TimeoutError:
            return
        finally:
            self._news.clear()

    async def turns(self) -> Sequence[Turn]:
        """Webhooks of which there is something to tell, of organizations that are not suspended."""
        async with self._database.relay() as connection:
            claimed = (await connection.execute(CLAIM, {"lease": self._lease, "most": TURNS})).all()
            await connection.commit()
        found = [await self._turn(row.organization_id, row.id) for row in claimed]
        return [turn for turn in found if turn is not None]

    async def post(self, turn: Turn, letters: Sequence[Letter], place: int) -> bool:
        """Post what a webhook is told, and move it to a place: both or neither."""
        c = webhooks.c
        as_it_was = (c.id == turn.webhook_id) & (c.position == turn.position) & (c.version == turn.version) & c.enabled
        moved = update(webhooks).where(as_it_was).values(position=place, leased_until=None).returning(c.url)
        async with self._units(system_of(turn.organization_id)) as unit:
            url = await unit.connection.scalar(moved)
            if url is not None:
                await unit.deliveries.post([_parcel(turn, url, letter) for letter in letters])
                await unit.commit(Receipt(turn.webhook_id))
        if url is None:
            await self._give_back(turn)
        return url is not None

    async def shut(self, turn: Turn, why: str) -> None:
        """Switch a webhook off that cannot be told anything; it stays where it is."""
        await self._commands.shut(turn.organization_id, turn.webhook_id, why)
        await self._give_back(turn)

    async def _turn(self, organization_id: UUID, webhook_id: UUID) -> Turn | None:
        c, o = webhooks.c, organizations.c
        joined = webhooks.join(organizations, o.id == c.organization_id)
        wanted = select(webhooks).select_from(joined).where(c.id == webhook_id, o.suspended_at.is_(None))
        async with self._database.tenant(organization_id) as connection:
            row = (await connection.execute(wanted)).one_or_none()
        return None if row is None else _turn(row)

    async def _give_back(self, turn: Turn) -> None:
        """It is another one now, or soon: then it has its next turn at once."""
        async with self._database.tenant(turn.organization_id) as connection:
            mine = webhooks.c.id == turn.webhook_id
            await connection.execute(update(webhooks).where(mine).values(leased_until=None))
            await connection.commit()


def _turn(row: Row[Any]) -> Turn:
    return Turn(
        webhook_id=row.id,
        organization_id=row.organization_id,
        version=row.version,
        document=row.document,
        variables=row.variables,
        grants=grants_of(None, row.grants),
        position=row.position,
        round=row.round,
    )


def _parcel(turn: Turn, url: str, letter: Letter) -> Parcel:
    """The parcel of one event; told anew it is another parcel, and the same message to the other end."""
    return parcel(
        turn.webhook_id,
        url,
        key=f"webhook:{turn.webhook_id}:{turn.round}:{letter.position}",
        message_id=f"msg_{turn.webhook_id.hex}_{letter.position}",
        body=letter.body,
        sequence=letter.stream,
        about={"endpoint": str(turn.webhook_id), "conversation": letter.stream.removeprefix(CONVERSATIONS)},
    )
