"""The demo company: the same ids on every machine, so that its tokens work everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import insert

from domain.account.organization import role_of
from domain.account.permission import BUILTIN, CUSTOMER, BuiltinRole
from domain.base import Actor, ActorKind
from domain.login.person import ADMINS
from infra.accounts.founding import found
from infra.database import Database
from infra.demo.ids import ORGANIZATION_ID, id_of
from infra.rows import agents, customers

FOLDER = Path(__file__).parent
ARTICLES = FOLDER / "articles"
SOURCE = "Help centre"
"""The name of the source that the demo articles belong to."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the demo company."""

    name: str
    actor: Actor
    email: str | None = None
    role: BuiltinRole | None = None


def company() -> dict[str, Any]:
    """What `company.yaml` says."""
    found: dict[str, Any] = yaml.safe_load((FOLDER / "company.yaml").read_text(encoding="utf-8"))
    return found


def people() -> list[Person]:
    """Agents, admins and customers, in the order of the file."""
    about = company()
    return [*(_worker(one) for one in about["agents"]), *(_customer(one) for one in about["customers"])]


def first(kind: ActorKind) -> Person:
    """The first person of a kind."""
    return next(person for person in people() if person.actor.kind is kind)


def _worker(about: dict[str, str]) -> Person:
    role, name = BuiltinRole(about["role"]), about["name"]
    actor = Actor(ActorKind.ADMIN if role in ADMINS else ActorKind.AGENT, id_of(name), ORGANIZATION_ID, BUILTIN[role])
    return Person(name, actor, f"{name.lower()}@{company()['slug']}.example", role)


def _customer(about: dict[str, str]) -> Person:
    actor = Actor(ActorKind.CUSTOMER, id_of(about["name"]), ORGANIZATION_ID, CUSTOMER)
    return Person(about["name"], actor, about["email"])


async def install(database: Database) -> None:
    """Store the company and its people; what is there already stays as it is."""
    about, at = company(), datetime.now(UTC)
    async with database.tenant(ORGANIZATION_ID) as connection:
        await found(connection, ORGANIZATION_ID, about["name"], about["slug"], settings={}, at=at)
        for person in people():
            shared = {"id": person.actor.id, "organization_id": ORGANIZATION_ID, "name": person.name, "created_at": at}
            if person.role is None:
                await connection.execute(_kept(customers, email=person.email, **shared))
            else:
                await connection.execute(_kept(agents, role_id=role_of(ORGANIZATION_ID, person.role), **shared))
        await connection.commit()


def _kept(table: Table, **values: Any) -> Any:
    return insert(table).values(values).on_conflict_do_nothing()
