"""Signing in by password and second factor: counted before it is looked at, and the same answer for who is unknown."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.base import Actor, Clock, ForbiddenError, Identifiers
from domain.login.mail import ADDRESS, LONGEST_ADDRESS
from domain.login.person import KNOWN_EVERYWHERE, Membership, Person
from domain.login.session import Device, Session, Sessions
from domain.login.signing_in import (
    OrganizationNeeded,
    Outcome,
    SecondFactorNeeded,
    SignedIn,
    WrongCredentialsError,
)
from infra.database import Database
from infra.identity.passwords import BusyError, Passwords
from infra.identity.sealing import BrokenSealError, Sealer
from infra.identity.second_factor import RecoveryCodes, verify
from infra.identity.throttle import Devices, Key, Throttle, by_address, by_second_factor, sign_in_keys
from infra.login.notices import Failures
from infra.login.people import (
    person_by_email,
    person_by_id,
    second_factor_of,
    session_of,
    store_hash,
    use_recovery_code,
    use_step,
)

CHALLENGE = "challenge:second-factor"
CHALLENGE_LIFETIME = timedelta(minutes=5)
LONGEST_CHALLENGE = 2_000
LONGEST_CODE = 100
UNVERIFIED = "Confirm your e-mail address first, by the link in our mail, or ask for a new password."
WRONG_CODE = "The code is wrong, or was used before, or this sign-in took too long."


@dataclass(frozen=True)
class PasswordSigningIn:
    """The ways in by what a person knows and has."""

    database: Database
    throttle: Throttle
    devices: Devices
    passwords: Passwords
    sealer: Sealer
    recovery_codes: RecoveryCodes
    sessions: Sessions
    failures: Failures
    clock: Clock
    new_id: Identifiers

    async def by_password(self, email: str, password: str, organization: str | None, device: Device) -> Outcome:
        """As the port says. Whether the address is known shows in nothing: the journal is written after the answer."""
        keys = sign_in_keys(self.devices, email=email, address=device.address or "", cookie=device.cookie)
        await self.throttle.reserve(*keys)
        person = await self._known(email.strip().lower())
        if not await self._matches(keys, person, password) or person is None:
            self.failures.tell(person, "password", "password", device)
            raise WrongCredentialsError
        await self.throttle.succeeded(*keys)
        if not person.email_verified:
            raise ForbiddenError(UNVERIFIED)
        await self._renew_hash(person, password)
        chosen = _chosen(person, organization)
        if isinstance(chosen, OrganizationNeeded):
            return chosen
        return await self._go_on(person, chosen, device)

    async def by_second_factor(
        self, challenge: str, device: Device, *, code: str | None = None, recovery_code: str | None = None
    ) -> SignedIn:
        """As the port says. A challenge is worth nothing without a code, and nothing after a change of the password."""
        person, membership = await self._challenged(challenge)
        keys = (by_second_factor(person.id), by_address(device.address or ""))
        await self.throttle.reserve(*keys)
        if not await self._has_factor(person, code, recovery_code):
            self.failures.tell(person, "password", "second_factor", device)
            raise WrongCredentialsError(WRONG_CODE)
        await self.throttle.succeeded(*keys)
        return await self._begin(person, membership, device)

    async def memberships(self, actor: Actor) -> tuple[Membership, ...]:
        """As the port says."""
        try:
            return (await self._signed_in(actor)).memberships
        except ForbiddenError:
            return ()

    async def switch(self, actor: Actor, organization: str, device: Device) -> SignedIn:
        """As the port says."""
        person = await self._signed_in(actor)
        membership = next((one for one in person.memberships if one.slug == organization), None)
        if membership is None:
            raise ForbiddenError("You do not belong to this organization.")
        membership.require_open()
        membership.require_password()
        signed_in = await self._begin(person, membership, device)
        if actor.session_id is not None:
            await self.sessions.end(actor, actor.session_id, "switched")
        return signed_in

    async def _signed_in(self, actor: Actor) -> Person:
        """The person behind a session that began by password."""
        async with self.database.accounts() as connection:
            strategy, person_id = await session_of(connection, actor.session_id) or ("", None)
            person = await person_by_id(connection, person_id) if person_id else None
        if person is None or strategy not in KNOWN_EVERYWHERE:
            raise ForbiddenError("Sign in to the other organization itself: you did not come here by password.")
        return person

    async def _known(self, email: str) -> Person | None:
        if not ADDRESS.fullmatch(email[: LONGEST_ADDRESS + 1]):
            return None
        async with self.database.accounts() as connection:
            return await person_by_email(connection, email)

    async def _matches(self, keys: tuple[Key, ...], person: Person | None, password: str) -> bool:
        try:
            return await self.passwords.verify(person.password_hash if person else None, password)
        except BusyError:
            await self.throttle.release(*keys)
            raise

    async def _renew_hash(self, person: Person, password: str) -> None:
        if person.password_hash and self.passwords.needs_rehash(person.password_hash):
            hashed = await self.passwords.hash(password)
            async with self.database.accounts() as connection:
                await store_hash(connection, person, hashed)
                await connection.commit()

    async def _go_on(self, person: Person, membership: Membership, device: Device) -> Outcome:
        try:
            membership.require_open()
            membership.require_password()
        except ForbiddenError:
            self.failures.tell(person, "password", "not_allowed", device, membership)
            raise
        if person.has_second_factor:
            return SecondFactorNeeded(self._challenge(person, membership), int(CHALLENGE_LIFETIME.total_seconds()))
        return await self._begin(person, membership, device)

    async def _begin(self, person: Person, membership: Membership, device: Device) -> SignedIn:
        session = Session(
            self.new_id(),
            membership.organization_id,
            person_id=person.id,
            agent_id=membership.agent_id,
            strategy="password",
            device=device.name,
            address=device.address,
        )
        tokens = await self.sessions.start(membership.actor(device.address), session, proven=person)
        return SignedIn(tokens, self.devices.issue(person.email))

    def _challenge(self, person: Person, membership: Membership) -> str:
        until = self.clock() + CHALLENGE_LIFETIME
        told = [str(person.id), str(membership.organization_id), _plain(person.password_changed_at), until.timestamp()]
        return urlsafe_b64encode(self.sealer.seal(orjson.dumps(told), CHALLENGE)).decode()

    async def _challenged(self, challenge: str) -> tuple[Person, Membership]:
        """Whose sign-in a challenge is about, as they are now."""
        try:
            sealed = urlsafe_b64decode(challenge[:LONGEST_CHALLENGE])
            told: list[Any] = orjson.loads(self.sealer.open(sealed, CHALLENGE))
        except (BrokenSealError, ValueError):
            raise WrongCredentialsError(WRONG_CODE) from None
        person_id, organization_id, changed_at, until = told
        async with self.database.accounts() as connection:
            person = await person_by_id(connection, UUID(person_id))
        if person is None or until < self.clock().timestamp() or _plain(person.password_changed_at) != changed_at:
            raise WrongCredentialsError(WRONG_CODE)
        membership = next((one for one in person.memberships if str(one.organization_id) == organization_id), None)
        if membership is None:
            raise WrongCredentialsError(WRONG_CODE)
        membership.require_open()
        return person, membership

    async def _has_factor(self, person: Person, code: str | None, recovery_code: str | None) -> bool:
        async with self.database.accounts() as connection:
            if code is not None:
                right = await self._has_app(connection, person.id, code[:LONGEST_CODE])
            else:
                hashes = self.recovery_codes.hashes(person.id, (recovery_code or "")[:LONGEST_CODE])
                right = await use_recovery_code(connection, person.id, hashes, self.clock())
            await connection.commit()
            return right

    async def _has_app(self, connection: AsyncConnection, person_id: UUID, code: str) -> bool:
        if (found := await second_factor_of(connection, person_id)) is None:
            return False
        sealed, last_step = found
        secret = self.sealer.open(sealed, f"totp:{person_id}")
        step = verify(secret, code, at=self.clock(), last_step=last_step)
        return step is not None and await use_step(connection, person_id, step)


def _chosen(person: Person, slug: str | None) -> Membership | OrganizationNeeded:
    """The membership that is meant, or the question which; `ForbiddenError` where there is none."""
    memberships = [one for one in person.memberships if slug is None or one.slug == slug]
    if not memberships:
        raise ForbiddenError("You do not belong to this organization." if slug else "You belong to no organization.")
    return memberships[0] if len(memberships) == 1 else OrganizationNeeded(tuple(memberships))


def _plain(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
