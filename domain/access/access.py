"""All the ways in, as commands together, and what may be seen of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from domain.access.api_key import ApiKeys, ApiKeyView
from domain.access.customer import Customers
from domain.access.identity_key import IdentityKeys, IdentityKeyView
from domain.access.invitation import Invitations, InvitationView
from domain.account.audit import AuditEntry, AuditFilter
from domain.account.team import TeamView
from domain.login.open_session import OpenSessions, SessionView
from domain.login.provider import Providers, ProviderView
from domain.ports import Page, PageRequest


@dataclass(frozen=True)
class Access:
    """All that people do with ways in."""

    api_keys: ApiKeys
    sessions: OpenSessions
    invitations: Invitations
    providers: Providers
    identity_keys: IdentityKeys
    customers: Customers


class AccessReads(Protocol):
    """What one actor may see of the ways in. Pages raise `ForbiddenError` for whoever lacks the permission."""

    async def api_keys(self, ids: Sequence[UUID]) -> Sequence[ApiKeyView | None]:
        """API keys by id."""
        ...

    async def api_key_page(self, page: PageRequest) -> Page[ApiKeyView]:
        """API keys, newest first."""
        ...

    async def sessions(self, ids: Sequence[UUID]) -> Sequence[SessionView | None]:
        """Sessions by id."""
        ...

    async def own_sessions(self, owners: Sequence[UUID]) -> Sequence[Sequence[SessionView]]:
        """For each actor, who can only be the one who asks, their open sessions, the last seen first, at most 100."""
        ...

    async def session_page(self, page: PageRequest, agent_id: UUID) -> Page[SessionView]:
        """All sessions of an agent, newest first; of somebody else's only with the permission for all of them."""
        ...

    async def invitations(self, ids: Sequence[UUID]) -> Sequence[InvitationView | None]:
        """Invitations by id."""
        ...

    async def invitation_page(self, page: PageRequest) -> Page[InvitationView]:
        """Invitations, newest first."""
        ...

    async def invitation_teams(self, ids: Sequence[UUID]) -> Sequence[Sequence[TeamView]]:
        """For each invitation the teams that it is into, by name."""
        ...

    async def providers(self, ids: Sequence[UUID]) -> Sequence[ProviderView | None]:
        """Identity providers by id."""
        ...

    async def all_providers(self) -> Sequence[ProviderView]:
        """Every identity provider, by name."""
        ...

    async def identity_keys(self, ids: Sequence[UUID]) -> Sequence[IdentityKeyView | None]:
        """Identity keys by id."""
        ...

    async def identity_key_page(self, page: PageRequest) -> Page[IdentityKeyView]:
        """Identity keys, newest first."""
        ...

    async def audit_page(self, page: PageRequest, wanted: AuditFilter) -> Page[AuditEntry]:
        """Sensitive acts, newest first."""
        ...
