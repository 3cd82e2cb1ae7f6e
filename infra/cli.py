"""The command line `parley`: each command is a function of a `cli_…` module and a line here."""

import typer

from infra import (
    cli_chat,
    cli_dead_letters,
    cli_doctor,
    cli_import,
    cli_keys,
    cli_organization,
    cli_person,
    cli_run,
    cli_token,
    cli_up,
)
from infra.settings import SettingsError, stop

app = typer.Typer(
    name="parley",
    help="Answers customers from what a company knows, and hands over to people when it should.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

app.command()(cli_up.up)
app.command()(cli_run.serve)
app.command()(cli_run.worker)
app.command()(cli_run.migrate)
app.command()(cli_run.schema)
app.command()(cli_doctor.doctor)
app.command(name="import")(cli_import.import_)
app.command()(cli_token.token)
app.command()(cli_chat.chat)
app.add_typer(cli_organization.app, name="organization")
app.add_typer(cli_person.app, name="person")
app.add_typer(cli_keys.app, name="keys")
app.add_typer(cli_dead_letters.app, name="dead-letters")


def main() -> None:
    """Run the command line; a wrong setting ends it with a sentence and exit code 2."""
    try:
        app()
    except SettingsError as error:
        stop(error)


if __name__ == "__main__":
    main()
