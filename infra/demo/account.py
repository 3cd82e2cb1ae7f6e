"""Accounts by which somebody signs in to the demo company: one password, made once and kept in the data folder."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid5

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from domain.account.organization import role_of
from domain.base import ActorKind
from infra.accounts.rows import people
from infra.database import Database
from infra.demo.company import Person, first
from infra.demo.ids import ORGANIZATION_ID
from infra.identity.passwords import Passwords
from infra.local.embedded import write_private
from infra.rows import agents

FILE = "demo-password"


@dataclass(frozen=True, slots=True)
class Account:
    """What to sign in with, and as whom."""

    person: Person
    password: str = field(repr=False)

    @property
    def email(self) -> str:
        """The address of the account."""
        return self.person.email or ""

    @property
    def person_id(self) -> UUID:
        """The same on every machine."""
        return uuid5(self.person.actor.identity, "person")


def accounts(data_dir: Path) -> tuple[Account, Account]:
    """An agent's and the owner's; the password is made with the first call, in a file that you alone may read."""
    file = data_dir / FILE
    if not file.exists():
        write_private(file, secrets.token_urlsafe(15))
    password = file.read_text(encoding="utf-8").strip()
    return Account(first(ActorKind.AGENT), password), Account(first(ActorKind.ADMIN), password)


async def install(database: Database, data_dir: Path) -> None:
    """Let them sign in by the password in the folder, whatever it was before, in the roles that the company names."""
    passwords = Passwords()
    try:
        for one in accounts(data_dir):
            await _keep(database, passwords, one)
    finally:
        passwords.close()
    async with database.tenant(ORGANIZATION_ID) as connection:
        for one in accounts(data_dir):
            mine = update(agents).where(agents.c.id == one.person.actor.identity)
            role = {"role_id": role_of(ORGANIZATION_ID, one.person.role)} if one.person.role else {}
            await connection.execute(mine.values(person_id=one.person_id, **role))
        await connection.commit()


async def _keep(database: Database, passwords: Passwords, one: Account) -> None:
    p, at = people.c, datetime.now(UTC)
    async with database.accounts() as connection:
        stored = await connection.scalar(select(p.password_hash).where(p.id == one.person_id))
        if stored is not None and await passwords.verify(stored, one.password):
            return
        secret = {"password_hash": await passwords.hash(one.password), "password_changed_at": at}
        row = {"id": one.person_id, "email": one.email, "name": one.person.name, "created_at": at} | secret
        made = insert(people).values(row | {"email_verified_at": at})
        await connection.execute(made.on_conflict_do_update(index_elements=["id"], set_=secret))
        await connection.commit()
