"""SQL logins as people see them."""

from datetime import datetime

import strawberry

from domain.account.permission import Permission
from domain.bi import login as domain
from schema.base import Node
from schema.needs import needing


@needing(Permission.READ_ANALYTICS)
@strawberry.type(
    description="What a BI tool signs in to the database with. It reads the views of the schema `bi`, of your "
    "organization alone, and can do nothing else."
)
class SqlLogin(Node):
    """A login, without its password."""

    name: str = strawberry.field(description="What it is for.")
    user: str = strawberry.field(description="The user name in the database.")
    created_at: datetime = strawberry.field(description="When it was made.")
    revoked_at: datetime | None = strawberry.field(description="Since when it is worth nothing.")
    why_revoked: str | None = strawberry.field(description="Why Parley shut it by itself; null where a person did.")

    @classmethod
    def of(cls, view: domain.SqlLoginView) -> "SqlLogin":
        """Built from its view."""
        return cls(
            key=view.id,
            name=view.name,
            user=view.role,
            created_at=view.created_at,
            revoked_at=view.revoked_at,
            why_revoked=view.why_revoked,
        )


@strawberry.type(description="Where a login signs in, and what it may.")
class SqlDoor:
    """What a BI tool asks for."""

    host: str = strawberry.field(description="The host.")
    port: int = strawberry.field(description="The port.")
    database: str = strawberry.field(description="The database; the views are in its schema `bi`.")
    statement_seconds: int = strawberry.field(description="A statement that takes longer is ended.")
    connections: int = strawberry.field(description="Connections that one login may hold at a time.")

    @classmethod
    def of(cls, door: domain.Door) -> "SqlDoor":
        """Built from the domain's."""
        return cls(
            host=door.host,
            port=door.port,
            database=door.database,
            statement_seconds=door.seconds,
            connections=door.connections,
        )
