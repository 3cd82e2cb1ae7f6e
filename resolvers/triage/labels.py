"""The root fields about tags and custom attributes."""

from typing import Annotated
from uuid import UUID

import strawberry

from domain.account.permission import Permission
from domain.triage.attribute import AttributeOwner, Definition
from resolvers.context import RequestContext, mutation, shown
from resolvers.idempotency import key_of
from resolvers.triage.sorting import triage
from schema.base import field, parse_key
from schema.triage import label_command as c
from schema.triage.attribute import AttributeDefinition
from schema.triage.tag import Tag

Info = strawberry.Info[RequestContext, None]
Owner = Annotated[AttributeOwner | None, strawberry.argument(description="Only those that apply to this.")]
DEFINITION = "input.attributeDefinitionId"


async def _definition(info: Info, identity: UUID) -> AttributeDefinition:
    return await shown(info, "attribute_definitions", identity, AttributeDefinition.of)


@strawberry.type
class LabelQuery:
    """What conversations can be marked with."""

    @field("Every tag, by name, at most 500. For people at work.", needs=Permission.READ_CONVERSATIONS)
    async def tags(self, info: Info) -> list[Tag]:
        return [Tag.of(view) for view in await info.context.reads.all_tags()]

    @field("Every custom attribute, by key, at most 200. For people at work.", needs=Permission.READ_CONVERSATIONS)
    async def attribute_definitions(self, info: Info, applies_to: Owner = None) -> list[AttributeDefinition]:
        found = await info.context.reads.all_attribute_definitions(applies_to)
        return [AttributeDefinition.of(view) for view in found]


@strawberry.type
class LabelMutation:
    """What can be done about tags and custom attributes."""

    @mutation("Make a tag.", needs=Permission.MANAGE_DESK)
    async def create_tag(self, info: Info, input: c.CreateTagInput) -> c.CreateTagPayload | None:
        receipt = await triage(info).tags.create(info.context.actor, input.name, input.color, key=key_of(input))
        return c.CreateTagSuccess(tag=await shown(info, "tags", receipt.id, Tag.of))

    @mutation("Call or paint a tag otherwise. All that is marked with it stays marked.", needs=Permission.MANAGE_DESK)
    async def change_tag(self, info: Info, input: c.ChangeTagInput) -> c.ChangeTagPayload | None:
        key = parse_key(input.tag_id, "Tag", "input.tagId")
        await triage(info).tags.change(info.context.actor, key, name=input.name, color=input.color, key=key_of(input))
        return c.ChangeTagSuccess(tag=await shown(info, "tags", key, Tag.of))

    @mutation(
        "Remove a tag, from all conversations too. Refused while a service-level policy, a rule, or a shared view or"
        " macro goes by it.",
        needs=Permission.MANAGE_DESK,
    )
    async def delete_tag(self, info: Info, input: c.DeleteTagInput) -> c.DeleteTagPayload | None:
        key = parse_key(input.tag_id, "Tag", "input.tagId")
        await triage(info).tags.delete(info.context.actor, key, key=key_of(input))
        return c.DeleteTagSuccess(deleted_id=input.tag_id)

    @mutation("Make a custom attribute of conversations or of customers.", needs=Permission.MANAGE_DESK)
    async def define_attribute(self, info: Info, input: c.DefineAttributeInput) -> c.DefineAttributePayload | None:
        wanted = Definition(input.applies_to, input.key, input.label, input.kind, tuple(input.choices or ()))
        receipt = await triage(info).attributes.define(info.context.actor, wanted, key=key_of(input))
        return c.DefineAttributeSuccess(attribute_definition=await _definition(info, receipt.id))

    @mutation("Call a custom attribute otherwise, or offer other choices.", needs=Permission.MANAGE_DESK)
    async def change_attribute(self, info: Info, input: c.ChangeAttributeInput) -> c.ChangeAttributePayload | None:
        key = parse_key(input.attribute_definition_id, "AttributeDefinition", DEFINITION)
        await triage(info).attributes.relabel(
            info.context.actor, key, label=input.label, choices=input.choices, key=key_of(input)
        )
        return c.ChangeAttributeSuccess(attribute_definition=await _definition(info, key))

    @mutation(
        "Remove a custom attribute. A value that was set goes when the attributes beside it are set next.",
        needs=Permission.MANAGE_DESK,
    )
    async def delete_attribute(self, info: Info, input: c.DeleteAttributeInput) -> c.DeleteAttributePayload | None:
        key = parse_key(input.attribute_definition_id, "AttributeDefinition", DEFINITION)
        await triage(info).attributes.delete(info.context.actor, key, key=key_of(input))
        return c.DeleteAttributeSuccess(deleted_id=input.attribute_definition_id)
