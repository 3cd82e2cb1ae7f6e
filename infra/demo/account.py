"""The account by which somebody signs in to the demo company: a password made once, and kept in the data folder."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid5

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from domain.base import ActorKind
from infra.accounts.rows import people
from infra.database import Database
from infra.demo.company import ORGANIZATION_ID, company, first
from infra.identity.passwords import Passwords
from infra.local.embedded import write_private
from infra.rows import agents

FILE = "demo-password"


@dataclass(frozen=True, slots=True)
class Account:
    """What to sign in with."""

    email: str
    password: str = field(repr=False)


def account(data_dir: Path) -> Account:
    """The account; its password is made with the first call, in a file that its owner alone may read."""
    file = data_dir / FILE
    if not file.exists():
        write_private(file, secrets.token_urlsafe(15))
    agent = first(ActorKind.AGENT)
    return Account(f"{agent.name.lower()}@{company()['slug']}.example", file.read_text(encoding="utf-8").strip())


async def install(database: Database, data_dir: Path) -> None:
    """Let the first agent of the demo company sign in by the password in the folder, whatever it was before."""
    known, agent, at = account(data_dir), first(ActorKind.AGENT), datetime.now(UTC)
    person_id, p = uuid5(agent.actor.identity, "person"), people.c
    passwords = Passwords()
    try:
        async with database.accounts() as connection:
            stored = await connection.scalar(select(p.password_hash).where(p.id == person_id))
            if stored is None or not await passwords.verify(stored, known.password):
                secret = {"password_hash": await passwords.hash(known.password), "password_changed_at": at}
                row = {"id": person_id, "email": known.email, "name": agent.name, "created_at": at} | secret
                made = insert(people).values(row | {"email_verified_at": at})
                await connection.execute(made.on_conflict_do_update(index_elements=["id"], set_=secret))
                await connection.commit()
    finally:
        passwords.close()
    async with database.tenant(ORGANIZATION_ID) as connection:
        mine = update(agents).where(agents.c.id == agent.actor.identity).values(person_id=person_id)
        await connection.execute(mine)
        await connection.commit()
