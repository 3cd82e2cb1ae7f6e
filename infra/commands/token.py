"""`parley token`: an access token for somebody of the demo company."""

import asyncio
from enum import StrEnum
from typing import Annotated

import typer

from domain.base import Actor, ActorKind
from infra.database import Database
from infra.demo.company import first
from infra.identity.shell import token_for
from infra.local.embedded import filled
from infra.process.clock import now
from infra.settings import Settings, load_or_exit


class Kind(StrEnum):
    """Whom the token is for."""

    CUSTOMER = "customer"
    AGENT = "agent"
    ADMIN = "admin"


def demo_token(settings: Settings, kind: ActorKind) -> str:
    """A token for the first person of a kind in the demo company, good for twelve hours."""
    return asyncio.run(_token(settings, first(kind).actor))


async def _token(settings: Settings, actor: Actor) -> str:
    database = Database(settings.sqlalchemy_url, pool_size=1)
    try:
        return await token_for(database, settings.secret, actor, now)
    finally:
        await database.close()


def token(kind: Annotated[Kind, typer.Argument(help="Whom the token is for.")]) -> None:
    """Print an access token for the demo company, good for twelve hours."""
    typer.echo(demo_token(filled(load_or_exit()), ActorKind(kind)))
