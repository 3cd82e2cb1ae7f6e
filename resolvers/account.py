"""The root field about the caller."""

import strawberry

from resolvers.context import RequestContext
from schema.account import Viewer
from schema.base import field

Info = strawberry.Info[RequestContext, None]


@strawberry.type
class AccountQuery:
    """Who asks."""

    @field("You, as this API knows you.")
    async def viewer(self, info: Info) -> Viewer:
        return Viewer.of(info.context.actor)
