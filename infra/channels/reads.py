"""What one actor may see of channels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select

from domain.account.inbox import Channel
from domain.account.permission import Permission
from domain.channel.account import ChannelAccountView
from domain.channel.mail import Authentication
from domain.channel.ports import OriginView
from infra.channels.rows import channel_accounts, channel_messages, mailbox_places
from infra.channels.stored import settings_of
from infra.reads import SqlReads
from infra.rows import conversations
from infra.storage.sight import reached


class SqlChannelReads(SqlReads):
    """The reads of one operation about channels."""

    async def channel_accounts(self, ids: Sequence[UUID]) -> Sequence[ChannelAccountView | None]:
        """Connections by their inboxes; none for whoever may not manage them."""
        if not self._actor.may(Permission.MANAGE_CHANNELS):
            return [None] * len(ids)
        rows = await self._rows(self._connections().where(channel_accounts.c.id.in_(ids)))
        found = {row.id: _connection(row) for row in rows}
        return [found.get(identity) for identity in ids]

    async def all_channel_accounts(self) -> Sequence[ChannelAccountView]:
        """All connections of the organization, by address."""
        self._actor.require(Permission.MANAGE_CHANNELS)
        wanted = self._connections().order_by(channel_accounts.c.address, channel_accounts.c.id)
        return [_connection(row) for row in await self._rows(wanted)]

    async def message_origins(self, ids: Sequence[UUID]) -> Sequence[OriginView | None]:
        """How messages came; for the people at work, in conversations that they may read."""
        if not self._actor.is_staff:
            return [None] * len(ids)
        m, c = channel_messages.c, conversations.c
        joined = channel_messages.join(conversations, c.id == m.conversation_id)
        mine = (m.organization_id == self._actor.tenant, reached(self._actor, Permission.READ_CONVERSATIONS))
        wanted = select(m.message_id, m.is_inbound, m.sender, m.subject, m.original, m.authentication)
        rows = await self._rows(wanted.select_from(joined).where(m.message_id.in_(ids), *mine))
        found = {row.message_id: _origin(row) for row in rows}
        return [found.get(identity) for identity in ids]

    def _connections(self) -> Select[Any]:
        c = channel_accounts.c
        joined = channel_accounts.outerjoin(mailbox_places, mailbox_places.c.id == c.id)
        shown = select(c.id, c.channel, c.address, c.enabled, c.settings, c.kept, mailbox_places.c.problem)
        return shown.select_from(joined).where(c.organization_id == self._actor.tenant)


def _connection(row: Row[Any]) -> ChannelAccountView:
    return ChannelAccountView(
        id=row.id,
        channel=Channel(row.channel),
        address=row.address,
        enabled=row.enabled,
        settings=settings_of(row.channel, row.settings),
        kept=frozenset(row.kept),
        problem=row.problem,
    )


def _origin(row: Row[Any]) -> OriginView:
    authentication = Authentication(row.authentication) if row.is_inbound and row.authentication else None
    return OriginView(row.sender, row.subject, row.original, authentication)
