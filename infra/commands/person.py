"""`parley person`: what only whoever runs Parley does for somebody who cannot get in."""

import asyncio
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from domain.base import DomainError
from infra import bootstrap
from infra.chat.screen import harmless
from infra.local.embedded import filled
from infra.settings import load_or_exit

app = typer.Typer(help="People who cannot get in any more.", no_args_is_help=True)
console = Console(highlight=False)


@app.callback()
def person() -> None:
    """Keep `forget-second-factor` a command of its own."""


@app.command()
def forget_second_factor(
    email: Annotated[str, typer.Option(help="Whose; make sure that it is they who ask.")],
    reason: Annotated[str, typer.Option(help="Why: it stands in the audit log wherever they work.")],
) -> None:
    """Let somebody who lost app and recovery codes sign in by password alone; all their sessions end."""
    try:
        is_done = asyncio.run(_forgotten(email, reason))
    except DomainError as error:
        console.print(Text(harmless(str(error)), style="red"), soft_wrap=True)
        raise typer.Exit(1) from None
    if not is_done:
        console.print(Text(harmless(f"Nobody has the address '{email}'."), style="red"))
        raise typer.Exit(1)
    console.print(Text(harmless(f"{email} signs in by password alone now.")))


async def _forgotten(email: str, reason: str) -> bool:
    async with bootstrap.parts(filled(load_or_exit())) as made, bootstrap.background(made.sender.run):
        is_done = await made.entrance.forget_second_factor(email, reason)
        await made.sender.drained()
        return is_done
