"""What one actor may see of rules, and of what they did."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from domain.account.permission import Permission
from domain.automation.rule import RuleView
from domain.automation.run import Run
from domain.ports import Page, PageRequest
from infra.automation.rows import rule_runs, rules
from infra.automation.stored import in_order, rule_view, run_of
from infra.reads import SqlReads
from infra.rows import conversations
from infra.storage.paging import keyset, paged


class SqlAutomationReads(SqlReads):
    """The reads of one operation about rules."""

    async def rules(self, ids: Sequence[UUID]) -> Sequence[RuleView | None]:
        """Rules by id; none for whoever does not make them."""
        if not self._actor.may(Permission.MANAGE_AUTOMATION):
            return [None] * len(ids)
        found = {view.id: view for view in await self._rules(rules.c.id.in_(ids))}
        return [found.get(identity) for identity in ids]

    async def all_rules(self) -> Sequence[RuleView]:
        """Every rule, in the order in which they run."""
        self._actor.require(Permission.MANAGE_AUTOMATION)
        return await self._rules()

    async def rule_runs(self, ids: Sequence[UUID]) -> Sequence[Run | None]:
        """Runs by id, of conversations that the actor may read; none for whoever does not make rules."""
        if not self._actor.may(Permission.MANAGE_AUTOMATION):
            return [None] * len(ids)
        rows = await self._rows(self._runs().where(rule_runs.c.id.in_(ids)))
        found = {row.id: run_of(row) for row in rows}
        return [found.get(identity) for identity in ids]

    async def rule_run_page(self, page: PageRequest, rule_id: UUID | None, conversation_id: UUID | None) -> Page[Run]:
        """Runs in conversations that the actor may read, newest first: of a rule, in a conversation, or all."""
        self._actor.require(Permission.MANAGE_AUTOMATION)
        c, wanted = rule_runs.c, self._runs()
        if rule_id is not None:
            wanted = wanted.where(c.rule_id == rule_id)
        if conversation_id is not None:
            wanted = wanted.where(c.conversation_id == conversation_id)
        keyed = keyset(wanted, page, (c.at, datetime.fromisoformat), (c.id, UUID), descending=True)
        return paged(await self._rows(keyed), page, run_of, lambda row: (row.at.isoformat(), str(row.id)))

    def _runs(self) -> Select[Any]:
        joined = rule_runs.join(conversations, conversations.c.id == rule_runs.c.conversation_id)
        mine = rule_runs.c.organization_id == self._actor.tenant
        return select(rule_runs).select_from(joined).where(mine, self._visible())

    async def _rules(self, *conditions: Any) -> Sequence[RuleView]:
        mine = rules.c.organization_id == self._actor.tenant
        return [rule_view(row) for row in await self._rows(in_order().where(mine, *conditions))]
