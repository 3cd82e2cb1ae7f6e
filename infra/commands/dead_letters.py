"""`parley dead-letters`: jobs that failed for good, listed and tried again over the public API."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import orjson
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from domain.base import ActorKind
from infra.chat.screen import harmless
from infra.commands.token import demo_token
from infra.local.embedded import filled
from infra.settings import load_or_exit

PAGE = 100
SECONDS = 30

LIST = """
query DeadLetters($first: Int!, $after: String) {
  deadLetters(first: $first, after: $after) {
    nodes { id job stream event attempts error failedAt }
    pageInfo { hasNextPage endCursor }
  }
}"""
REPLAY = """
mutation Replay($id: ID!) {
  replayDeadLetter(input: {id: $id}) { ... on ReplayDeadLetterSuccess { id } ... on Error { message } }
}"""

app = typer.Typer(help="Jobs that failed for good: list them, try them again.", invoke_without_command=True)
console = Console(highlight=False)


class RequestError(Exception):
    """The server cannot be reached or refused; the message is for a person."""


@dataclass(frozen=True)
class Api:
    """The GraphQL endpoint, as somebody."""

    url: str
    token: str

    def ask(self, document: str, **variables: object) -> dict[str, Any]:
        """The data of an operation. Raises: RequestError."""
        body = orjson.dumps({"query": document, "variables": variables})
        headers = {"content-type": "application/json", "authorization": f"Bearer {self.token}"}
        answer = _read(Request(self.url, body, headers))  # noqa: S310  the address is the caller's own
        if errors := answer.get("errors"):
            raise RequestError(str(errors[0]["message"]))
        data: dict[str, Any] = answer["data"]
        return data

    def letters(self) -> Iterator[dict[str, Any]]:
        """All dead letters, newest first."""
        after = None
        while True:
            page = self.ask(LIST, first=PAGE, after=after)["deadLetters"]
            yield from page["nodes"]
            if not page["pageInfo"]["hasNextPage"]:
                return
            after = page["pageInfo"]["endCursor"]

    def replay(self, identity: str) -> str | None:
        """Try a dead letter again; what is wrong, if anything."""
        problem: str | None = self.ask(REPLAY, id=identity)["replayDeadLetter"].get("message")
        return problem


@app.callback()
def connect(
    context: typer.Context,
    url: Annotated[str | None, typer.Option(help="Of the GraphQL endpoint; this machine's server if unset.")] = None,
    token: Annotated[str | None, typer.Option(help="An admin's token; the demo company's if unset.")] = None,
) -> None:
    """Without a command: list them."""
    settings = filled(load_or_exit())
    context.obj = Api(url or f"{settings.address}/graphql", token or demo_token(settings, ActorKind.ADMIN))
    if context.invoked_subcommand is None:
        show(context)


@app.command("list")
def show(context: typer.Context) -> None:
    """Show every dead letter, newest first."""
    letters = _guarded(lambda api: list(api.letters()), context)
    if not letters:
        console.print("There are no dead letters.")
        return
    table = Table("id", "failed at", "job", "stream", "event", "attempts", "error")
    for letter in letters:
        names = ("id", "failedAt", "job", "stream", "event", "attempts", "error")
        table.add_row(*(Text(harmless(str(letter[name])), overflow="fold") for name in names))
    console.print(table)


@app.command()
def replay(
    context: typer.Context,
    ids: Annotated[list[str] | None, typer.Argument(metavar="ID", help="Which, as the list names them.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every one that there is now.")] = False,
) -> None:
    """Try dead letters again, with all their retries; exit code 1 when one of them was refused."""
    if bool(ids) == everything:
        raise typer.BadParameter("Name dead letters, or say --all.")
    wanted = _guarded(lambda api: [letter["id"] for letter in api.letters()], context) if everything else ids or []
    refused = 0
    for identity in wanted:
        problem = _guarded(lambda api, identity=identity: api.replay(identity), context)
        refused += problem is not None
        console.print(Text(f"{identity}: {harmless(problem or 'queued again')}", style="red" if problem else ""))
    if not wanted:
        console.print("There are no dead letters.")
    if refused:
        raise typer.Exit(1)


def _guarded(work: Any, context: typer.Context) -> Any:
    try:
        return work(context.obj)
    except RequestError as error:
        console.print(Text(harmless(str(error)), style="red"))
        raise typer.Exit(1) from None


def _read(request: Request) -> dict[str, Any]:
    try:
        with urlopen(request, timeout=SECONDS) as response:  # noqa: S310
            found: dict[str, Any] = orjson.loads(response.read())
            return found
    except HTTPError as error:
        found = _json(error.read())
        if "errors" in found:
            return found
        raise RequestError(f"{request.full_url} answers with HTTP {error.code}.") from None
    except (URLError, OSError, ValueError) as error:
        raise RequestError(f"Nothing that speaks GraphQL answers at {request.full_url}: {error}.") from None


def _json(raw: bytes) -> dict[str, Any]:
    try:
        found = orjson.loads(raw)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
