"""People at work, as rows: somebody to sign in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select

from domain.account.organization import role_of
from domain.account.permission import BuiltinRole
from infra import bootstrap
from infra.accounts.founding import found
from infra.accounts.rows import people
from infra.database import Database
from infra.identity.passwords import Passwords
from infra.rows import agents, events

PASSWORD = "copper violin meadow 42"


@dataclass(frozen=True)
class Member:
    """A person and their agent in one organization."""

    person_id: UUID
    agent_id: UUID
    organization_id: UUID
    slug: str
    email: str


@dataclass
class Personnel:
    """Makes organizations and people in one database."""

    database: Database
    passwords: Passwords
    hashed: str | None = field(default=None)

    async def organization(self, **settings: Any) -> tuple[UUID, str]:
        """A new organization: its id and its slug."""
        organization_id = uuid4()
        slug = f"shop-{organization_id.hex[:12]}"
        async with self.database.accounts() as connection:
            await found(connection, organization_id, f"Shop {slug}", slug, settings=settings, at=bootstrap.now())
            await connection.commit()
        return organization_id, slug

    async def member(
        self,
        *,
        organization: tuple[UUID, str] | None = None,
        person: Member | None = None,
        role: BuiltinRole = BuiltinRole.AGENT,
        **row: Any,
    ) -> Member:
        """Somebody at work, with `PASSWORD`; of a new organization and a new person where none are given."""
        organization_id, slug = organization or await self.organization()
        self.hashed = self.hashed or await self.passwords.hash(PASSWORD)
        person_id, at = person.person_id if person else uuid4(), bootstrap.now()
        email = person.email if person else f"{person_id.hex}@people.example"
        who = {"id": person_id, "email": email, "name": "Ann", "created_at": at, "email_verified_at": at}
        agent_id = uuid4()
        works = {"id": agent_id, "organization_id": organization_id, "person_id": person_id, "name": "Ann"}
        async with self.database.accounts() as connection:
            if person is None:
                await connection.execute(insert(people), who | {"password_hash": self.hashed} | row)
            await connection.execute(
                insert(agents), works | {"role_id": role_of(organization_id, role), "created_at": at}
            )
            await connection.commit()
        return Member(person_id, agent_id, organization_id, slug, email)

    async def journal(self, organization_id: UUID) -> list[tuple[str, dict[str, Any]]]:
        """Kinds and facts of the organization's events, in order."""
        e = events.c
        wanted = select(e.kind, e.payload, e.actor, e.address, e.audited).order_by(e.id)
        async with self.database.tenant(organization_id) as connection:
            rows = (await connection.execute(wanted)).all()
        facts = [{**row.payload, "actor": row.actor, "address": row.address, "audited": row.audited} for row in rows]
        return [(row.kind, fact) for row, fact in zip(rows, facts, strict=True)]
