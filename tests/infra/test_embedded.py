"""The embedded servers: real, durable, at the same address after a restart, and wherever the folder is."""

import asyncpg
from redis.asyncio import Redis

from infra.settings import Settings


async def test_connects(database_url: str, fresh_database_url: str, redis_url: str) -> None:
    connection = await asyncpg.connect(Settings(database_url=database_url).asyncpg_url)
    assert "18" in await connection.fetchval("SHOW server_version")
    await connection.close()
    async with Redis.from_url(redis_url) as r:
        await r.ping()
