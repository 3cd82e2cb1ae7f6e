"""Views: filters that somebody saved, with how many conversations they let through now."""

from uuid import UUID

import strawberry

from domain.account.permission import Permission
from domain.triage import view as domain
from domain.triage.filter import ConversationOrder
from domain.triage.ports import Count
from schema.base import Node, edge
from schema.needs import needing
from schema.triage.filter import ConversationFilter


@strawberry.type(description="How many conversations a filter lets through for you.")
class ConversationCount:
    """A number."""

    count: int = strawberry.field(description="How many, 0 to 999.")
    is_capped: bool = strawberry.field(description="Whether there are more: then nobody counted on.")

    @classmethod
    def of(cls, count: Count) -> "ConversationCount":
        """Built from its view."""
        return cls(count=count.count, is_capped=count.is_capped)


@strawberry.type(description="How many conversations a view has for you.")
class ViewCount:
    """A number."""

    view_key: strawberry.Private[UUID | None]
    count: int = strawberry.field(description="How many, 0 to 999.")
    is_capped: bool = strawberry.field(description="Whether there are more: then nobody counted on.")
    view: "View | None" = edge("views", "view_key", of=Node.named("View"), description="Of which view.")

    @classmethod
    def of(cls, count: Count) -> "ViewCount":
        """Built from its view."""
        return cls(view_key=count.view_id, count=count.count, is_capped=count.is_capped)


@needing(Permission.READ_CONVERSATIONS)
@strawberry.type(description="A filter under a name: your own, or everybody's. Not for customers.")
class View(Node):
    """A view."""

    name: str = strawberry.field(description="What it is called.")
    is_shared: bool = strawberry.field(description="Whether everybody has it.")
    filter: ConversationFilter = strawberry.field(description="Which conversations it lets through.")
    order: ConversationOrder = strawberry.field(description="What comes first.")
    conversation_count: ViewCount | None = edge(
        "view_counts", "key", of=ViewCount.of, description="How many conversations it has for you."
    )

    @classmethod
    def of(cls, view: domain.ViewView) -> "View":
        """Built from its view."""
        return cls(
            key=view.id,
            name=view.name,
            is_shared=view.agent_id is None,
            filter=ConversationFilter.of(view.filter),
            order=view.ordering,
        )
