"""Live boards from Postgres: looked up once a second for all who watch the same one, and told when it is another."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from time import monotonic
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text

from domain.account.permission import Permission
from domain.analytics.board import Board
from domain.analytics.question import Granularity, is_zone, trunc
from domain.base import Actor, Clock, FieldProblem, InvalidInputError
from infra.analytics.sql.asking import BOARD
from infra.database import Database

EVERY = 1.0
"""Seconds between two looks."""
LOOK = text(BOARD)
Key = tuple[UUID, str]


class SqlBoards:
    """Boards of all organizations that somebody watches here."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._seen: dict[Key, tuple[float, Board]] = {}
        self._turns: dict[Key, asyncio.Lock] = {}

    async def watch(self, actor: Actor, zone: str) -> AsyncGenerator[Board, None]:
        """The board now, and whenever it has changed, at most once a second; holds nothing while it waits."""
        actor.require(Permission.READ_ANALYTICS)
        if not is_zone(zone):
            raise InvalidInputError(FieldProblem("timeZone", "This is no time zone such as `Europe/Lisbon`."))
        last: Board | None = None
        while True:
            board = await self._board((actor.tenant, zone))
            if board != last:
                last = board
                yield board
            await asyncio.sleep(EVERY)

    async def _board(self, key: Key) -> Board:
        """As it was within the last second."""
        async with self._turns.setdefault(key, asyncio.Lock()):
            at, board = self._seen.get(key, (0.0, None))
            if board is None or monotonic() - at > EVERY / 2:
                board = await self._look(*key)
                self._seen[key] = monotonic(), board
        return board

    async def _look(self, owner: UUID, zone: str) -> Board:
        today = trunc(self._clock().astimezone(ZoneInfo(zone)), Granularity.DAY)
        async with self._database.tenant(owner) as connection:
            row = (await connection.execute(LOOK, {"owner": owner, "today": today})).one()
        return Board(*row)
