"""Files, put together once in a process."""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path

import httpx2

from domain.base import Clock, Identifiers
from domain.file.ports import Scanner
from domain.file.service import Files
from infra.files.addresses import place_of
from infra.files.inspecting import FileInspector, HttpScanner, NoScanner
from infra.files.signing import Passes
from infra.files.store import BucketFiles, LocalFiles
from infra.settings import Settings
from infra.unit_of_work import SqlUnits


def files_of(chosen: Settings, units: SqlUnits, clock: Clock, new_id: Identifiers, stack: AsyncExitStack) -> Files:
    """Make them, as the settings say."""
    place = place_of(chosen.files_url, chosen.data_dir)
    inspector = FileInspector(_scanner(chosen, stack))
    if not isinstance(place, Path):
        return Files(units, BucketFiles(place, clock), inspector, new_id, clock)
    local = LocalFiles(place, Passes(chosen.secret, chosen.public_address), clock)
    return Files(units, local, inspector, new_id, clock, depot=local)


def _scanner(chosen: Settings, stack: AsyncExitStack) -> Scanner:
    if chosen.files_scanner_url is None:
        return NoScanner()
    client = httpx2.AsyncClient(trust_env=False)
    stack.push_async_callback(client.aclose)
    return HttpScanner(client, chosen.files_scanner_url)
