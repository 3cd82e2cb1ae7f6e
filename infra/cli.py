"""The command line `parley`: a table of its commands, each loaded when it is called.

What one command needs no other waits for: `parley token` has no use for what reads PDF files.
"""

import pkgutil
from dataclasses import dataclass
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_group

from infra.process.start import undisturbed
from infra.settings import SettingsError, stop


@dataclass(frozen=True)
class Command:
    """Where the function, or the group, of a command is, and the sentence about it that the list shows."""

    place: str
    about: str


COMMANDS = {
    "up": Command(
        "infra.commands.up:up", "Start everything here: servers, tables, demo company, API and worker. Ctrl-C stops it."
    ),
    "serve": Command(
        "infra.commands.run:serve",
        "Run the API alone, with the servers that the settings or a running `parley up` name.",
    ),
    "worker": Command("infra.commands.run:worker", "Run one worker alone; start as many as you like."),
    "migrate": Command("infra.commands.run:migrate", "Bring the tables of the database up to date."),
    "schema": Command("infra.commands.run:schema", "Print the GraphQL schema (SDL)."),
    "doctor": Command(
        "infra.commands.doctor:doctor", "Check everything Parley needs; exit code 1 when something failed."
    ),
    "import": Command(
        "infra.commands.imports:import_",
        "Import documents into the knowledge of the demo company; only what has changed is touched.",
    ),
    "token": Command(
        "infra.commands.token:token", "Print an access token for the demo company, good for twelve hours."
    ),
    "chat": Command(
        "infra.commands.chat:chat",
        "Talk to the assistant; `printf 'question\\n' | parley chat` prints the answer and ends.",
    ),
    "organization": Command(
        "infra.commands.organization:app", "Organizations: found one, let nobody in, or everybody again."
    ),
    "person": Command("infra.commands.person:app", "People who cannot get in any more."),
    "keys": Command("infra.commands.keys:app", "The keys that sign access tokens."),
    "rollup": Command("infra.commands.rollup:app", "Numbers: make them anew from the journal."),
    "dead-letters": Command("infra.commands.dead_letters:app", "Jobs that failed for good: list them, try them again."),
}


class LoadedWhenCalled(TyperGroup):
    """Lists what the table says of its commands; the one that is called takes its own entry's place."""

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """The command that the first argument names, loaded."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, loaded(name) if name else command, rest


def loaded(name: str) -> Any:
    """A command of the table as Typer runs it."""
    with undisturbed():
        found = pkgutil.resolve_name(COMMANDS[name].place)
    holder = typer.Typer()
    if isinstance(found, typer.Typer):
        holder.add_typer(found, name=name)
    else:
        holder.command(name)(found)
    return get_group(holder).commands[name]


def _listed() -> None:
    """Stands in the list of commands, and is never called."""


app = typer.Typer(
    name="parley",
    cls=LoadedWhenCalled,
    help="Answers customers from what a company knows, and hands over to people when it should.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for _name, _command in COMMANDS.items():
    app.command(_name, help=_command.about)(_listed)


def main() -> None:
    """Run the command line; a wrong setting ends it with a sentence and exit code 2."""
    try:
        app()
    except SettingsError as error:
        stop(error)


if __name__ == "__main__":
    main()
