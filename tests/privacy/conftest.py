"""A running Parley with files of its own, and a company whose customer is to be forgotten."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from infra import bootstrap
from tests.documents import START
from tests.privacy.world import OTHER, Talkative, World
from tests.stack import found_company, running, settings_for


@pytest.fixture
async def world(fresh_database_url: str, redis_url: str, tmp_path: Path) -> AsyncIterator[World]:
    options: dict[str, Any] = {"files_url": (tmp_path / "files").as_uri()}
    async with (
        running(fresh_database_url, redis_url, Talkative([]), **options) as stack,
        bootstrap.parts(settings_for(fresh_database_url, redis_url, **options)) as parts,
    ):
        made = World(stack, await found_company(fresh_database_url), parts, tmp_path / "files")
        other = stack.client(made.company.other_customer)
        begun = (await other.ask(START, text=f"I am {OTHER}."))["startConversation"]
        made.ids["other"] = begun["conversation"]["id"]
        await made.quiet()
        yield made
