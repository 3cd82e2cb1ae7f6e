"""The ways in to an organization, as those see them who look after them."""

from datetime import datetime
from uuid import UUID

import strawberry

from domain.account.api_key import ApiKeyView
from domain.account.permission import Permission
from schema.account import Agent
from schema.base import Node, edge
from schema.needs import needing
from schema.permission import Grant, shown


@needing(Permission.MANAGE_API_KEYS)
@strawberry.type(description="What a machine signs in with.")
class ApiKey(Node):
    """A key, without what is secret of it."""

    creator_id: strawberry.Private[UUID | None]
    name: str = strawberry.field(description="What it is for.")
    prefix: str = strawberry.field(description="How the key begins: enough to know it by, not enough to use it.")
    grants: list[Grant] = strawberry.field(description="What whoever has it may do.")
    cost_capacity: int = strawberry.field(description="Points it may cost at once.")
    cost_per_second: int = strawberry.field(description="Points restored to it each second.")
    created_at: datetime = strawberry.field(description="When it was made.")
    expires_at: datetime | None = strawberry.field(description="When it ends by itself; null for never.")
    last_used_at: datetime | None = strawberry.field(description="When it was last used, to about a minute.")
    revoked_at: datetime | None = strawberry.field(description="When it was revoked; null while it is not.")
    created_by: Agent | None = edge("agents", "creator_id", of=Agent.of, description="Who made it.")

    @classmethod
    def of(cls, view: ApiKeyView) -> "ApiKey":
        """Built from its view."""
        return cls(
            key=view.id,
            creator_id=view.creator_id,
            name=view.name,
            prefix=view.prefix,
            grants=shown(view.grants),
            cost_capacity=view.cost_capacity,
            cost_per_second=view.cost_per_second,
            created_at=view.created_at,
            expires_at=view.expires_at,
            last_used_at=view.last_used_at,
            revoked_at=view.revoked_at,
        )
