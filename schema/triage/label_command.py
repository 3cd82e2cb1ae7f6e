"""What goes into and comes out of the mutations on tags and on definitions of attributes."""

from typing import Annotated

import strawberry

from domain.triage.attribute import AttributeKind, AttributeOwner
from domain.triage.label import TagColor
from schema.command import idempotency_key_field
from schema.errors import CommonError, TagInUseError
from schema.triage.attribute import AttributeDefinition
from schema.triage.tag import Tag


@strawberry.input(description="A new tag.")
class CreateTagInput:
    """Input of `createTag`."""

    name: str = strawberry.field(description="Unique within the company, 1 to 50 characters.")
    color: TagColor = strawberry.field(default=TagColor.GRAY, description="What it is painted in.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="Another name or colour for a tag; what is left out stays as it is.")
class ChangeTagInput:
    """Input of `changeTag`."""

    tag_id: strawberry.ID = strawberry.field(description="Which.")
    name: str | None = strawberry.field(default=None, description="Unique within the company, 1 to 50 characters.")
    color: TagColor | None = strawberry.field(default=None, description="What it is painted in.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="The tag to remove.")
class DeleteTagInput:
    """Input of `deleteTag`."""

    tag_id: strawberry.ID = strawberry.field(description="Which.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="A new attribute.")
class DefineAttributeInput:
    """Input of `defineAttribute`."""

    applies_to: AttributeOwner = strawberry.field(description="What has it.")
    key: str = strawberry.field(description="1 to 40 of a-z, 0-9 and _, a letter first; unique, and for good.")
    label: str = strawberry.field(description="What it is called for people, 1 to 100 characters.")
    kind: AttributeKind = strawberry.field(description="What it holds, for good.")
    choices: list[str] | None = strawberry.field(
        default=None, description="What can be chosen: 1 to 100 texts, for the kinds that choose."
    )
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="Another label or other choices for an attribute; what is left out stays as it is.")
class ChangeAttributeInput:
    """Input of `changeAttribute`."""

    attribute_definition_id: strawberry.ID = strawberry.field(description="Which.")
    label: str | None = strawberry.field(default=None, description="What it is called for people, 1 to 100 characters.")
    choices: list[str] | None = strawberry.field(
        default=None, description="All that can be chosen from now on; what was chosen before stays."
    )
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="The attribute to remove.")
class DeleteAttributeInput:
    """Input of `deleteAttribute`."""

    attribute_definition_id: strawberry.ID = strawberry.field(description="Which.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.type(description="The tag is there.")
class CreateTagSuccess:
    """Success of `createTag`."""

    tag: Tag = strawberry.field(description="The new tag.")


@strawberry.type(description="The tag is changed, wherever it is.")
class ChangeTagSuccess:
    """Success of `changeTag`."""

    tag: Tag = strawberry.field(description="The tag as it is now.")


@strawberry.type(description="The tag is gone, from all conversations too.")
class DeleteTagSuccess:
    """Success of `deleteTag`."""

    deleted_id: strawberry.ID = strawberry.field(description="The id that it had.")


@strawberry.type(description="The attribute can be set.")
class DefineAttributeSuccess:
    """Success of `defineAttribute`."""

    attribute_definition: AttributeDefinition = strawberry.field(description="The new definition.")


@strawberry.type(description="The attribute is changed.")
class ChangeAttributeSuccess:
    """Success of `changeAttribute`."""

    attribute_definition: AttributeDefinition = strawberry.field(description="The definition as it is now.")


@strawberry.type(description="The attribute is gone.")
class DeleteAttributeSuccess:
    """Success of `deleteAttribute`."""

    deleted_id: strawberry.ID = strawberry.field(description="The id that it had.")


CreateTagPayload = Annotated[
    CreateTagSuccess | CommonError, strawberry.union("CreateTagPayload", description="What came of `createTag`.")
]
ChangeTagPayload = Annotated[
    ChangeTagSuccess | CommonError, strawberry.union("ChangeTagPayload", description="What came of `changeTag`.")
]
DeleteTagPayload = Annotated[
    DeleteTagSuccess | TagInUseError | CommonError,
    strawberry.union("DeleteTagPayload", description="What came of `deleteTag`."),
]
DefineAttributePayload = Annotated[
    DefineAttributeSuccess | CommonError,
    strawberry.union("DefineAttributePayload", description="What came of `defineAttribute`."),
]
ChangeAttributePayload = Annotated[
    ChangeAttributeSuccess | CommonError,
    strawberry.union("ChangeAttributePayload", description="What came of `changeAttribute`."),
]
DeleteAttributePayload = Annotated[
    DeleteAttributeSuccess | CommonError,
    strawberry.union("DeleteAttributePayload", description="What came of `deleteAttribute`."),
]
