"""The widgets of all organizations, read by the role that lets people in."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from domain.account.inbox import WIDGET, Channel
from domain.account.settings import Settings
from domain.widget.widget import Widget, WidgetSettings
from infra.accounts.rows import inboxes
from infra.database import Database
from infra.rows import organizations


@dataclass(frozen=True)
class SqlShown:
    """What strangers are shown of inboxes."""

    database: Database

    async def of(self, inbox_id: UUID) -> Widget | None:
        """The widget of an inbox of the chat; None where there is none, or its organization is suspended."""
        i, o = inboxes.c, organizations.c
        joined = inboxes.join(organizations, o.id == i.organization_id)
        wanted = select(i.settings.label("inbox"), o.name, o.slug, o.settings).select_from(joined)
        async with self.database.accounts() as connection:
            found = await connection.execute(
                wanted.where(i.id == inbox_id, i.channel == Channel.CHAT, o.suspended_at.is_(None))
            )
            row = found.one_or_none()
        if row is None:
            return None
        settings = Settings.of(row.settings)
        return Widget(
            inbox_id=inbox_id,
            organization=row.name,
            slug=row.slug,
            settings=WidgetSettings.of(row.inbox.get(WIDGET) or {}),
            languages=settings.languages,
            takes_visitors=settings.visitors is not False,
            hours=settings.business_hours,
            allowed_origins=settings.allowed_origins,
        )
