"""What one actor may see of how their organization is run: roles, people, teams and inboxes; customers hardly any."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select, true

from domain.account.agent import AgentView
from domain.account.inbox import Channel, InboxView, assistant_enabled
from domain.account.organization import OrganizationView
from domain.account.permission import BuiltinRole, Permission
from domain.account.role import RoleView
from domain.account.settings import Settings
from domain.account.team import TeamView
from domain.base import STAFF, ActorKind
from domain.ports import Page, PageRequest
from infra.accounts.rows import inboxes, people, roles, team_agents, team_inboxes, teams
from infra.identity.standing import grants_of
from infra.knowledge.reads import SqlKnowledgeReads
from infra.rows import agents, organizations
from infra.storage.paging import keyset, paged


class SqlAccountReads(SqlKnowledgeReads):
    """The reads of one operation, accounts included, in its one snapshot."""

    async def organizations(self, ids: Sequence[UUID]) -> Sequence[OrganizationView | None]:
        """The actor's own organization; with its settings for whoever manages it."""
        self._actor.require(Permission.READ_ORGANIZATION)
        c = organizations.c
        shown = [c.id, c.name, c.slug, *([c.settings] if self._actor.may(Permission.MANAGE_ORGANIZATION) else [])]
        rows = await self._rows(select(*shown).where(c.id.in_(ids), c.id == self._actor.tenant))
        found = {row.id: _organization(row) for row in rows}
        return [found.get(identity) for identity in ids]

    async def roles(self, ids: Sequence[UUID]) -> Sequence[RoleView | None]:
        """Roles by id; customers see none."""
        return await self._by_id(ids, self._roles().where(roles.c.id.in_(ids)), _role)

    async def all_roles(self) -> Sequence[RoleView]:
        """Every role, built-in ones first, then by name; `ForbiddenError` for customers."""
        self._require_colleague()
        c = roles.c
        return [_role(row) for row in await self._rows(self._roles().order_by(c.builtin.is_(None), c.name, c.id))]

    async def agents(self, ids: Sequence[UUID]) -> Sequence[AgentView | None]:
        """Agents by id; customers are told the name, which is under their messages."""
        self._actor.require(Permission.READ_AGENTS)
        found = {row.id: self._agent(row) for row in await self._rows(self._agents().where(agents.c.id.in_(ids)))}
        return [found.get(identity) for identity in ids]

    async def agent_page(self, page: PageRequest) -> Page[AgentView]:
        """Agents by name; `ForbiddenError` for customers."""
        self._require_colleague()
        c = agents.c
        rows = await self._rows(keyset(self._agents(), page, (c.name, str), (c.id, UUID), descending=False))
        return paged(rows, page, self._agent, _by_name)

    async def agent_teams(self, ids: Sequence[UUID]) -> Sequence[Sequence[TeamView]]:
        """For each agent their teams, by name; none for customers."""
        t, a = teams.c, team_agents.c
        joined = teams.join(team_agents, a.team_id == t.id)
        wanted = select(t.id, t.name, a.agent_id.label("of")).select_from(joined)
        return await self._lists(ids, wanted.where(a.agent_id.in_(ids), t.organization_id == self._actor.tenant), _team)

    async def teams(self, ids: Sequence[UUID]) -> Sequence[TeamView | None]:
        """Teams by id; customers see none."""
        return await self._by_id(ids, self._teams().where(teams.c.id.in_(ids)), _team)

    async def all_teams(self) -> Sequence[TeamView]:
        """Every team, by name; `ForbiddenError` for customers."""
        self._require_colleague()
        return [_team(row) for row in await self._rows(self._teams().order_by(teams.c.name, teams.c.id))]

    async def team_agents(self, keys: Sequence[tuple[UUID, PageRequest]]) -> Sequence[Page[AgentView]]:
        """For each team a page of its people, by name, in one statement for all of them."""
        page, ids = keys[0][1], [key for key, _ in keys]
        t, a = team_agents.c, agents.c
        people_of = self._agents(t.team_id.label("of")).join(team_agents, t.agent_id == a.id)
        mine = people_of.where(t.team_id == teams.c.id)
        one = keyset(mine, page, (a.name, str), (a.id, UUID), descending=False).lateral("wanted")
        wanted = select(one).select_from(teams.join(one, true())).order_by(one.c.name, one.c.id)
        found: dict[UUID, list[Row[Any]]] = {identity: [] for identity in ids}
        for row in await self._rows(wanted.where(teams.c.id.in_(ids))) if self._is_colleague else ():
            found[row.of].append(row)
        return [paged(found[identity], page, self._agent, _by_name) for identity in ids]

    async def team_inboxes(self, ids: Sequence[UUID]) -> Sequence[Sequence[InboxView]]:
        """For each team its inboxes, by name."""
        i, t = inboxes.c, team_inboxes.c
        joined = inboxes.join(team_inboxes, t.inbox_id == i.id)
        wanted = select(i.id, i.name, i.channel, i.settings, t.team_id.label("of")).select_from(joined)
        return await self._lists(ids, wanted.where(t.team_id.in_(ids), i.organization_id == self._actor.tenant), _inbox)

    async def inboxes(self, ids: Sequence[UUID]) -> Sequence[InboxView | None]:
        """Inboxes by id; customers are told the name of the one that their conversation came into."""
        self._actor.require(Permission.READ_ORGANIZATION)
        found = {row.id: _inbox(row) for row in await self._rows(self._inboxes().where(inboxes.c.id.in_(ids)))}
        return [found.get(identity) for identity in ids]

    async def all_inboxes(self) -> Sequence[InboxView]:
        """Every inbox, by name; `ForbiddenError` for customers."""
        self._actor.require(Permission.READ_ORGANIZATION)
        self._actor.require_kind(*STAFF, ActorKind.API_KEY)
        return [_inbox(row) for row in await self._rows(self._inboxes().order_by(inboxes.c.name, inboxes.c.id))]

    @property
    def _is_colleague(self) -> bool:
        """Customers may read an agent's name under a message, and nothing else of the people who work here."""
        return self._actor.kind is not ActorKind.CUSTOMER and self._actor.may(Permission.READ_AGENTS)

    def _require_colleague(self) -> None:
        self._actor.require(Permission.READ_AGENTS)
        self._actor.require_kind(*STAFF, ActorKind.API_KEY)

    async def _by_id(self, ids: Sequence[UUID], wanted: Select[Any], view: Callable[[Row[Any]], Any]) -> Sequence[Any]:
        """What colleagues see, by id."""
        found = {row.id: view(row) for row in await self._rows(wanted)} if self._is_colleague else {}
        return [found.get(identity) for identity in ids]

    async def _lists(
        self, ids: Sequence[UUID], wanted: Select[Any], view: Callable[[Row[Any]], Any]
    ) -> Sequence[Sequence[Any]]:
        """What colleagues see, as lists by what `of` names, each by name."""
        found: dict[UUID, list[Row[Any]]] = {identity: [] for identity in ids}
        for row in await self._rows(wanted) if self._is_colleague else ():
            found[row.of].append(row)
        return [[view(row) for row in sorted(found[identity], key=lambda row: (row.name, row.id))] for identity in ids]

    def _roles(self) -> Select[Any]:
        return select(roles).where(roles.c.organization_id == self._actor.tenant)

    def _agents(self, *also: Any) -> Select[Any]:
        c, r, p = agents.c, roles.c, people.c
        shown = (c.id, c.name, c.role_id, c.suspended_at, r.name.label("role"), *also)
        mine = c.organization_id == self._actor.tenant
        joined = agents.join(roles, r.id == c.role_id)
        if not self._actor.may(Permission.MANAGE_AGENTS):
            return select(*shown).select_from(joined).where(mine)
        return select(*shown, p.email).select_from(joined.outerjoin(people, p.id == c.person_id)).where(mine)

    def _agent(self, row: Row[Any]) -> AgentView:
        if not self._is_colleague:
            return AgentView(row.id, row.name, BuiltinRole.AGENT)
        return AgentView(row.id, row.name, row.role, row.role_id, row.suspended_at, getattr(row, "email", None))

    def _teams(self) -> Select[Any]:
        return select(teams).where(teams.c.organization_id == self._actor.tenant)

    def _inboxes(self) -> Select[Any]:
        return select(inboxes).where(inboxes.c.organization_id == self._actor.tenant)


def _by_name(row: Row[Any]) -> tuple[str, str]:
    return row.name, str(row.id)


def _organization(row: Row[Any]) -> OrganizationView:
    stored = getattr(row, "settings", None)
    return OrganizationView(row.id, row.name, row.slug, None if stored is None else Settings.of(stored))


def _role(row: Row[Any]) -> RoleView:
    return RoleView(row.id, row.name, row.builtin is not None, grants_of(row.builtin, row.grants), row.created_at)


def _team(row: Row[Any]) -> TeamView:
    return TeamView(row.id, row.name)


def _inbox(row: Row[Any]) -> InboxView:
    return InboxView(row.id, row.name, Channel(row.channel), assistant_enabled(row.settings))
