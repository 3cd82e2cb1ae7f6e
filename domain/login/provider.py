"""Identity providers: where else the people of an organization sign in, chosen by its owners."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from urllib.parse import urlsplit
from uuid import UUID

from domain.account.agent import AgentUnit
from domain.account.events import IdentityProviderChanged, IdentityProviderCreated, IdentityProviderDeleted
from domain.account.organization import OrganizationUnit
from domain.account.permission import Permission
from domain.account.role import checked_reason
from domain.account.stored import Opening, Stored
from domain.base import (
    Actor,
    ActorKind,
    Aggregate,
    Clock,
    Event,
    FieldProblem,
    ForbiddenError,
    Identifiers,
    InvalidInputError,
    InvalidStateError,
)
from domain.login.session import Session
from domain.ports import IdempotencyKey, Receipt
from domain.retry import retried_once
from domain.text import checked

MOST_PROVIDERS = 20
LONGEST_NAME = 100
LONGEST_ISSUER = 500
LONGEST_CLIENT_ID = 500
LONGEST_SECRET = 2_000
LOOPBACK = ("localhost", "127.0.0.1", "::1")
REMOVED = "provider_removed"
"""What ended the sessions of those who came by a provider that is gone, or switched off."""

Seal = Callable[[UUID, str], bytes]
"""Seals a provider's client secret, so that only the same provider's can be opened from it."""


@dataclass(frozen=True, slots=True)
class Client:
    """What is to be another in a provider: None leaves a part as it is."""

    name: str | None = None
    client_id: str | None = None
    client_secret: str | None = None
    enabled: bool | None = None

    @property
    def only_disables(self) -> bool:
        """Whether it does nothing but switch the provider off."""
        return self == Client(enabled=False)


@dataclass
class IdentityProvider(Aggregate):
    """An OpenID provider. Its issuer stays: what one issuer calls its people means others at another."""

    name: str = ""
    issuer: str = ""
    client_id: str = ""
    client_secret: bytes = b""
    enabled: bool = True
    deleted: bool = False

    def create(self, name: str, issuer: str, client_id: str, sealed_secret: bytes) -> None:
        """Begin, switched on."""
        self.client_secret = sealed_secret
        name = checked(name, "input.name", longest=LONGEST_NAME)
        client_id = checked(client_id, "input.clientId", longest=LONGEST_CLIENT_ID)
        self._record(IdentityProviderCreated(name=name, issuer=issuer, client_id=client_id))

    def change(self, client: Client, sealed_secret: bytes | None, *, reason: str | None) -> None:
        """Have another name or client, or be switched on or off."""
        name = self.name if client.name is None else checked(client.name, "input.name", longest=LONGEST_NAME)
        client_id = self.client_id
        if client.client_id is not None:
            client_id = checked(client.client_id, "input.clientId", longest=LONGEST_CLIENT_ID)
        enabled = self.enabled if client.enabled is None else client.enabled
        if sealed_secret or (name, client_id, enabled) != (self.name, self.client_id, self.enabled):
            self.client_secret = sealed_secret or self.client_secret
            self._record(
                IdentityProviderChanged(
                    name=name, client_id=client_id, enabled=enabled, renewed=sealed_secret is not None, reason=reason
                )
            )

    def delete(self, *, reason: str | None) -> None:
        """End; whom it knew signs in otherwise from now on."""
        self._record(IdentityProviderDeleted(name=self.name, reason=reason))

    def _apply(self, event: Event) -> None:
        match event:
            case IdentityProviderCreated():
                self.name, self.issuer, self.client_id = event.name, event.issuer, event.client_id
            case IdentityProviderChanged():
                self.name, self.client_id, self.enabled = event.name, event.client_id, event.enabled
            case IdentityProviderDeleted():
                self.deleted = True


class ProviderRepository(Stored[IdentityProvider], Protocol):
    """Identity providers of the actor's organization, to change."""

    async def all(self) -> Sequence[IdentityProvider]:
        """Every one, locked."""
        ...

    async def open_sessions(self, provider: IdentityProvider) -> Sequence[Session]:
        """The sessions of those who came by it that are not over, locked."""
        ...


class ProviderUnit(AgentUnit, OrganizationUnit, Protocol):
    """A unit of work that holds identity providers, and who may choose them."""

    @property
    def providers(self) -> ProviderRepository:
        """Identity providers, to change."""
        ...


