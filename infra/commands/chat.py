"""`parley chat`: talk to the assistant from a terminal, or pipe questions in and get the transcript."""

import asyncio
import sys
from typing import Annotated
from urllib.parse import urlsplit

import typer
from rich.console import Console

from domain.base import ActorKind
from infra.chat.client import Client, RefusedError, RequestError
from infra.chat.lines import Lines
from infra.chat.screen import Screen
from infra.chat.session import Session
from infra.commands.token import demo_token
from infra.local.embedded import filled
from infra.settings import load_or_exit

SOCKETS = {"http": "ws", "https": "wss", "ws": "ws", "wss": "wss"}
INTERRUPTED = 130


def chat(
    url: Annotated[str | None, typer.Option(help="Of the GraphQL socket; this machine's server if unset.")] = None,
    token: Annotated[str | None, typer.Option(help="Who you are; the demo customer if unset.")] = None,
    conversation: Annotated[str | None, typer.Option(help="Id of a conversation to go on with.")] = None,
) -> None:
    """Talk to the assistant; `printf 'question\\n' | parley chat` prints the answer and ends."""
    settings = filled(load_or_exit())
    address = _socket_address(url or f"{settings.address}/graphql")
    token = token or demo_token(settings, ActorKind.CUSTOMER)
    is_terminal = sys.stdin.isatty() and sys.stdout.isatty()
    screen = Screen(_console(), prompting=is_terminal)
    session = Session(Client(address, token, screen.note), screen, in_turn=not is_terminal)
    try:
        asyncio.run(session.run(Lines(sys.stdin.fileno()), conversation))
    except (RefusedError, RequestError) as error:
        screen.problem(str(error))
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        screen.end()
        raise typer.Exit(INTERRUPTED) from None
    if session.had_problems and not is_terminal:
        raise typer.Exit(1)


def _console() -> Console:
    """Signs that the terminal's encoding lacks become question marks."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")
    return Console(highlight=False, markup=False, emoji=False)


def _socket_address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in SOCKETS or not parts.netloc:
        raise typer.BadParameter("must be an address such as ws://127.0.0.1:8000/graphql", param_hint="--url")
    return parts._replace(scheme=SOCKETS[parts.scheme]).geturl()
