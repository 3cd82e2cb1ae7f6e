"""What people see of themselves."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from domain.account.own import PersonView
from infra.account_rows import people
from infra.accounts.key_reads import SqlAccessReads
from infra.rows import agents


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
