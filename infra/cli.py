"""The command line `parley`: each command is a function of `infra.commands` and a line here."""

import typer

from infra.commands import chat, dead_letters, doctor, imports, keys, organization, person, run, token, up
from infra.settings import SettingsError, stop

app = typer.Typer(
    name="parley",
    help="Answers customers from what a company knows, and hands over to people when it should.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

app.command()(up.up)
app.command()(run.serve)
app.command()(run.worker)
app.command()(run.migrate)
app.command()(run.schema)
app.command()(doctor.doctor)
app.command(name="import")(imports.import_)
app.command()(token.token)
app.command()(chat.chat)
app.add_typer(organization.app, name="organization")
app.add_typer(person.app, name="person")
app.add_typer(keys.app, name="keys")
app.add_typer(dead_letters.app, name="dead-letters")


def main() -> None:
    """Run the command line; a wrong setting ends it with a sentence and exit code 2."""
    try:
        app()
    except SettingsError as error:
        stop(error)


if __name__ == "__main__":
    main()