@dataclass(frozen=True)
class Providers:
    """The commands on identity providers.

    Whoever chooses where people sign in could sign in as any of them, so that only owners set providers up; who may
    manage the ways in can switch them off. `development` allows http on loopback.
    """

    units: Opening[ProviderUnit]
    new_id: Identifiers
    clock: Clock
    seal: Seal
    development: bool

    @retried_once
    async def create(
        self,
        actor: Actor,
        name: str,
        issuer: str,
        client_id: str,
        client_secret: str,
        *,
        key: IdempotencyKey | None = None,
    ) -> Receipt:
        """Set one up; its secret is sealed, and shown to nobody again."""
        actor.require(Permission.MANAGE_SIGN_IN)
        checked(client_secret, "input.clientSecret", longest=LONGEST_SECRET)
        issuer = self._issuer(issuer)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            await _require_owner(unit, actor)
            if len(await unit.providers.all()) >= MOST_PROVIDERS:
                raise InvalidStateError(f"There are {MOST_PROVIDERS} providers already. Delete one first.")
            provider = IdentityProvider(self.new_id(), actor.tenant)
            provider.create(name, issuer, client_id, self.seal(provider.id, client_secret))
            await _require_free(unit, provider)
            unit.providers.add(provider)
            return await unit.commit(Receipt(provider.id))

    @retried_once
    async def change(
        self,
        actor: Actor,
        provider_id: UUID,
        client: Client,
        *,
        reason: str | None = None,
        key: IdempotencyKey | None = None,
    ) -> Receipt:
        """Change a provider; switched off, it also ends the sessions of those who came by it."""
        actor.require(Permission.MANAGE_SIGN_IN)
        reason, secret = checked_reason(reason), client.client_secret
        if secret is not None:
            checked(secret, "input.clientSecret", longest=LONGEST_SECRET)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            if not client.only_disables:
                await _require_owner(unit, actor)
            provider = await unit.providers.get(provider_id)
            provider.change(client, None if secret is None else self.seal(provider.id, secret), reason=reason)
            await _require_free(unit, provider)
            if not provider.enabled:
                await self._close(unit, provider, reason)
            return await unit.commit(Receipt(provider.id))

    async def delete(
        self, actor: Actor, provider_id: UUID, *, reason: str | None = None, key: IdempotencyKey | None = None
    ) -> Receipt:
        """Remove a provider, and end the sessions of those who came by it."""
        actor.require(Permission.MANAGE_SIGN_IN)
        reason = checked_reason(reason)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            provider = await unit.providers.get(provider_id)
            await self._close(unit, provider, reason)
            provider.delete(reason=reason)
            return await unit.commit(Receipt(provider.id))

    async def _close(self, unit: ProviderUnit, provider: IdentityProvider, reason: str | None) -> None:
        """Keep one way in, and end what came by this one. The organization's row is what those wait for who close."""
        organization = await unit.organizations.get(provider.organization_id)
        others = [each for each in await unit.providers.all() if each.enabled and each.id != provider.id]
        if not others and (organization.settings.get("sign_in") or {}).get("password", True) is False:
            raise InvalidStateError("Nobody could sign in any more. Allow passwords, or another provider, first.")
        for session in await unit.providers.open_sessions(provider):
            session.end(REMOVED, self.clock(), reason=reason)

    def _issuer(self, issuer: str) -> str:
        checked(issuer, "input.issuer", longest=LONGEST_ISSUER)
        try:
            parts = urlsplit(issuer)
            host, _ = parts.hostname, parts.port
        except ValueError:
            host = None
        else:
            is_open = parts.scheme == "http" and self.development and host in LOOPBACK
            if (parts.scheme != "https" and not is_open) or "@" in parts.netloc or parts.query or parts.fragment:
                host = None
        if not host or not issuer.isascii() or not issuer.isprintable() or " " in issuer:
            sentence = "must be an address as the provider names itself, such as https://login.shop.example/."
            raise InvalidInputError(FieldProblem("input.issuer", sentence))
        return issuer


async def _require_owner(unit: ProviderUnit, actor: Actor) -> None:
    if actor.kind is not ActorKind.SYSTEM and actor.id not in [owner.id for owner in await unit.agents.owners()]:
        raise ForbiddenError("Whoever chooses where people sign in could sign in as any of them: only owners do.")


async def _require_free(unit: ProviderUnit, provider: IdentityProvider) -> None:
    if any(each.name == provider.name and each.id != provider.id for each in await unit.providers.all()):
        raise InvalidStateError(f"There is a provider with the name “{provider.name}” already.")


@dataclass(frozen=True, slots=True)
class ProviderView:
    """A provider as people see it: everything but the secret."""

    id: UUID
    name: str
    issuer: str
    client_id: str
    enabled: bool
    created_at: datetime
