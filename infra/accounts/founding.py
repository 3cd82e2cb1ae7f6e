"""What is stored when an organization begins: itself, its built-in roles and its inbox."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.account.organization import default_inbox_of, role_of
from domain.account.permission import BuiltinRole
from infra.accounts.rows import inboxes, roles
from infra.rows import organizations


async def found(
    connection: AsyncConnection,
    organization_id: UUID,
    name: str,
    slug: str,
    *,
    settings: Mapping[str, Any],
    at: datetime,
) -> None:
    """Store an organization with what every one has; what is there already stays as it is."""
    mine = {"organization_id": organization_id, "created_at": at}
    row = {"id": organization_id, "name": name, "slug": slug, "settings": dict(settings), "created_at": at}
    inbox = {"id": default_inbox_of(organization_id), "name": "Chat", "channel": "chat", "settings": {}, **mine}
    builtin = [
        {"id": role_of(organization_id, role), "name": str(role), "builtin": str(role), "grants": {}, **mine}
        for role in BuiltinRole
    ]
    await connection.execute(insert(organizations).values(row).on_conflict_do_nothing())
    await connection.execute(insert(inboxes).values(inbox).on_conflict_do_nothing())
    await connection.execute(insert(roles).values(builtin).on_conflict_do_nothing())
