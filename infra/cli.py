"""The command line: `parley …`."""

import typer

main = typer.Typer(name="parley", no_args_is_help=True)
