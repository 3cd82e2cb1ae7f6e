"""`parley import`: files and folders become articles of the demo company, with a progress bar."""

import asyncio
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from domain.base import Actor, DomainError, system_of
from domain.knowledge import events
from domain.knowledge.events import ImportOptions
from domain.knowledge.imports import Batch, Imports, Item, take
from infra import bootstrap
from infra.demo import company as demo_company
from infra.demo.ids import ORGANIZATION_ID
from infra.documents import Folder, Reading, collect
from infra.local.embedded import filled
from infra.matching.embedding import ModelNotInstalledError
from infra.settings import Settings, load_or_exit

INTERRUPTED = 130

Told = Callable[[Reading, events.Progress, Batch], None]
"""Told after each batch: how far the files are read, all counts, and the batch."""

console = Console(highlight=False)


def import_(
    path: Annotated[Path, typer.Argument(help="A folder, or one file: .md .html .txt .pdf .jsonl .csv")],
    source: Annotated[str, typer.Option(help="Name of the source; that of the path if unset.")] = "",
    internal_prefix: Annotated[
        str, typer.Option(help='Titles that begin so are internal too, beside "Internal: …".')
    ] = "",
    remove_missing: Annotated[bool, typer.Option("--remove-missing", help="Retire articles without a file.")] = False,
    draft: Annotated[bool, typer.Option("--draft", help="Leave drafts; publish nothing.")] = False,
) -> None:
    """Import documents into the knowledge of the demo company; only what has changed is touched."""
    settings = filled(load_or_exit())
    options = ImportOptions(internal_prefix, remove_missing, publish=not draft)
    try:
        folder = collect(path)
        failed = asyncio.run(_shown(settings, folder, source or path.resolve().name, options))
    except FileNotFoundError:
        console.print(f"[red]There is no file or folder {escape(str(path))}.[/]", soft_wrap=True)
        raise typer.Exit(1) from None
    except (DomainError, ModelNotInstalledError) as error:
        console.print(f"[red]{escape(str(error))}[/]", soft_wrap=True)
        raise typer.Exit(1) from None
    except (KeyboardInterrupt, asyncio.CancelledError):
        console.print("Interrupted. What is in stays in; the same command goes on from there.")
        raise typer.Exit(INTERRUPTED) from None
    if failed:
        raise typer.Exit(1)


async def import_folder(
    imports: Imports, actor: Actor, folder: Folder, source: str, options: ImportOptions, *, told: Told
) -> events.Progress:
    """Import a folder's files, batch by batch; when it is cancelled, what is in stays in."""
    receipt = await imports.begin(actor, source, options, total=len(folder.files))
    reading = Reading(folder, options.internal_prefix)
    try:
        items: Iterator[Item] = iter(reading)
        progress = events.Progress(total=len(folder.files))
        while (batch := await asyncio.to_thread(take, items)) or batch.done:
            progress = await imports.add(actor, receipt.id, batch)
            told(reading, progress, batch)
        return await imports.finish_all(actor, receipt.id, reading.present)
    except BaseException as error:
        reason = "Interrupted." if isinstance(error, asyncio.CancelledError | KeyboardInterrupt) else "It failed."
        await asyncio.shield(imports.stop(actor, receipt.id, reason))
        raise


async def _shown(settings: Settings, folder: Folder, source: str, options: ImportOptions) -> int:
    if task := asyncio.current_task():
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    problems: list[events.Problem] = []
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn(), console=console
    )
    with bar:
        row = bar.add_task("Reading", total=folder.size)

        def told(reading: Reading, progress: events.Progress, batch: Batch) -> None:
            problems.extend(batch.problems)
            bar.update(row, completed=reading.position, description=f"{progress.read:,} articles")

        async with bootstrap.parts(settings) as made, bootstrap.background(made.sender.run):
            await demo_company.install(made.database)
            actor = system_of(ORGANIZATION_ID)
            progress = await import_folder(made.knowledge.imports, actor, folder, source, options, told=told)
        bar.update(row, completed=folder.size)
    console.print(_counts(progress, source, folder))
    for problem in problems:
        console.print(f"[red]✗[/] {escape(problem.name)}: {escape(problem.reason)}", soft_wrap=True)
    return progress.failed


def _counts(progress: events.Progress, source: str, folder: Folder) -> Table:
    table = Table(title=f"Source “{escape(source)}”", show_header=False, title_justify="left")
    table.add_column()
    table.add_column(justify="right")
    for label, count in (
        ("files", progress.total),
        ("files of other kinds, left alone", folder.others),
        ("articles read", progress.read),
        ("created", progress.created),
        ("updated", progress.updated),
        ("unchanged", progress.unchanged),
        ("removed", progress.removed),
        ("failed", progress.failed),
    ):
        table.add_row(label, f"{count:,}")
    return table
