"""Looks for words in all columns of all tables, in Redis and among files, as somebody would who has the disks."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from zipfile import ZipFile, is_zipfile

from redis.asyncio import Redis
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine


async def in_tables(engine: AsyncEngine, words: Iterable[str]) -> set[str]:
    """The tables in which one of the words stands, as a text or as the bytes of one, whatever its case."""
    parts = [re.escape(form) for word in words for form in (word.lower(), word.lower().encode().hex())]
    wanted = "|".join(parts)
    found = set()
    async with engine.connect() as connection:
        tables = "SELECT schemaname, tablename FROM pg_tables WHERE schemaname !~ '^(pg_|information_schema)'"
        for schema, name in (await connection.execute(text(tables))).all():
            look = text(f'SELECT count(*) FROM "{schema}"."{name}" AS one WHERE lower(one::text) ~ :wanted')
            if await connection.scalar(look, {"wanted": wanted}):
                found.add(name)
    return found


async def in_redis(url: str, words: Iterable[str]) -> list[str]:
    """The keys that hold or are one of the words."""
    wanted = [word.lower().encode() for word in words]
    found = []
    async with Redis.from_url(url) as redis:
        async for key in redis.scan_iter():
            said = repr(await _value(redis, key)).lower().encode() + key.lower()
            found += [key.decode()] if any(word in said for word in wanted) else []
    return found


async def _value(redis: Any, key: bytes) -> object:
    """All that a key holds; `redis` has answers of other types than it says."""
    match await redis.type(key):
        case b"string":
            return await redis.get(key)
        case b"hash":
            return await redis.hgetall(key)
        case b"list":
            return await redis.lrange(key, 0, -1)
        case b"set":
            return await redis.smembers(key)
        case b"zset":
            return await redis.zrange(key, 0, -1)
        case b"stream":
            return await redis.xrange(key)
    raise TypeError(key)


def in_files(folder: Path, words: Iterable[str]) -> list[str]:
    """The files whose name or content has one of the words, packed ones too."""
    wanted = [word.lower().encode() for word in words]
    found = []
    for path in folder.rglob("*"):
        if path.is_file():
            said = [path.name.encode(), path.read_bytes(), *(_unpacked(path) if is_zipfile(path) else ())]
            found += [str(path)] if any(word in each.lower() for each in said for word in wanted) else []
    return found


def _unpacked(path: Path) -> list[bytes]:
    with ZipFile(path) as archive:
        return [part for name in archive.namelist() for part in (name.encode(), archive.read(name))]
