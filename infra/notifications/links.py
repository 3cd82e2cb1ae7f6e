"""Links by which people stop mails without signing in."""

from __future__ import annotations

from uuid import UUID

from domain.notification.notification import NotificationKind
from infra.identity.signed_links import SignedLinks


class LeavingLinks:
    """Makes them, and reads their tokens: the organization's id, the agent's and the kind, signed."""

    def __init__(self, secret: str, address: str) -> None:
        self._links = SignedLinks(secret, "unsubscribe-link", f"{address.rstrip('/')}/unsubscribe")

    def link(self, organization_id: UUID, agent_id: UUID, kind: NotificationKind | None) -> str:
        """The address that stops mails about a kind, or about everything."""
        return self._links.link(organization_id.bytes + agent_id.bytes + (kind or "").encode())

    def read(self, token: str) -> tuple[UUID, UUID, NotificationKind | None] | None:
        """Whom it is about; None for a token that was not made here."""
        named = self._links.read(token)
        if named is None:
            return None
        kind = named[32:].decode()
        return UUID(bytes=named[:16]), UUID(bytes=named[16:32]), NotificationKind(kind) if kind else None
