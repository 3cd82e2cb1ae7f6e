"""Commands that run one part of Parley in this process: `serve`, `worker`, `migrate`, `schema`."""

import os
import pkgutil
import runpy

import typer

from infra.commands.up import PROGRAMS
from infra.local.embedded import filled
from infra.settings import Settings, load_or_exit
from infra.storage import migrate as migrations

SCHEMA = "resolvers.root:schema"
"""Named, not imported: what runs the API is above this layer."""


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
    """Run a module that `infra` may not import, with the addresses of the embedded servers filled in."""
    os.environ.update(_settings().for_child())
    runpy.run_module(module, run_name="__main__")


def _settings() -> Settings:
    return filled(load_or_exit())
