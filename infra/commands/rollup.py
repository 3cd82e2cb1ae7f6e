"""`parley rollup`: numbers from the beginning."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from uuid import UUID

import typer

from infra.analytics.composition import AnalyticsParts, analytics_parts
from infra.analytics.filling import SOME
from infra.database import Database
from infra.local.embedded import filled
from infra.process.clock import now
from infra.settings import load_or_exit

app = typer.Typer(no_args_is_help=True)


@app.callback()
def about() -> None:
    """Numbers: make them anew from the journal."""


@app.command("rebuild")
def rebuild_all() -> None:
    """Make all facts and roll-ups anew from the journal; questions are answered meanwhile, and nothing is lost."""
    typer.echo(f"{asyncio.run(_rebuild()):,} conversations are counted anew.")


async def _rebuild() -> int:
    settings = filled(load_or_exit())
    async with AsyncExitStack() as stack:
        database = Database(settings.sqlalchemy_url, pool_size=2)
        stack.push_async_callback(database.close)
        return await rebuild(analytics_parts(settings, database, now, stack))


async def rebuild(counting: AnalyticsParts, *, some: int = SOME) -> int:
    """Fold every conversation, `some` at a time, and roll up every hour; how many conversations there were."""
    done, last = 0, UUID(int=0)
    while True:
        batch = await counting.facts.rebuild(last, some)
        done += batch.conversations
        if batch.last is None:
            break
        last = batch.last
    while await counting.facts.follow_deliveries(anew=True):
        pass
    while await counting.rollups.roll():
        pass
    return done
