"""A worker of its own process that carries what is posted into a file, and stops dead after it took something.

It is run as `python -m tests.news.mortal <database> <file> <number of parcels after which it stops>`.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from redis.asyncio import Redis

from domain.carriage.carriage import Carriage
from domain.delivery import Delivery, Medium
from infra.database import Database
from infra.delivery.bell import RedisBell
from infra.delivery.outbox import SqlOutbox
from infra.live.signals import Sender
from workers.desk.carrying import carry


class Diary:
    """A carrier whose receiver is a file: what stands there was taken, whether or not the worker lives to say so."""

    def __init__(self, path: str, left: int) -> None:
        self._path, self._left = path, left

    async def carry(self, delivery: Delivery) -> str | None:
        """Write its key, on the disk before anything else happens."""
        with Path(self._path).open("a") as file:
            file.write(f"{delivery.parcel.key}\n")
            file.flush()
            os.fsync(file.fileno())
        self._left -= 1
        if not self._left:
            await asyncio.Event().wait()  # here it is killed: after the receiver took it, before that is recorded
        return None


async def main(database_url: str, path: str, left: int) -> None:
    """Carry until killed."""
    database, redis = Database(database_url, pool_size=2), Redis()
    outbox = SqlOutbox(database, Sender(redis))
    carriers = {Medium.EMAIL: Diary(path, left)}
    carriage = Carriage(outbox, carriers, lambda: datetime.now(UTC), random.random, lease=timedelta(seconds=2))
    await carry(carriage, RedisBell(redis, "nobody"))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
