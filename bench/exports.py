"""How long an export of many rows takes, and how much memory: `python -m bench.exports --rows 500000`.

Each form is written by a process of its own, which does what a worker does for it: parts from a cursor, a file in the
store, one file at the end. Its memory is the peak of the whole process, with what it had imported before.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlalchemy.engine import make_url

from bench.store import server
from domain.base import system_of
from domain.export.events import Dataset, ExportFormat
from domain.export.export import Export
from domain.export.filter import ExportFilter
from infra.accounts.founding import found
from infra.database import Database
from infra.exports.extracting import SqlExportSource
from infra.exports.keeping import LocalAddresses, StoredExports
from infra.files.signing import Passes
from infra.process.clock import now
from infra.storage import migrate

FACTS = """
INSERT INTO conversation_fact (id, organization_id, conversation_id, at, inbox_id, channel, customer_id, segment, topic,
  language, priority, actor_kind, outcome, episodes, messages, customer_messages, assistant_messages, person_messages,
  automation_messages, handoffs, first_response_ms, resolution_ms, contained, tokens_in, tokens_out, cost_micros)
SELECT md5('c' || n)::uuid, CAST(:owner AS uuid), md5('c' || n)::uuid,
  timestamptz '2026-01-01Z' + n * interval '10 seconds',
  md5('i' || n % 7)::uuid, (ARRAY['chat', 'email', 'sms'])[1 + n % 3], md5('k' || n % 90000)::uuid, 'identified',
  'topic ' || n % 40, 'en', 'normal', 'assistant', 'resolved', 1, 4, 2, 2, 0, 0, 0,
  n % 9000, n % 90000, true, 900, 200, n % 5000
FROM generate_series(1, :rows) AS n
"""


async def fill(url: str, rows: int) -> UUID:
    """An organization with so many conversations."""
    organization_id, database = uuid4(), Database(url, pool_size=1)
    async with database.tenant(organization_id) as connection:
        await found(connection, organization_id, "Bench", str(organization_id), settings={}, at=now())
        await connection.commit()
    async with database.engine.begin() as connection:
        await connection.execute(text("SET LOCAL ROLE parley_analytics"))
        await connection.execute(text(FACTS), {"owner": str(organization_id), "rows": rows})
    await database.close()
    return organization_id


async def write(url: str, organization_id: UUID, form: ExportFormat, folder: Path) -> dict[str, float]:
    """One export from its beginning to its end; seconds, bytes, and megabytes before and at the most."""
    database = Database(url, pool_size=2)
    store = StoredExports(LocalAddresses(folder, Passes("x" * 32, "http://x.example"), now))
    source = SqlExportSource(database, store)
    export = Export(uuid4(), organization_id)
    export.request(system_of(organization_id), Dataset.CONVERSATIONS, form, ExportFilter(), at=now())
    before, began = _peak(), time.monotonic()
    export.begin(None)
    while not export.is_whole:
        export.advance(await source.write(export))
    size = await source.join(export)
    await database.close()
    took = time.monotonic() - began
    return {"rows": export.rows, "seconds": took, "bytes": size, "before_mb": before, "peak_mb": _peak()}


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Measure each form."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=500_000)
    parser.add_argument("--forms", nargs="+", type=ExportFormat, default=list(ExportFormat))
    parser.add_argument("--write", nargs=4, metavar=("URL", "ORGANIZATION", "FORM", "FOLDER"))
    chosen = parser.parse_args()
    if chosen.write:
        url, organization_id, form, folder = chosen.write
        print(json.dumps(asyncio.run(write(url, UUID(organization_id), ExportFormat(form), Path(folder)))))
        return
    with server() as address, tempfile.TemporaryDirectory(prefix="parley-bench-") as folder:
        url = make_url(address).render_as_string(hide_password=False)
        migrate.upgrade(url)
        organization_id = asyncio.run(fill(url, chosen.rows))
        for form in chosen.forms:
            command = (sys.executable, "-m", "bench.exports", "--write", url, str(organization_id), form, folder)
            measured = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
            rate = measured["rows"] / measured["seconds"]
            print(
                f"{form:8} {measured['rows']:>9,.0f} rows {measured['seconds']:6.1f} s ({rate:,.0f} a second)"
                f" {measured['bytes'] / 1e6:7.1f} MB; memory {measured['before_mb']:.0f} MB before,"
                f" {measured['peak_mb']:.0f} MB at the most"
            )


if __name__ == "__main__":
    main()
