"""`parley organization`: what only whoever runs Parley does with an organization."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Annotated, Any, TypeVar
from uuid import UUID

import typer
from rich.console import Console
from rich.text import Text
from sqlalchemy import select

from domain.account.organization import Organizations
from domain.base import Actor, DomainError, system_of
from domain.login.signing_in import Founder
from domain.ports import Receipt
from infra import bootstrap
from infra.chat.screen import harmless
from infra.database import Database
from infra.local.embedded import filled
from infra.rows import organizations
from infra.settings import load_or_exit

T = TypeVar("T")
Command = Callable[[Organizations, Actor, str | None], Awaitable[Receipt]]
Slug = Annotated[str, typer.Option(help="The organization's, as it stands in addresses.")]
Reason = Annotated[str | None, typer.Option(help="Why: it stands in the organization's audit log.")]

app = typer.Typer(help="Organizations: found one, let nobody in, or everybody again.", no_args_is_help=True)
console = Console(highlight=False)


@app.command()
def create(
    name: Annotated[str, typer.Option(help="As its people write it.")],
    slug: Slug,
    owner_email: Annotated[str, typer.Option(help="The e-mail address of whoever is to own it.")],
    owner_name: Annotated[str | None, typer.Option(help="What they are called; unset: by their address.")] = None,
) -> None:
    """Found an organization, and print the link by which its owner chooses a password within an hour."""
    founder = Founder(owner_email, "", owner_name or owner_email.partition("@")[0], name, slug)
    link = _told(_founded(founder))
    how = f"Its owner chooses a password within an hour at\n{link}" if link else "Its owner signs in as ever."
    console.print(Text(harmless(f"{slug} is founded. {how}")), soft_wrap=True)


async def _founded(founder: Founder) -> str | None:
    async with bootstrap.parts(filled(load_or_exit())) as made, bootstrap.background(made.sender.run):
        link = await made.entrance.found(founder)
        await made.sender.drained()
        return link


@app.command()
def suspend(slug: Slug, reason: Reason = None) -> None:
    """Let nobody of an organization in; what they have open closes."""
    _run(slug, reason, lambda commands, actor, why: commands.suspend(actor, reason=why))
    console.print(Text(f"{slug} is suspended."))


@app.command()
def resume(slug: Slug, reason: Reason = None) -> None:
    """Let the people of an organization in again, with the sessions that they had."""
    _run(slug, reason, lambda commands, actor, why: commands.resume(actor, reason=why))
    console.print(Text(f"{slug} is open."))


def _run(slug: str, reason: str | None, command: Command) -> None:
    _told(_commanded(slug, reason, command))


def _told(work: Coroutine[Any, Any, T]) -> T:
    """What comes of some work; what cannot be done ends the process with a sentence."""
    try:
        return asyncio.run(work)
    except DomainError as error:
        console.print(Text(harmless(str(error)), style="red"), soft_wrap=True)
        raise typer.Exit(1) from None


async def _commanded(slug: str, reason: str | None, command: Command) -> None:
    async with bootstrap.parts(filled(load_or_exit())) as made, bootstrap.background(made.sender.run):
        identity = await _identity(made.database, slug)
        if identity is None:
            console.print(Text(harmless(f"There is no organization with the slug '{slug}'."), style="red"))
            raise typer.Exit(1)
        await command(made.accounts.organizations, system_of(identity), reason)
        await made.sender.drained()


async def _identity(database: Database, slug: str) -> UUID | None:
    async with database.accounts() as connection:
        wanted = select(organizations.c.id).where(organizations.c.slug == slug)
        found: UUID | None = await connection.scalar(wanted)
        return found
