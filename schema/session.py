"""Sessions: who is signed in on what."""

from datetime import datetime

import strawberry

from domain.account.permission import Permission
from domain.login.open_session import SessionView
from schema.base import Node
from schema.needs import needing


@needing(Permission.MANAGE_SESSIONS)
@strawberry.type(description="One sign-in on one device; only its owner and those who look after all sessions see it.")
class Session(Node):
    """A sign-in."""

    device: str = strawberry.field(description="The device, as it named itself, such as `Firefox on Linux`.")
    address: str | None = strawberry.field(description="The network address it was last seen at.")
    strategy: str = strawberry.field(description="The way in: `password`, `oidc`, `visitor` and so on.")
    is_current: bool = strawberry.field(description="Whether this very request came by it.")
    created_at: datetime = strawberry.field(description="When it began.")
    last_seen_at: datetime = strawberry.field(description="When it was last seen, to about ten minutes.")
    expires_at: datetime = strawberry.field(description="When it ends by itself.")
    ended_at: datetime | None = strawberry.field(description="When it was ended; null while it was not.")
    ended_reason: str | None = strawberry.field(description="Why it was ended, such as `signed_out` or `revoked`.")

    @classmethod
    def of(cls, view: SessionView) -> "Session":
        """Built from its view."""
        return cls(
            key=view.id,
            device=view.device,
            address=view.address,
            strategy=view.strategy,
            is_current=view.is_current,
            created_at=view.created_at,
            last_seen_at=view.last_seen_at,
            expires_at=view.expires_at,
            ended_at=view.ended_at,
            ended_reason=view.ended_reason,
        )
