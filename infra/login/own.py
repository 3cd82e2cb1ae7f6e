"""People's own passwords and second factors, changed by who knows the password and told wherever they work."""

from __future__ import annotations

from base64 import b32encode
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, insert, select, update

from domain.account.events import RecoveryCodesRenewed, SecondFactorDisabled, SecondFactorEnabled
from domain.base import (
    Actor,
    Clock,
    Event,
    FieldProblem,
    ForbiddenError,
    Identifiers,
    InvalidInputError,
    InvalidStateError,
)
from domain.login.own import Offer, PersonView
from domain.login.person import Person
from domain.ports import IdempotencyKey, Receipt
from infra.accounts.key_reads import SqlAccessReads
from infra.accounts.rows import people, recovery_codes
from infra.database import ACCOUNTS, BIND, Database
from infra.identity.passwords import BusyError
from infra.identity.sealing import Sealer
from infra.identity.second_factor import RecoveryCodes, new_secret, otpauth_uri, verify
from infra.identity.throttle import Key, Throttle, by_second_factor
from infra.login.everywhere import Change
from infra.login.people import person_by_id, session_of
from infra.login.recovery import Recovery, store_password
from infra.rows import agents
from infra.unit_of_work import SqlUnits

ISSUER = "Parley"
LONGEST_CODE = 100
ENABLED = "You have a second factor already: disable it first."
NOTHING = "There is no second factor to confirm: begin with `enableSecondFactor`."
NO_PERSON = "Only a person who signed in can do this."


