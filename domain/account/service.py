"""How an organization is run, as commands together, and what its people may see of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from domain.account.agent import Agents, AgentView
from domain.account.inbox import Inboxes, InboxView
from domain.account.organization import Organizations, OrganizationView
from domain.account.role import Roles, RoleView
from domain.account.team import Teams, TeamView
from domain.ports import Page, PageRequest


@dataclass(frozen=True)
class Accounts:
    """All that people do to run their organization."""

    roles: Roles
    agents: Agents
    teams: Teams
    inboxes: Inboxes
    organizations: Organizations


class AccountReads(Protocol):
    """What one actor may see of how the organization is run.

    Batch methods answer in the order of their keys, None or nothing where there is nothing to see. Customers see the
    names of agents and inboxes, which are under their messages and over their conversations, and nothing else.
    """

    async def organizations(self, ids: Sequence[UUID]) -> Sequence[OrganizationView | None]:
        """The actor's own organization; with its settings for whoever manages it."""
        ...

    async def roles(self, ids: Sequence[UUID]) -> Sequence[RoleView | None]:
        """Roles by id."""
        ...

    async def all_roles(self) -> Sequence[RoleView]:
        """Every role, built-in ones first, then by name."""
        ...

    async def agents(self, ids: Sequence[UUID]) -> Sequence[AgentView | None]:
        """Agents by id."""
        ...

    async def agent_page(self, page: PageRequest) -> Page[AgentView]:
        """Agents by name."""
        ...

    async def agent_teams(self, ids: Sequence[UUID]) -> Sequence[Sequence[TeamView]]:
        """For each agent their teams, by name."""
        ...

    async def teams(self, ids: Sequence[UUID]) -> Sequence[TeamView | None]:
        """Teams by id."""
        ...

    async def all_teams(self) -> Sequence[TeamView]:
        """Every team, by name."""
        ...

    async def team_agents(self, keys: Sequence[tuple[UUID, PageRequest]]) -> Sequence[Page[AgentView]]:
        """For each team a page of its people, by name; all requests of a call have the same shape."""
        ...

    async def team_inboxes(self, ids: Sequence[UUID]) -> Sequence[Sequence[InboxView]]:
        """For each team its inboxes, by name."""
        ...

    async def inboxes(self, ids: Sequence[UUID]) -> Sequence[InboxView | None]:
        """Inboxes by id."""
        ...

    async def all_inboxes(self) -> Sequence[InboxView]:
        """Every inbox, by name."""
        ...
