"""The root fields about macros."""

from typing import Annotated

import strawberry

from domain.account.permission import Permission
from domain.macro.applying import previewed
from domain.macro.macro import MacroActions, Recipe
from domain.triage.ports import Names
from resolvers.context import RequestContext, mutation, shown
from resolvers.conversation import shown_conversation
from resolvers.idempotency import key_of
from resolvers.triage.sorting import conversation_key, keys, triage
from schema.base import field, parse_key
from schema.conversation import Message
from schema.triage import macro_command as c
from schema.triage.attribute import values_of
from schema.triage.macro import Macro, MacroPreview

Info = strawberry.Info[RequestContext, None]
ConversationId = Annotated[strawberry.ID, strawberry.argument(description="In which conversation.")]
MacroId = Annotated[strawberry.ID, strawberry.argument(description="Which macro.")]


@strawberry.type
class MacroQuery:
    """Canned replies, and more."""

    @field(
        "Shared macros and your own, at most 100 of each, shared ones first, by name. For people at work.",
        needs=Permission.READ_CONVERSATIONS,
    )
    async def macros(self, info: Info) -> list[Macro]:
        return [Macro.of(view) for view in await info.context.reads.all_macros()]

    @field(
        "What a macro would say in a conversation; null where you do not see both.", needs=Permission.READ_CONVERSATIONS
    )
    async def macro_preview(
        self, info: Info, conversation_id: ConversationId, macro_id: MacroId
    ) -> MacroPreview | None:
        load = info.context.load
        conversation = await load("conversations", parse_key(conversation_id, "Conversation", "conversationId"))
        macro = await load("macros", parse_key(macro_id, "Macro", "macroId"))
        if conversation is None or macro is None:
            return None
        customer, agent = await load("customers", conversation.customer_id), await load("agents", info.context.actor.id)
        names = Names(customer.name if customer else "", agent.name if agent else None)
        return MacroPreview.of(previewed(macro, names, conversation))


@strawberry.type
class MacroMutation:
    """What can be done about macros, and with them."""

    @mutation(
        "Send a macro's text and do all that it does, or nothing where any of it cannot be done. For agents; a macro"
        " that says something needs you to have the conversation, or takes it over.",
        needs=Permission.REPLY_TO_CONVERSATIONS,
    )
    async def apply_macro(self, info: Info, input: c.ApplyMacroInput) -> c.ApplyMacroPayload | None:
        macro = parse_key(input.macro_id, "Macro", "input.macroId")
        key = conversation_key(input)
        receipt = await triage(info).applying.apply(info.context.actor, key, macro, key=key_of(input))
        conversation = await shown_conversation(info, key)
        said = await info.context.load("messages", receipt.part_id) if receipt.part_id else None
        return c.ApplyMacroSuccess(conversation=conversation, sent_message=Message.of(said) if said else None)

    @mutation("Make a macro. For people at work.", needs=Permission.READ_CONVERSATIONS)
    async def create_macro(self, info: Info, input: c.CreateMacroInput) -> c.CreateMacroPayload | None:
        wanted = Recipe(input.name, input.text, _actions(input.actions))
        receipt = await triage(info).macros.create(
            info.context.actor, wanted, is_shared=input.is_shared, key=key_of(input)
        )
        return c.CreateMacroSuccess(macro=await shown(info, "macros", receipt.id, Macro.of))

    @mutation("Change a macro: your own, or a shared one with `desk.manage`.", needs=Permission.READ_CONVERSATIONS)
    async def change_macro(self, info: Info, input: c.ChangeMacroInput) -> c.ChangeMacroPayload | None:
        key = parse_key(input.macro_id, "Macro", "input.macroId")
        wanted = Recipe(input.name, input.text, _actions(input.actions))
        await triage(info).macros.change(info.context.actor, key, wanted, key=key_of(input))
        return c.ChangeMacroSuccess(macro=await shown(info, "macros", key, Macro.of))

    @mutation("Remove a macro: your own, or a shared one with `desk.manage`.", needs=Permission.READ_CONVERSATIONS)
    async def delete_macro(self, info: Info, input: c.DeleteMacroInput) -> c.DeleteMacroPayload | None:
        key = parse_key(input.macro_id, "Macro", "input.macroId")
        await triage(info).macros.delete(info.context.actor, key, key=key_of(input))
        return c.DeleteMacroSuccess(deleted_id=input.macro_id)


def _actions(wanted: c.MacroActionsInput | None) -> MacroActions | None:
    if wanted is None:
        return None
    return MacroActions(
        priority=wanted.priority,
        add_tag_ids=tuple(keys(wanted.add_tag_ids, "Tag", "input.actions.addTagIds")),
        attributes=values_of(wanted.attributes or ()),
        handling=wanted.handling,
        snooze_minutes=wanted.snooze_minutes,
        snooze_until_reply=wanted.snooze_until_reply,
        resolve=wanted.resolve,
    )
