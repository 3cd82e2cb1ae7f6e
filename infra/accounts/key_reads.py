"""What one actor may see of the ways in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, Table, any_, func, or_, select, true

from domain.access.api_key import ApiKeyView
from domain.access.identity_key import IdentityKeyKind, IdentityKeyView
from domain.access.invitation import InvitationState, InvitationView
from domain.account.audit import AuditEntry, AuditFilter
from domain.account.permission import Permission, Scope
from domain.account.team import TeamView
from domain.base import Actor, ActorKind
from domain.login.open_session import SessionView
from domain.login.provider import ProviderView
from domain.ports import Page, PageRequest
from infra.accounts.reads import SqlAccountReads
from infra.accounts.rows import api_keys, identity_keys, identity_providers, invitations, sessions, teams
from infra.identity.standing import grants_of
from infra.rows import events
from infra.storage.paging import keyset, paged

MOST_OPEN = 100
"""How many of their own open sessions somebody is shown."""


class SqlAccessReads(SqlAccountReads):
    """The reads of one operation, ways in included, in its one snapshot."""

    async def api_keys(self, ids: Sequence[UUID]) -> Sequence[ApiKeyView | None]:
        """API keys by id; none for whoever may not manage them."""
        return await self._found(api_keys, ids, Permission.MANAGE_API_KEYS, _api_key)

    async def api_key_page(self, page: PageRequest) -> Page[ApiKeyView]:
        """API keys, newest first."""
        self._actor.require(Permission.MANAGE_API_KEYS)
        return await self._newest_first(api_keys, page, _api_key)

    async def sessions(self, ids: Sequence[UUID]) -> Sequence[SessionView | None]:
        """Sessions by id: one's own, or everybody's with the permission for all."""
        if not self._actor.may(Permission.MANAGE_SESSIONS):
            return [None] * len(ids)
        wanted = self._mine(sessions).where(sessions.c.id.in_(ids), self._watched())
        found = {row.id: self._session(row) for row in await self._rows(wanted)}
        return [found.get(identity) for identity in ids]

    async def own_sessions(self, owners: Sequence[UUID]) -> Sequence[Sequence[SessionView]]:
        """For each actor, who can only be the one who asks, their open sessions, the last seen first."""
        self._actor.require(Permission.MANAGE_SESSIONS)
        s = sessions.c
        is_open = s.ended_at.is_(None) & (s.expires_at > func.now())
        wanted = self._mine(sessions).where(self._own(), is_open).order_by(s.last_seen_at.desc(), s.id).limit(MOST_OPEN)
        mine = [self._session(row) for row in await self._rows(wanted)]
        return [mine if owner == self._actor.identity else () for owner in owners]

    async def session_page(self, page: PageRequest, agent_id: UUID) -> Page[SessionView]:
        """All sessions of an agent, newest first."""
        self._actor.require(Permission.MANAGE_SESSIONS)
        mine = (sessions.c.agent_id == agent_id) & self._watched()
        return await self._newest_first(sessions, page, self._session, mine)

    async def invitations(self, ids: Sequence[UUID]) -> Sequence[InvitationView | None]:
        """Invitations by id; none for whoever may not manage agents."""
        return await self._found(invitations, ids, Permission.MANAGE_AGENTS, _invitation)

    async def invitation_page(self, page: PageRequest) -> Page[InvitationView]:
        """Invitations, newest first."""
        self._actor.require(Permission.MANAGE_AGENTS)
        return await self._newest_first(invitations, page, _invitation)

    async def invitation_teams(self, ids: Sequence[UUID]) -> Sequence[Sequence[TeamView]]:
        """For each invitation the teams that it is into and that are still there, by name."""
        self._actor.require(Permission.MANAGE_AGENTS)
        t, i = teams.c, invitations.c
        joined = invitations.join(teams, t.id == any_(i.team_ids))
        wanted = select(t.id, t.name, i.id.label("of")).select_from(joined).where(i.id.in_(ids))
        mine = (i.organization_id == self._actor.tenant) & (t.organization_id == self._actor.tenant)
        return await self._lists(ids, wanted.where(mine), lambda row: TeamView(row.id, row.name))

    async def providers(self, ids: Sequence[UUID]) -> Sequence[ProviderView | None]:
        """Identity providers by id; none for whoever may not manage the ways in."""
        return await self._found(identity_providers, ids, Permission.MANAGE_SIGN_IN, _provider)

    async def all_providers(self) -> Sequence[ProviderView]:
        """Every identity provider, by name."""
        self._actor.require(Permission.MANAGE_SIGN_IN)
        c = identity_providers.c
        return [_provider(row) for row in await self._rows(self._mine(identity_providers).order_by(c.name, c.id))]

    async def identity_keys(self, ids: Sequence[UUID]) -> Sequence[IdentityKeyView | None]:
        """Identity keys by id; none for whoever may not manage the ways in."""
        return await self._found(identity_keys, ids, Permission.MANAGE_SIGN_IN, _identity_key)

    async def identity_key_page(self, page: PageRequest) -> Page[IdentityKeyView]:
        """Identity keys, newest first."""
        self._actor.require(Permission.MANAGE_SIGN_IN)
        return await self._newest_first(identity_keys, page, _identity_key)

    async def audit_page(self, page: PageRequest, wanted: AuditFilter) -> Page[AuditEntry]:
        """Sensitive acts, newest first."""
        self._actor.require(Permission.READ_AUDIT_LOG)
        e = events.c
        shown = (e.id, e.organization_id, e.kind, e.stream, e.actor, e.address, e.payload, e.at)
        found = select(*shown).where(e.organization_id == self._actor.tenant, e.audited, *_chosen(wanted))
        return paged(await self._rows(keyset(found, page, (e.id, int), descending=True)), page, _entry, _place)

    def _watched(self) -> ColumnElement[bool]:
        """The sessions that the actor's permission reaches."""
        return true() if self._actor.require(Permission.MANAGE_SESSIONS) is Scope.ALL else self._own()

    def _own(self) -> ColumnElement[bool]:
        return or_(sessions.c.agent_id == self._actor.identity, sessions.c.customer_id == self._actor.identity)

    def _session(self, row: Row[Any]) -> SessionView:
        return SessionView(
            id=row.id,
            strategy=row.strategy,
            device=row.device,
            address=row.address,
            is_current=row.id == self._actor.session_id,
            created_at=row.created_at,
            last_seen_at=row.last_seen_at,
            expires_at=row.expires_at,
            ended_at=row.ended_at,
            ended_reason=row.ended_reason,
        )

    async def _found(self, table: Table, ids: Sequence[UUID], needed: Permission, view: Any) -> Sequence[Any]:
        """Rows by id, None for each where the actor lacks the permission."""
        if not self._actor.may(needed):
            return [None] * len(ids)
        rows = await self._rows(self._mine(table).where(table.c.id.in_(ids)))
        found = {row.id: view(row) for row in rows}
        return [found.get(identity) for identity in ids]

    async def _newest_first(
        self, table: Table, page: PageRequest, view: Any, *conditions: ColumnElement[bool]
    ) -> Page[Any]:
        c = table.c
        order = ((c.created_at, datetime.fromisoformat), (c.id, UUID))
        rows = await self._rows(keyset(self._mine(table).where(*conditions), page, *order, descending=True))
        return paged(rows, page, view, lambda row: (row.created_at.isoformat(), str(row.id)))

    def _mine(self, table: Table) -> Select[Any]:
        return select(table).where(table.c.organization_id == self._actor.tenant)


