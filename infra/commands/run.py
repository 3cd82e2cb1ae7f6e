"""Commands that run one part of Parley in this process: `serve`, `worker`, `migrate`, `schema`."""

import os
import pkgutil
from typing import TYPE_CHECKING

import typer

from infra.local.embedded import filled
from infra.process.late import Late
from infra.process.programs import PROGRAMS, SCHEMA
from infra.process.start import program
from infra.settings import Settings, load_or_exit

if TYPE_CHECKING:
    from infra.storage import migrate as migrations
else:
    migrations = Late("infra.storage.migrate")


def serve() -> None:
    """Run the API alone, with the servers that the settings or a running `parley up` name."""
    _become(PROGRAMS["api"])


def worker() -> None:
    """Run one worker alone; start as many as you like."""
    _become(PROGRAMS["worker"])


def migrate() -> None:
    """Bring the tables of the database up to date."""
    migrations.upgrade(_settings().sqlalchemy_url)


def schema() -> None:
    """Print the GraphQL schema (SDL)."""
    typer.echo(pkgutil.resolve_name(SCHEMA).as_str())


def _become(module: str) -> None:
    """Run a program in this process, with the addresses of the embedded servers filled in."""
    os.environ.update(_settings().for_child())
    program(module)


def _settings() -> Settings:
    return filled(load_or_exit())
