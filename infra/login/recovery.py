"""Addresses that are shown to be somebody's, and passwords that are chosen anew, by links in mail or by the old one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from uuid import UUID

import structlog
from sqlalchemy import delete, func, update

from domain.account.events import EmailVerified, PasswordChanged, PasswordResetRequested, SecondFactorDisabled
from domain.base import Clock, FieldProblem, InvalidInputError, InvalidStateError, UnavailableError, system_of
from domain.login.mail import ADDRESS, LONGEST_ADDRESS
from domain.login.person import Person, email_address
from domain.login.session import Device
from infra.accounts.rows import people, recovery_codes
from infra.database import Database
from infra.identity.passwords import Passwords
from infra.identity.throttle import Devices
from infra.login.everywhere import Change, Everywhere
from infra.login.letters import Purpose, holder_of, use_link
from infra.login.people import person_by_email

BACKLOG = 1_000
NOT_CHOSEN = "is not the one you signed up with. If you did not sign up, choose one by 'forgot password'."
OVER = "This link was used before, or its time is up. Ask for a new one."

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Recovery:
    """What links in mail are good for."""

    database: Database
    everywhere: Everywhere
    passwords: Passwords
    devices: Devices
    clock: Clock
    asked: asyncio.Queue[tuple[Context, str, Device]] = field(default_factory=lambda: asyncio.Queue(BACKLOG))

    def forgot(self, email: str, device: Device) -> None:
        """Somebody wants a new password. Looked up after the answer, whose time does not tell who has an account then.

        Nobody is told anything where the address is unknown, or its person works nowhere and could not sign in.
        """
        address = email.strip().lower()
        if len(address) <= LONGEST_ADDRESS and ADDRESS.fullmatch(address) and not self.asked.full():
            self.asked.put_nowait((copy_context(), address, device))

    async def run(self) -> None:
        """Look up who forgot a password, and call for the mail, until cancelled."""
        while True:
            context, email, device = await self.asked.get()
            try:
                await asyncio.create_task(self._request(email, device), context=context)
            except UnavailableError:
                log.warning("reset.lost")

    async def verify(self, token: str, password: str) -> None:
        """Who got the link and knows the password has the address; `InvalidStateError` for a link that is over.

        A link alone would do for a stranger who signed up with this address: its owner, who clicks on what comes by
        mail, would make the stranger's password good, with which the stranger waits for what they join later.
        """
        async with self.database.accounts() as connection:
            person = await holder_of(connection, token, Purpose.VERIFY, self.clock())
        if person is None:
            raise InvalidStateError(OVER)
        if not await self.passwords.verify(person.password_hash, password):
            raise InvalidInputError(FieldProblem("password", NOT_CHOSEN))
        async with self.everywhere() as change:
            if not await use_link(change.connection, token, Purpose.VERIFY, change.at):
                raise InvalidStateError(OVER)
            await change.connection.execute(
                update(people).where(people.c.id == person.id).values(email_verified_at=change.at)
            )
            for one in person.memberships:
                await change.tell(one.actor(None), EmailVerified(agent_id=one.agent_id, person_id=person.id))

    async def reset(self, token: str, password: str, device: Device) -> str:
        """Give the person who got the link a new password and end all their sessions; the cookie for their device.

        Raises `InvalidStateError` for a link that is over, `InvalidInputError` for a password that is no good: the
        link stays good then.
        """
        async with self.database.accounts() as connection:
            person = await holder_of(connection, token, Purpose.RESET, self.clock())
        if person is None:
            raise InvalidStateError(OVER)
        hashed = await self.hashed(password, person.words)
        async with self.everywhere() as change:
            if not await use_link(change.connection, token, Purpose.RESET, change.at):
                raise InvalidStateError(OVER)
            await store_password(change, person, hashed, "reset", device.address)
        return self.devices.issue(person.email)

    async def forget_second_factor(self, email: str, reason: str) -> bool:
        """Let who lost app and recovery codes in by password alone; for a shell, whose owner has made sure who asks.

        All their sessions end, and it is told wherever they work. False for an address that nobody has.
        """
        p = people.c
        nothing = {"totp_secret": None, "totp_confirmed_at": None, "totp_step": None, "version": p.version + 1}
        async with self.everywhere() as change:
            person = await person_by_email(change.connection, email_address(email))
            if person is None:
                return False
            await change.connection.execute(update(people).where(p.id == person.id).values(nothing))
            await change.connection.execute(delete(recovery_codes).where(recovery_codes.c.person_id == person.id))
            await change.end_sessions(person, "second_factor_forgotten", None)
            for one in person.memberships:
                event = SecondFactorDisabled(agent_id=one.agent_id, person_id=person.id, reason=reason)
                await change.tell(system_of(one.organization_id), event)
            return True

    async def hashed(self, password: str, about: Sequence[str]) -> str:
        """The hash of a new password; `InvalidInputError` for one that is no good."""
        await self.passwords.check(password, about=about)
        return await self.passwords.hash(password)

    async def _request(self, email: str, device: Device) -> None:
        async with self.database.accounts() as connection:
            person = await person_by_email(connection, email)
        if person is None or not person.memberships:
            log.info("reset.for_nobody")
            return
        first = person.memberships[0]
        async with self.everywhere() as change:
            event = PasswordResetRequested(agent_id=first.agent_id, person_id=person.id)
            await change.tell(first.actor(device.address), event)


async def store_password(
    change: Change, person: Person, hashed: str, cause: str, address: str | None, *, but: UUID | None = None
) -> None:
    """Store a new password, end the person's sessions, and tell it everywhere; by mail from one place.

    Whoever came by a link has shown that the address is theirs.
    """
    row = {"password_hash": hashed, "password_changed_at": change.at, "version": people.c.version + 1}
    if cause == "reset":
        row["email_verified_at"] = func.coalesce(people.c.email_verified_at, change.at)
    await change.connection.execute(update(people).where(people.c.id == person.id).values(row))
    await change.end_sessions(person, f"password_{cause}", address, but=but)
    for number, one in enumerate(person.memberships):
        event = PasswordChanged(agent_id=one.agent_id, person_id=person.id, cause=cause, by_mail=number == 0)
        await change.tell(one.actor(address), event)
