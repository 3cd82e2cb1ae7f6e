"""Tags: the words that conversations are marked with."""

import strawberry

from domain.account.permission import Permission
from domain.triage import label as domain
from schema.base import Node
from schema.needs import needing

strawberry.enum(domain.TagColor, description="What a tag is painted in; each client has its own shades.")


@needing(Permission.READ_CONVERSATIONS)
@strawberry.type(description="A word that conversations can be marked with. Not for customers.")
class Tag(Node):
    """A tag."""

    name: str = strawberry.field(description="Unique within the company.")
    color: domain.TagColor = strawberry.field(description="What it is painted in.")

    @classmethod
    def of(cls, view: domain.TagView) -> "Tag":
        """Built from its view."""
        return cls(key=view.id, name=view.name, color=view.color)
