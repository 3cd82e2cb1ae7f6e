"""Tags: the words that conversations are marked with."""

import strawberry

from domain.account.permission import Permission
from domain.triage import label as domain
from domain.triage import tag as use
from schema.base import Node
from schema.needs import needing

strawberry.enum(domain.TagColor, description="What a tag is painted in; each client has its own shades.")
strawberry.enum(use.TagUseKind, description="What can go by a tag, for everybody.")


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


@strawberry.type(
    description="Something that goes by a tag, for everybody; what one agent keeps for themselves does not count."
)
class TagUse:
    """A use of a tag."""

    kind: use.TagUseKind = strawberry.field(description="What it is.")
    name: str = strawberry.field(description="What it is called.")

    @classmethod
    def of(cls, one: use.TagUse) -> "TagUse":
        """Built from its value."""
        return cls(kind=one.kind, name=one.name)