def _api_key(row: Row[Any]) -> ApiKeyView:
    return ApiKeyView(
        id=row.id,
        name=row.name,
        prefix=row.prefix,
        grants=grants_of(None, row.grants),
        creator_id=agent_of(row.created_by),
        cost_capacity=row.cost_capacity,
        cost_per_second=row.cost_per_second,
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        revoked_at=row.revoked_at,
    )


def _invitation(row: Row[Any]) -> InvitationView:
    return InvitationView(
        id=row.id,
        email=row.email,
        name=row.name,
        role_id=row.role_id,
        inviter_id=agent_of(row.invited_by),
        state=_state(row),
        created_at=row.created_at,
        expires_at=row.expires_at,
        accepted_at=row.accepted_at,
        revoked_at=row.revoked_at,
    )


def _state(row: Row[Any]) -> InvitationState:
    if row.accepted_at is not None:
        return InvitationState.ACCEPTED
    if row.revoked_at is not None:
        return InvitationState.REVOKED
    return InvitationState.EXPIRED if row.expires_at <= datetime.now(UTC) else InvitationState.OPEN


def _provider(row: Row[Any]) -> ProviderView:
    return ProviderView(row.id, row.name, row.issuer, row.client_id, row.enabled, row.created_at)


def _identity_key(row: Row[Any]) -> IdentityKeyView:
    public = bytes(row.material).decode() if row.kind == IdentityKeyKind.PUBLIC else None
    return IdentityKeyView(row.id, row.name, IdentityKeyKind(row.kind), public, row.created_at, row.revoked_at)


def agent_of(actor: str) -> UUID | None:
    """The agent that an actor was, as the journal and rows name one; None for everybody else."""
    kind, _, identity = actor.partition(":")
    return UUID(identity) if kind in (ActorKind.AGENT, ActorKind.ADMIN) else None


def _chosen(wanted: AuditFilter) -> Iterator[ColumnElement[bool]]:
    e = events.c
    if wanted.kinds is not None:
        yield e.kind.in_(wanted.kinds)
    if wanted.actors is not None:
        yield e.actor.in_(wanted.actors)
    if wanted.since is not None:
        yield e.at >= wanted.since
    if wanted.until is not None:
        yield e.at < wanted.until


def _entry(row: Row[Any]) -> AuditEntry:
    facts = {name: fact for name, fact in row.payload.items() if name != "reason"}
    actor = Actor.parse(row.actor, row.organization_id)
    return AuditEntry(row.id, row.kind, row.stream, actor, row.address, row.payload.get("reason"), facts, row.at)


def _place(row: Row[Any]) -> tuple[str]:
    return (str(row.id),)
