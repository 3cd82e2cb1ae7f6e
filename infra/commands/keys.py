"""`parley keys`: exchange the key that signs access tokens."""

import asyncio
from typing import Annotated

import typer

from infra.database import Database
from infra.identity.keys import KeyRing
from infra.local.embedded import filled
from infra.process.clock import now
from infra.settings import Settings, load_or_exit

app = typer.Typer(help="The keys that sign access tokens.", no_args_is_help=True)

AtOnce = Annotated[
    bool, typer.Option("--at-once", help="End what older keys signed now, since one of them may be stolen.")
]


@app.callback()
def keys() -> None:
    """Keep `rotate` a command of its own."""


@app.command()
def rotate(at_once: AtOnce = False) -> None:
    """Sign with a new key from now on.

    Servers learn of it within a minute. Without `--at-once` what older keys signed stays good until it ends, so that
    nobody notices; with it everybody needs a new access token, which their refresh token brings them.
    """
    kid = asyncio.run(_rotated(filled(load_or_exit()), at_once=at_once))
    typer.echo(f"Access tokens are signed with the key {kid} now.")


async def _rotated(settings: Settings, *, at_once: bool) -> str:
    database = Database(settings.sqlalchemy_url, pool_size=1)
    try:
        return await KeyRing(database, settings.secret, now).rotate(at_once=at_once)
    finally:
        await database.close()
