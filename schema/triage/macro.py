"""Macros: texts with variables, and what is done along with sending them."""

from uuid import UUID

import strawberry

from domain.account.permission import Permission
from domain.macro import macro as domain
from domain.macro.template import Rendered
from schema.base import Node, edges_by_key
from schema.needs import needing
from schema.triage.attribute import Attribute
from schema.triage.priority import Priority
from schema.triage.tag import Tag

strawberry.enum(domain.Handling, name="MacroHandling", description="Who has the conversation afterwards.")


@strawberry.type(description="What a macro does beside sending its text; what is unset stays as it is.")
class MacroActions:
    """What is done."""

    priority: Priority | None = strawberry.field(description="How soon it is to be seen to.")
    tag_keys: strawberry.Private[tuple[UUID, ...]]
    added_tags: list[Tag | None] = edges_by_key(
        "tags", "tag_keys", of=Tag.of, description="Tags that it gets, null for one that is gone; the others stay."
    )
    attributes: list[Attribute] = strawberry.field(description="Attributes that are set; the others stay.")
    handling: domain.Handling | None = strawberry.field(description="Who has it afterwards.")
    snooze_minutes: int | None = strawberry.field(description="For how long it is out of sight.")
    snooze_until_reply: bool = strawberry.field(description="Whether it is out of sight until the customer writes.")
    resolve: bool = strawberry.field(description="Whether it is settled with this.")

    @classmethod
    def of(cls, actions: domain.MacroActions) -> "MacroActions":
        """Built from what was saved."""
        return cls(
            priority=actions.priority,
            tag_keys=tuple(actions.add_tag_ids),
            attributes=Attribute.all_of(actions.attributes),
            handling=actions.handling,
            snooze_minutes=actions.snooze_minutes,
            snooze_until_reply=actions.snooze_until_reply,
            resolve=actions.resolve,
        )


@needing(Permission.READ_CONVERSATIONS)
@strawberry.type(description="A text and what is done with it, under a name: your own, or everybody's.")
class Macro(Node):
    """A macro."""

    name: str = strawberry.field(description="What it is called.")
    is_shared: bool = strawberry.field(description="Whether everybody has it.")
    text: str | None = strawberry.field(
        description="What is sent, with variables such as {{customer.name}} or {{customer.name|there}}; null for none."
    )
    actions: MacroActions = strawberry.field(description="What is done beside.")

    @classmethod
    def of(cls, view: domain.MacroView) -> "Macro":
        """Built from its view."""
        return cls(
            key=view.id,
            name=view.name,
            is_shared=view.agent_id is None,
            text=view.text,
            actions=MacroActions.of(view.actions),
        )


@strawberry.type(description="What a macro would say in a conversation.")
class MacroPreview:
    """Before it is sent."""

    text: str = strawberry.field(description="With the values that are known; empty for one that says nothing.")
    missing: list[str] = strawberry.field(description="Variables that nobody knows here: with any, nothing is sent.")

    @classmethod
    def of(cls, said: Rendered) -> "MacroPreview":
        """Built from what was rendered."""
        return cls(text=said.text, missing=list(said.missing))
