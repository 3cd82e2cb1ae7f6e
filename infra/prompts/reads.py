"""What one actor may see of prompts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select

from domain.account.permission import Permission
from domain.ports import Page, PageRequest
from domain.prompt.prompt import PromptVersionView
from infra.accounts.key_reads import agent_of
from infra.prompts.rows import prompt_versions, prompts
from infra.prompts.stored import parleys_own, version_of
from infra.reads import SqlReads
from infra.storage.paging import keyset, paged


class SqlPromptReads(SqlReads):
    """The reads of one operation about prompts."""

    async def prompt_versions(self, ids: Sequence[UUID]) -> Sequence[PromptVersionView | None]:
        """Versions by id; none for whoever may not see how the assistant is set up."""
        if not self._actor.may(Permission.READ_ASSISTANT):
            return [None] * len(ids)
        rows = await self._rows(_versions(self._actor.tenant).where(prompt_versions.c.id.in_(ids)))
        found = {row.id: _view(row) for row in rows}
        if (own := parleys_own(self._actor.tenant)).id in ids:
            published = await self.published_prompt_version()
            found[own.id] = PromptVersionView(own, published.version.number == 0, None, None)
        return [found.get(identity) for identity in ids]

    async def prompt_versions_by_number(self, numbers: Sequence[int]) -> Sequence[PromptVersionView | None]:
        """The same by their numbers."""
        if not self._actor.may(Permission.READ_ASSISTANT):
            return [None] * len(numbers)
        rows = await self._rows(_versions(self._actor.tenant).where(prompt_versions.c.number.in_(numbers)))
        found: dict[int, PromptVersionView | None] = {row.number: _view(row) for row in rows}
        if 0 in numbers:
            [found[0]] = await self.prompt_versions([parleys_own(self._actor.tenant).id])
        return [found.get(number) for number in numbers]

    async def prompt_version_page(self, page: PageRequest) -> Page[PromptVersionView]:
        """Versions that people wrote, newest first."""
        self._actor.require(Permission.READ_ASSISTANT)
        rows = await self._rows(
            keyset(_versions(self._actor.tenant), page, (prompt_versions.c.number, int), descending=True)
        )
        return paged(rows, page, _view, lambda row: (str(row.number),))

    async def published_prompt_version(self) -> PromptVersionView:
        """The version in use, Parley's own where nobody published another."""
        self._actor.require(Permission.READ_ASSISTANT)
        rows = await self._rows(_versions(self._actor.tenant).where(prompt_versions.c.number == prompts.c.published))
        if rows:
            return _view(rows[0])
        return PromptVersionView(parleys_own(self._actor.tenant), is_published=True, creator_id=None, created_at=None)


def _versions(organization_id: UUID) -> Select[Any]:
    v, p = prompt_versions.c, prompts.c
    joined = prompt_versions.join(prompts, v.organization_id == p.organization_id)
    return select(*v, p.published).select_from(joined).where(v.organization_id == organization_id)


def _view(row: Row[Any]) -> PromptVersionView:
    return PromptVersionView(version_of(row), row.number == row.published, agent_of(row.created_by), row.created_at)
