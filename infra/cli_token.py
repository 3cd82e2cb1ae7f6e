"""`parley token`: a bearer token for somebody of the demo company."""

from datetime import timedelta
from enum import StrEnum
from typing import Annotated

import typer

from domain.base import ActorKind
from infra.bootstrap import now
from infra.demo_company import first
from infra.embedded import filled
from infra.identity import Tokens
from infra.settings import Settings, load_or_exit

LIFETIME = timedelta(days=7)


class Kind(StrEnum):
    """Whom the token is for."""

    CUSTOMER = "customer"
    AGENT = "agent"
    ADMIN = "admin"


def demo_token(settings: Settings, kind: ActorKind) -> str:
    """A token for the first person of a kind in the demo company, good for a week."""
    return Tokens(settings.secret, now).issue(first(kind).actor, lifetime=LIFETIME)


def token(kind: Annotated[Kind, typer.Argument(help="Whom the token is for.")]) -> None:
    """Print a bearer token for the demo company."""
    typer.echo(demo_token(filled(load_or_exit()), ActorKind(kind)))
