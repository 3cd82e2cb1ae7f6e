"""`parley dead-letters` as people run it, against a running API with jobs that failed for good."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select, update

from domain.base import Actor
from infra.database import Database
from infra.journal import SqlJournal
from infra.live.signals import Sender
from infra.rows import jobs
from tests.documents import START
from tests.infra.test_chat import parley
from tests.stack import Company, Stack, found_company, running, scripted, token_of

ROOT = Path(__file__).parents[2]


@dataclass
class Graveyard:
    """A company with two dead letters, and the API that knows them."""

    stack: Stack
    company: Company
    database: Database

    async def states(self) -> list[str]:
        c = jobs.c
        async with self.database.relay() as connection:
            found = select(c.state).where(c.organization_id == self.company.id).order_by(c.id)
            return list((await connection.execute(found)).scalars())

    async def run(self, *arguments: str, actor: Actor | None = None) -> tuple[int, str]:
        """Exit code and output of a command, its table as wide as it likes."""
        address = self.stack.socket_url.replace("ws", "http", 1)
        token = token_of(actor or self.company.admin)
        process = await asyncio.create_subprocess_exec(
            *parley("dead-letters", "--url", address, "--token", token, *arguments),
            cwd=ROOT,
            env={"COLUMNS": "400", "PATH": str(Path(sys.executable).parent)},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await asyncio.wait_for(process.communicate(), 60)
        assert process.returncode is not None
        return process.returncode, said.decode()


@asynccontextmanager
async def dead(stack: Stack, company: Company, database_url: str) -> AsyncIterator[Graveyard]:
    database = Database(database_url, pool_size=2)
    customer = stack.client(company.customer)
    for text in ("First?", "Second?"):
        await customer.ask(START, text=text)
    journal = SqlJournal(database, Sender(None))  # type: ignore[arg-type]  # what is sent stays in its queue
    await journal.deliver({"MessageSent": ("answer_question",)})
    async with database.relay() as connection:
        mine = jobs.c.organization_id == company.id
        values = {"state": "dead", "attempts": 6, "error": "RuntimeError('\x1b[2Jno model')"}
        await connection.execute(update(jobs).where(mine).values(values))
        await connection.commit()
    try:
        yield Graveyard(stack, company, database)
    finally:
        await database.close()


@pytest.fixture
async def graveyard(database_url: str, redis_url: str) -> AsyncIterator[Graveyard]:
    company = await found_company(database_url)
    async with (
        running(database_url, redis_url, scripted("x"), with_worker=False) as stack,
        dead(stack, company, database_url) as made,
    ):
        yield made


async def test_they_are_listed_and_tried_again(graveyard: Graveyard) -> None:
    code, said = await graveyard.run()
    assert code == 0
    rows = [line.split() for line in said.splitlines() if "answer_question" in line]
    assert len(rows) == 2
    assert "MessageSent" in said
    assert "�[2Jno model" in said
    assert "\x1b[2J" not in said

    identity = rows[0][1]
    assert await graveyard.run("replay", identity) == (0, f"{identity}: queued again\n")
    assert sorted(await graveyard.states()) == ["dead", "queued"]
    assert await graveyard.run("replay", identity) == (0, f"{identity}: queued again\n"), "as the first time"
    assert sorted(await graveyard.states()) == ["dead", "queued"]

    code, said = await graveyard.run("replay", "--all")
    assert (code, said.count("queued again")) == (0, 1)
    assert await graveyard.states() == ["queued", "queued"]
    assert await graveyard.run("list") == (0, "There are no dead letters.\n")


async def test_others_are_refused(graveyard: Graveyard) -> None:
    code, said = await graveyard.run("list", actor=graveyard.company.customer)
    assert code == 1
    assert "needs the permission 'job.manage'" in said
    assert await graveyard.states() == ["dead", "dead"]


async def test_what_to_replay_must_be_said(graveyard: Graveyard) -> None:
    code, said = await graveyard.run("replay")
    assert code == 2
    assert "Name dead letters, or say --all." in said