@dataclass(frozen=True)
class OwnPerson:
    """As the port says. A password that is asked for is counted apart from those of sign-ins, and as strictly.

    What a thief of a session can do is so bounded: without the password they change no way in.
    """

    database: Database
    units: SqlUnits
    recovery: Recovery
    throttle: Throttle
    sealer: Sealer
    codes: RecoveryCodes
    clock: Clock
    new_id: Identifiers

    async def change_password(self, actor: Actor, old: str, new: str, *, key: IdempotencyKey | None = None) -> None:
        """Store another password and end all other sessions of the person."""
        if await self._is_repeated(actor, key):
            return
        person = await self._proven(actor, old, "input.oldPassword")
        hashed = await self.recovery.hashed(new, person.words)
        async with self._once(actor, person, key) as change:
            if change is not None:
                await store_password(change, person, hashed, "changed", actor.address, but=actor.session_id)

    async def offer_second_factor(
        self, actor: Actor, password: str, *, key: IdempotencyKey | None = None
    ) -> Offer | None:
        """Store a new secret, which counts for nothing until it is confirmed."""
        if await self._is_repeated(actor, key):
            return None
        person, secret, p = await self._proven(actor, password), new_secret(), people.c
        sealed = self.sealer.seal(secret, _purpose(person.id))
        async with self._once(actor, person, key) as change:
            if change is None:
                return None
            fresh = update(people).where(p.id == person.id, p.totp_confirmed_at.is_(None))
            values = {"totp_secret": sealed, "totp_step": None, "version": p.version + 1}
            if (await change.connection.execute(fresh.values(values))).rowcount != 1:
                raise InvalidStateError(ENABLED)
        uri = otpauth_uri(secret, email=person.email, issuer=ISSUER)
        return Offer(b32encode(secret).decode(), uri)

    async def confirm_second_factor(
        self, actor: Actor, code: str, *, key: IdempotencyKey | None = None
    ) -> list[str] | None:
        """Take a right code for the proof that the app has the secret."""
        if await self._is_repeated(actor, key):
            return None
        person, p = await self._person(actor), people.c
        await self.throttle.reserve(by_second_factor(person.id))
        wanted = select(p.totp_secret).where(p.id == person.id, p.totp_confirmed_at.is_(None))
        async with self._once(actor, person, key) as change:
            if change is None:
                return None
            sealed = await change.connection.scalar(wanted.with_for_update())
            if sealed is None:
                raise InvalidStateError(NOTHING)
            secret = self.sealer.open(bytes(sealed), _purpose(person.id))
            step = verify(secret, code[:LONGEST_CODE], at=change.at, last_step=None)
            if step is None:
                raise InvalidInputError(FieldProblem("input.code", "is not what the app shows now."))
            values = {"totp_confirmed_at": change.at, "totp_step": step, "version": p.version + 1}
            await change.connection.execute(update(people).where(p.id == person.id).values(values))
            shown = await self._renew(change, person.id)
            await _tell(change, actor, person, SecondFactorEnabled)
        await self.throttle.succeeded(by_second_factor(person.id))
        return shown

    async def disable_second_factor(self, actor: Actor, password: str, *, key: IdempotencyKey | None = None) -> None:
        """Forget the secret and the recovery codes."""
        if await self._is_repeated(actor, key):
            return
        person, p = await self._proven(actor, password), people.c
        async with self._once(actor, person, key) as change:
            if change is None:
                return
            nothing = {"totp_secret": None, "totp_confirmed_at": None, "totp_step": None, "version": p.version + 1}
            await change.connection.execute(update(people).where(p.id == person.id).values(nothing))
            await change.connection.execute(delete(recovery_codes).where(recovery_codes.c.person_id == person.id))
            if person.has_second_factor:
                await _tell(change, actor, person, SecondFactorDisabled)

    async def renew_recovery_codes(
        self, actor: Actor, password: str, *, key: IdempotencyKey | None = None
    ) -> list[str] | None:
        """Make ten new codes."""
        if await self._is_repeated(actor, key):
            return None
        person = await self._proven(actor, password)
        if not person.has_second_factor:
            raise InvalidStateError("You have no second factor that a recovery code could stand in for.")
        async with self._once(actor, person, key) as change:
            if change is None:
                return None
            shown = await self._renew(change, person.id)
            await _tell(change, actor, person, RecoveryCodesRenewed)
        return shown

    async def _is_repeated(self, actor: Actor, key: IdempotencyKey | None) -> bool:
        """Whether it was done before: then the old password is maybe not right any more, and nothing is to be asked."""
        if key is None:
            return False
        async with self.units(actor, key) as unit:
            return unit.earlier is not None

    @asynccontextmanager
    async def _once(self, actor: Actor, person: Person, key: IdempotencyKey | None) -> AsyncIterator[Change | None]:
        """A change in the transaction that remembers the key; None where another request was faster with it."""
        async with self.units(actor, key) as unit:
            if unit.earlier:
                yield None
                return
            change = Change(unit.connection, self.clock, self.new_id)
            await unit.connection.execute(ACCOUNTS, {"tenant": str(actor.tenant)})
            yield change
            await unit.connection.execute(BIND, {"tenant": str(actor.tenant)})
            unit.committed += [row for one in change.units for row in one.committed]
            await unit.commit(Receipt(person.id))

    async def _person(self, actor: Actor) -> Person:
        """The person behind a session; `ForbiddenError` for keys, customers, and sessions from a shell."""
        async with self.database.accounts() as connection:
            _, person_id = await session_of(connection, actor.session_id) or ("", None)
            person = await person_by_id(connection, person_id) if person_id else None
        if person is None:
            raise ForbiddenError(NO_PERSON)
        return person

    async def _proven(self, actor: Actor, password: str, path: str = "input.password") -> Person:
        """The person, once they have said their password; `InvalidInputError` for another one."""
        person = await self._person(actor)
        counted = Key(f"own:{person.id}")
        await self.throttle.reserve(counted)
        try:
            right = await self.recovery.passwords.verify(person.password_hash, password)
        except BusyError:
            await self.throttle.release(counted)
            raise
        if not right:
            raise InvalidInputError(FieldProblem(path, "is wrong."))
        await self.throttle.succeeded(counted)
        return person

    async def _renew(self, change: Change, person_id: UUID) -> list[str]:
        shown = self.codes.new()
        rows = [{"person_id": person_id, "hash": self.codes.hash(person_id, code)} for code in shown]
        await change.connection.execute(delete(recovery_codes).where(recovery_codes.c.person_id == person_id))
        await change.connection.execute(insert(recovery_codes), rows)
        return shown


class SqlOwnReads(SqlAccessReads):
    """The reads of one operation, the person who asks included."""

    async def own_people(self, agent_ids: Sequence[UUID]) -> Sequence[PersonView | None]:
        """The person behind each agent, which can only be the one who asks; None for an agent without a person."""
        p, a = people.c, agents.c
        shown = (p.id, p.email, p.email_verified_at, p.totp_confirmed_at, a.id.label("agent_id"))
        mine = select(*shown).join_from(people, agents, a.person_id == p.id)
        wanted = mine.where(a.id == self._actor.identity, a.organization_id == self._actor.tenant)
        found = {
            row.agent_id: PersonView(
                row.id, row.email, row.email_verified_at is not None, row.totp_confirmed_at is not None
            )
            for row in await self._rows(wanted)
        }
        return [found.get(agent_id) for agent_id in agent_ids]


async def _tell(change: Change, actor: Actor, person: Person, event: Callable[..., Event]) -> None:
    for one in person.memberships:
        told = event(agent_id=one.agent_id, person_id=person.id)
        await change.tell(one.actor(actor.address, actor.session_id), told)


def _purpose(person_id: UUID) -> str:
    return f"totp:{person_id}"
