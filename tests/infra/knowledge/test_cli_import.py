"""`parley import` as people run it: a process with an exit code, which may be interrupted."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from infra.database import Database
from infra.demo.ids import ORGANIZATION_ID
from tests.stack import SECRET

MANY = 640
"""Articles: ten batches, so that there are some left when the first is in."""


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture
async def database(fresh_database_url: str) -> AsyncIterator[Database]:
    made = Database(fresh_database_url, pool_size=1)
    yield made
    await made.close()


class Terminal:
    """Runs the command against one database."""

    def __init__(self, database_url: str, redis_url: str, data_dir: Path) -> None:
        self.environment = os.environ | {
            "PARLEY_DATABASE_URL": database_url.replace("+asyncpg", ""),
            "PARLEY_REDIS_URL": redis_url,
            "PARLEY_SECRET_KEY": SECRET,
            "PARLEY_DATA_DIR": str(data_dir),
            "COLUMNS": "200",
        }

    async def start(self, *arguments: str | Path) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "infra.cli",
            "import",
            *map(str, arguments),
            env=self.environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )

    async def run(self, *arguments: str | Path) -> tuple[int, str]:
        """Exit code and all that was printed."""
        process = await self.start(*arguments)
        output, _ = await process.communicate()
        assert process.returncode is not None
        return process.returncode, output.decode()


@pytest.fixture
def terminal(fresh_database_url: str, redis_url: str, models: Path) -> Terminal:
    return Terminal(fresh_database_url, redis_url, models)


async def rows(database: Database, statement: str) -> list[Any]:
    async with database.tenant(ORGANIZATION_ID) as connection:
        return [tuple(row) for row in await connection.execute(text(statement))]


async def test_a_folder_is_imported_once_and_its_changes_after(
    terminal: Terminal, database: Database, tmp_path: Path
) -> None:
    folder = tmp_path / "help"
    folder.mkdir()
    (folder / "fees.md").write_text("# Fees\n\nNone.")
    (folder / "limits.md").write_text("# Internal: Limits\n\nTwenty euros.")
    code, output = await terminal.run(folder, "--internal-prefix", "Internal:")
    assert code == 0, output
    assert "Source “help”" in output and "created" in output
    found = await rows(database, "SELECT title, audience, state FROM article ORDER BY title")
    assert found == [("Fees", "everyone", "published"), ("Internal: Limits", "internal", "published")]

    before = await rows(database, "SELECT count(*) FROM event WHERE stream LIKE 'article:%'")
    code, output = await terminal.run(folder, "--internal-prefix", "Internal:")
    assert code == 0, output
    assert await rows(database, "SELECT count(*) FROM event WHERE stream LIKE 'article:%'") == before

    (folder / "fees.md").write_text("# Fees\n\nTwo euros.")
    (folder / "limits.md").unlink()
    (folder / "bad.md").write_bytes(b"caf\xe9")
    code, output = await terminal.run(folder, "--remove-missing")
    assert code == 1, output
    assert "✗ bad.md: This is not UTF-8 text" in output
    assert await rows(database, "SELECT text FROM passage") == [("Two euros.",)]


async def test_drafts_and_a_source_of_another_name(terminal: Terminal, database: Database, tmp_path: Path) -> None:
    (tmp_path / "fees.md").write_text("# Fees\n\nNone.")
    code, output = await terminal.run(tmp_path / "fees.md", "--source", "Money", "--draft")
    assert code == 0, output
    found = await rows(database, "SELECT s.name, a.state FROM article a JOIN source s ON s.id = a.source_id")
    assert found == [("Money", "draft")]


async def test_what_is_not_there_is_told(terminal: Terminal, tmp_path: Path) -> None:
    code, output = await terminal.run(tmp_path / "nothing")
    assert code == 1 and "There is no file or folder" in output and "Traceback" not in output


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_an_interrupted_import_leaves_no_article_half_done_and_goes_on(
    terminal: Terminal, database: Database, tmp_path: Path, number: signal.Signals
) -> None:
    path = tmp_path / "faq.jsonl"
    lines = (json.dumps({"id": n, "title": f"Topic {n}", "text": f"Answer number {n}."}) for n in range(MANY))
    path.write_text("\n".join(lines))
    process = await terminal.start(path)
    async with asyncio.timeout(60):
        while not (await rows(database, "SELECT count(*) FROM article"))[0][0]:
            await asyncio.sleep(0.05)
    process.send_signal(number)
    output, _ = await process.communicate()
    assert process.returncode == 130, output.decode()
    assert b"Traceback" not in output and b"Interrupted" in output
    ((count,),) = await rows(database, "SELECT count(*) FROM article")
    assert 0 < count < MANY
    incomplete = """SELECT count(*) FROM article a WHERE NOT EXISTS
        (SELECT FROM passage p WHERE p.article_id = a.id AND p.embedding IS NOT NULL)"""
    assert await rows(database, incomplete) == [(0,)]
    assert await rows(database, "SELECT state FROM import") == [("stopped",)]

    code, said = await terminal.run(path)
    assert code == 0, said
    assert await rows(database, "SELECT count(*) FROM article") == [(MANY,)]
    counts = await rows(
        database, "SELECT counts->>'unchanged', counts->>'created' FROM import WHERE state = 'finished'"
    )
    assert counts == [(str(count), str(MANY - count))]
