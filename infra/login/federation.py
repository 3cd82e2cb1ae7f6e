"""Signing in by an organization's identity provider, and leaving when it says so."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
import structlog
from sqlalchemy import ColumnElement, insert, select
from sqlalchemy.exc import IntegrityError

from domain.account.events import PersonLinked
from domain.base import Clock, ConflictError, ForbiddenError, Identifiers, NotFoundError, system_of
from domain.login.person import Membership, Person, allows
from domain.login.session import Device, Session, Sessions
from domain.login.signing_in import Door, ProviderError, Returned, SignedIn, Ways
from infra.accounts.providers import opened
from infra.accounts.rows import identity_providers, person_identities, sessions
from infra.database import Database
from infra.identity.oidc import Attempt, Identity, LoggedOut, OpenIDConnect, OpenIDConnectError, Provider
from infra.identity.sealing import BrokenSealError, Sealer
from infra.login.everywhere import Everywhere
from infra.login.notices import Failures
from infra.login.people import person_by_email, person_by_id
from infra.rows import organizations

PURPOSE = "oidc-attempt"
LONGEST_ATTEMPT = 4_000
STRATEGY = "oidc"
CLOCKS_DIFFER = timedelta(seconds=60)
BEGIN_AGAIN = "This sign-in was begun in another browser, or too long ago. Begin again."
NOBODY = "Nobody who works here has the e-mail address that your provider vouches for. Ask an admin to invite you."
ANOTHER = "Your provider knows this account under another name already. Ask an admin of your organization."

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Federation:
    """Makes no accounts: who comes must work in the provider's organization already.

    A provider is believed about people of its own organization only, and its word opens a session in no other one.
    """

    database: Database
    everywhere: Everywhere
    openid: OpenIDConnect
    sealer: Sealer
    sessions: Sessions
    failures: Failures
    clock: Clock
    new_id: Identifiers
    redirect_uri: str

    async def ways(self, slug: str) -> Ways:
        """As the port says."""
        o, i = organizations.c, identity_providers.c
        there = select(o.id, o.settings).where(o.slug == slug, o.suspended_at.is_(None))
        async with self.database.accounts() as connection:
            organization = (await connection.execute(there)).one_or_none()
            if organization is None:
                return Ways()
            enabled = select(i.id, i.name).where(i.organization_id == organization.id, i.enabled).order_by(i.name)
            doors = tuple(Door(row.id, row.name) for row in await connection.execute(enabled))
        return Ways(allows(organization.settings.get("sign_in") or {}, "password"), doors)

    async def begin(self, provider_id: UUID, return_to: str) -> tuple[str, str]:
        """Where to send the browser, and what it is to bring back; raises `NotFoundError` or `ProviderError`."""
        provider, _ = await self._provider(provider_id)
        try:
            url, attempt = await self.openid.begin(provider, self.redirect_uri, self.clock())
        except OpenIDConnectError as error:
            raise _told(error) from None
        told = orjson.dumps([return_to, attempt.dump().decode()])
        return url, urlsafe_b64encode(self.sealer.seal(told, PURPOSE)).decode()

    async def finish(self, sealed: str | None, params: Mapping[str, str], device: Device) -> Returned:
        """Sign in whoever came back from a provider; raises `ProviderError` or `ForbiddenError`."""
        return_to, attempt = self._opened(sealed)
        provider, organization_id = await self._provider(attempt.provider_id)
        try:
            identity = await self.openid.finish(provider, attempt, params, self.redirect_uri, self.clock())
        except OpenIDConnectError as error:
            raise _told(error) from None
        person, membership = await self._known(provider, organization_id, identity, device)
        try:
            membership.require_open()
        except ForbiddenError:
            self.failures.tell(person, STRATEGY, "not_allowed", device, membership)
            raise
        session = Session(
            self.new_id(),
            organization_id,
            person_id=person.id,
            agent_id=membership.agent_id,
            strategy=STRATEGY,
            device=device.name,
            address=device.address,
            provider_id=provider.id,
            provider_session=identity.session_id,
        )
        return Returned(SignedIn(await self.sessions.start(membership.actor(device.address), session)), return_to)

    async def leave(self, provider_id: UUID, logout_token: str, device: Device) -> None:
        """End the sessions that a provider says have ended; the same token again ends nothing more."""
        provider, organization_id = await self._provider(provider_id)
        try:
            left = await self.openid.end(provider, logout_token, self.clock())
        except OpenIDConnectError as error:
            raise _told(error) from None
        actor = replace(system_of(organization_id), address=device.address)
        async with self.everywhere() as change:
            unit = await change.unit(actor)
            for session in await unit.sessions.find(*_left(provider_id, left)):
                session.end("provider_logout", change.at)
            await unit.sessions.save()

    def _opened(self, sealed: str | None) -> tuple[str, Attempt]:
        try:
            told = self.sealer.open(urlsafe_b64decode((sealed or "")[:LONGEST_ATTEMPT]), PURPOSE)
        except (BrokenSealError, ValueError):
            raise ProviderError(BEGIN_AGAIN) from None
        return_to, attempt = orjson.loads(told)
        return return_to, Attempt.load(attempt.encode())

    async def _provider(self, provider_id: UUID) -> tuple[Provider, UUID]:
        i, o = identity_providers.c, organizations.c
        joined = identity_providers.join(organizations, o.id == i.organization_id)
        wanted = select(identity_providers).select_from(joined).where(i.id == provider_id, i.enabled)
        async with self.database.accounts() as connection:
            row = (await connection.execute(wanted.where(o.suspended_at.is_(None)))).one_or_none()
        if row is None:
            raise NotFoundError("identity provider")
        return replace(opened(row, self.sealer), id=provider_id), row.organization_id  # the driver's ids are no JSON

    async def _known(
        self, provider: Provider, organization_id: UUID, identity: Identity, device: Device
    ) -> tuple[Person, Membership]:
        """Who works there and is called so by the provider, or has the address that it vouches for."""
        i = person_identities.c
        named = select(i.person_id).where(i.provider_id == provider.id, i.subject == identity.subject)
        async with self.database.accounts() as connection:
            person_id = await connection.scalar(named)
            if person_id is not None:
                person = await person_by_id(connection, person_id)
            else:
                vouched = identity.email_verified and identity.email is not None
                person = await person_by_email(connection, str(identity.email).lower()) if vouched else None
        there = person.memberships if person else ()
        membership = next((one for one in there if one.organization_id == organization_id), None)
        if person is None or membership is None:
            log.info("sign_in.failed", strategy=STRATEGY, cause="unknown_person", known=person is not None)
            raise ForbiddenError(NOBODY)
        if person_id is None:
            await self._link(provider, identity, person, membership, device)
        return person, membership

    async def _link(
        self, provider: Provider, identity: Identity, person: Person, membership: Membership, device: Device
    ) -> None:
        """Remember what the provider calls the person, once: an address that went to somebody else opens nothing."""
        i = person_identities.c
        row = {"provider_id": provider.id, "subject": identity.subject, "person_id": person.id}
        event = PersonLinked(agent_id=membership.agent_id, person_id=person.id, provider_id=provider.id)
        try:
            async with self.everywhere() as change:
                linked = select(i.subject).where(i.provider_id == provider.id, i.person_id == person.id)
                if await change.connection.scalar(linked) is not None:
                    self.failures.tell(person, STRATEGY, "another_subject", device, membership)
                    raise ForbiddenError(ANOTHER)
                shared = {"organization_id": membership.organization_id, "created_at": change.at}
                await change.connection.execute(insert(person_identities), row | shared)
                await change.tell(membership.actor(device.address), event)
        except IntegrityError as error:
            raise ConflictError from error


def _left(provider_id: UUID, left: LoggedOut) -> list[ColumnElement[bool]]:
    """The sessions that a logout is about: one of the provider's, or else all of a subject, begun before it."""
    s, i = sessions.c, person_identities.c
    began = s.created_at <= left.issued_at + CLOCKS_DIFFER
    found: list[Any] = [s.provider_id == provider_id, s.ended_at.is_(None), began]
    if left.session_id is not None:
        found.append(s.provider_session == left.session_id)
    if left.subject is not None:
        named = select(i.person_id).where(i.provider_id == provider_id, i.subject == left.subject)
        found.append(s.person_id.in_(named))
    return found


def _told(error: OpenIDConnectError) -> ProviderError:
    log.info("sign_in.failed", strategy=STRATEGY, cause=error.reason, kind=type(error).__name__)
    return ProviderError(str(error))
