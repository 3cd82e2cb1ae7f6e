"""Mail to people about their accounts, and the links in it: made when it is sent, kept as hashes, good once."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.base import Clock
from domain.login.mail import Mail, Mailer, MailRefusedError, password_changed, password_reset, verification
from domain.login.person import Person
from infra.accounts.rows import mail_tokens, people
from infra.database import Database
from infra.identity.standing import hash_of
from infra.login.people import person_by_id

log = structlog.get_logger(__name__)


class Purpose(StrEnum):
    """What a link is for."""

    RESET = "reset"
    VERIFY = "verify"


LIFETIMES = {Purpose.RESET: timedelta(hours=1), Purpose.VERIFY: timedelta(hours=24)}
PATHS = {Purpose.RESET: "reset-password", Purpose.VERIFY: "verify"}
LETTERS: dict[Purpose, Callable[..., Mail]] = {Purpose.RESET: password_reset, Purpose.VERIFY: verification}


@dataclass(frozen=True)
class Letters:
    """Writes to people. A mail server that refuses an address for good is not asked again; any other failure raises.

    A repeated call sends another mail with another link, which is all the same to the reader: the first that is used
    ends the others.
    """

    database: Database
    mailer: Mailer
    public_address: str
    clock: Clock

    async def reset_link(self, person_id: UUID) -> None:
        """Send a link by which the person chooses a new password."""
        await self._link(person_id, Purpose.RESET)

    async def verification_link(self, person_id: UUID) -> None:
        """Send a link by which the person shows that the address is theirs."""
        await self._link(person_id, Purpose.VERIFY)

    async def _link(self, person_id: UUID, purpose: Purpose) -> None:
        """To nobody, when they are gone or have nothing more to verify."""
        async with self.database.accounts() as connection:
            person = await person_by_id(connection, person_id)
            if person is None or (purpose is Purpose.VERIFY and person.email_verified):
                return
            url = await self.new_link(connection, person, purpose)
            await connection.commit()
        letter = LETTERS[purpose](person.email, name=person.name, link=url, lifetime=LIFETIMES[purpose])
        await self._send(letter, purpose)

    async def new_link(self, connection: AsyncConnection, person: Person, purpose: Purpose) -> str:
        """A link that works once; what was never used and is over goes at the same time."""
        token, at, t = secrets.token_urlsafe(32), self.clock(), mail_tokens.c
        await connection.execute(delete(mail_tokens).where(t.person_id == person.id, t.expires_at < at))
        row = {"hash": hash_of(token), "person_id": person.id, "purpose": str(purpose), "email": person.email}
        times = {"created_at": at, "expires_at": at + LIFETIMES[purpose]}
        await connection.execute(insert(mail_tokens), row | times)
        return f"{self.public_address}/{PATHS[purpose]}?token={token}"

    async def password_changed(self, person_id: UUID, at: datetime) -> None:
        """Tell a person that the password is another one now."""
        async with self.database.accounts() as connection:
            person = await person_by_id(connection, person_id)
        if person is not None:
            link = f"{self.public_address}/forgot-password"
            await self._send(password_changed(person.email, name=person.name, at=at, link=link), "changed")

    async def _send(self, letter: Mail, purpose: str) -> None:
        try:
            await self.mailer.send(letter)
        except MailRefusedError as error:
            log.warning("mail.refused", purpose=str(purpose), error=str(error))


async def holder_of(connection: AsyncConnection, token: str, purpose: Purpose, at: datetime) -> Person | None:
    """Whom a link was sent to, while it is good and the address is still theirs."""
    wanted = select(mail_tokens.c.person_id).where(*_good(token, purpose, at))
    person_id = await connection.scalar(wanted)
    return await person_by_id(connection, person_id) if person_id else None


async def use_link(connection: AsyncConnection, token: str, purpose: Purpose, at: datetime) -> bool:
    """Use a link up, and all others of the person with it; false when somebody else was faster.

    The person's row is locked first, so that two links of one person cannot both be used at one moment.
    """
    t, p = mail_tokens.c, people.c
    holder = select(p.id).where(p.id == select(t.person_id).where(t.hash == hash_of(token)).scalar_subquery())
    person_id = await connection.scalar(holder.with_for_update())
    used = update(mail_tokens).where(*_good(token, purpose, at)).values(used_at=at)
    if (await connection.execute(used.returning(t.hash))).one_or_none() is None:
        return False
    others = update(mail_tokens).where(t.person_id == person_id, t.used_at.is_(None)).values(used_at=at)
    await connection.execute(others)
    return True


def _good(token: str, purpose: Purpose, at: datetime) -> tuple[Any, ...]:
    t, p = mail_tokens.c, people.c
    same_address = select(p.id).where(p.id == t.person_id, p.email == t.email).exists()
    return t.hash == hash_of(token), t.purpose == str(purpose), t.used_at.is_(None), t.expires_at > at, same_address
