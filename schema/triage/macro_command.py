"""What goes into and comes out of the mutations on macros."""

from typing import Annotated

import strawberry

from domain.macro.macro import Handling
from schema.command import ConversationInput, idempotency_key_field
from schema.conversation import Conversation, Message
from schema.errors import AlreadyAssignedError, CommonError, ConversationMergedError
from schema.triage.attribute import AttributeValueInput
from schema.triage.macro import Macro
from schema.triage.priority import Priority


@strawberry.input(description="What a macro does beside sending its text; what is unset stays as it is.")
class MacroActionsInput:
    """Of handing over, snoozing and resolving at most one."""

    priority: Priority | None = strawberry.field(default=None, description="How soon it is to be seen to.")
    add_tag_ids: list[strawberry.ID] | None = strawberry.field(default=None, description="Tags that it gets.")
    attributes: list[AttributeValueInput] | None = strawberry.field(
        default=None, description="Attributes that are set."
    )
    handling: Handling | None = strawberry.field(default=None, description="Who has it afterwards.")
    snooze_minutes: int | None = strawberry.field(default=None, description="For how long it is out of sight.")
    snooze_until_reply: bool = strawberry.field(
        default=False, description="Whether it is out of sight until the customer writes."
    )
    resolve: bool = strawberry.field(default=False, description="Whether it is settled with this.")


@strawberry.input(description="A new macro.")
class CreateMacroInput:
    """Input of `createMacro`."""

    name: str = strawberry.field(description="What to call it, 1 to 100 characters.")
    text: str | None = strawberry.field(
        default=None,
        description="What to send. Variables are {{customer.name}}, {{agent.name}}, {{conversation.subject}} and"
        " {{attribute.key}}, each with what to say instead if you like: {{customer.name|there}}.",
    )
    actions: MacroActionsInput | None = strawberry.field(default=None, description="What to do beside.")
    is_shared: bool = strawberry.field(
        default=False, description="Whether it is everybody's, for good; that needs `desk.manage`."
    )
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="Another name, text or actions for a macro; what is left out stays as it is.")
class ChangeMacroInput:
    """Input of `changeMacro`."""

    macro_id: strawberry.ID = strawberry.field(description="Which.")
    name: str | None = strawberry.field(default=None, description="What to call it, 1 to 100 characters.")
    text: str | None = strawberry.field(default=None, description="What to send; an empty text sends nothing.")
    actions: MacroActionsInput | None = strawberry.field(default=None, description="All that is done beside.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="The macro to remove.")
class DeleteMacroInput:
    """Input of `deleteMacro`."""

    macro_id: strawberry.ID = strawberry.field(description="Which.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="The macro to use, and where.")
class ApplyMacroInput(ConversationInput):
    """Input of `applyMacro`."""

    macro_id: strawberry.ID = strawberry.field(description="Which macro.")


@strawberry.type(description="The macro is there.")
class CreateMacroSuccess:
    """Success of `createMacro`."""

    macro: Macro = strawberry.field(description="The new macro.")


@strawberry.type(description="The macro is changed.")
class ChangeMacroSuccess:
    """Success of `changeMacro`."""

    macro: Macro = strawberry.field(description="The macro as it is now.")


@strawberry.type(description="The macro is gone.")
class DeleteMacroSuccess:
    """Success of `deleteMacro`."""

    deleted_id: strawberry.ID = strawberry.field(description="The id that it had.")


@strawberry.type(description="All of it is done.")
class ApplyMacroSuccess:
    """Success of `applyMacro`."""

    conversation: Conversation = strawberry.field(description="The conversation as it is now.")
    sent_message: Message | None = strawberry.field(description="What was sent; null for a macro that says nothing.")


CreateMacroPayload = Annotated[
    CreateMacroSuccess | CommonError, strawberry.union("CreateMacroPayload", description="What came of `createMacro`.")
]
ChangeMacroPayload = Annotated[
    ChangeMacroSuccess | CommonError, strawberry.union("ChangeMacroPayload", description="What came of `changeMacro`.")
]
DeleteMacroPayload = Annotated[
    DeleteMacroSuccess | CommonError, strawberry.union("DeleteMacroPayload", description="What came of `deleteMacro`.")
]
ApplyMacroPayload = Annotated[
    ApplyMacroSuccess | AlreadyAssignedError | ConversationMergedError | CommonError,
    strawberry.union("ApplyMacroPayload", description="What came of `applyMacro`."),
]
