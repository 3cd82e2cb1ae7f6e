"""A worker that is killed between sending and recording sends once more, and what it sends has the same key."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from infra import bootstrap
from tests.news.couriers import Depot, parcel
from tests.stack import found_company, settings_for

LETTERS = ["a", "b", "c", "d"]


@pytest.fixture
async def depot(database_url: str, redis_url: str) -> AsyncIterator[Depot]:
    company = await found_company(database_url)
    async with bootstrap.parts(settings_for(database_url, redis_url)) as parts:
        yield Depot(parts, company)


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not true():
            await asyncio.sleep(0.05)


async def all_sent(depot: Depot) -> None:
    async with asyncio.timeout(30):
        while any(row.state != "sent" for row in await depot.rows()):
            await asyncio.sleep(0.05)


async def test_each_crash_repeats_one_delivery_at_most_and_keeps_the_order(
    depot: Depot, database_url: str, tmp_path: Path
) -> None:
    await depot.post(*(parcel(letter, sequence="letters") for letter in LETTERS))
    diary = tmp_path / "diary"
    diary.touch()

    def written() -> list[str]:
        return diary.read_text().split()

    for after, expected in ((1, ["a"]), (2, ["a", "a", "b"]), (9, ["a", "a", "b", "b", "c", "d"])):
        command = (sys.executable, "-m", "tests.news.mortal", database_url, str(diary), str(after))
        worker = await asyncio.create_subprocess_exec(*command)
        try:
            await until(lambda expected=expected: len(written()) >= len(expected))  # type: ignore[misc]
            if after < len(LETTERS):
                assert {row.state for row in await depot.rows() if row.key == expected[-1]} == {"queued"}
            else:
                await all_sent(depot)
        finally:
            worker.kill()
            await worker.wait()
        assert written() == expected
    assert [row.attempts for row in await depot.rows()] == [2, 2, 1, 1]
