"""The root fields about prompts."""

import strawberry

from domain.account.permission import Permission
from domain.prompt.prompt import Prompts
from resolvers.context import RequestContext, mutation, shown
from resolvers.idempotency import key_of
from schema import prompt_command as c
from schema.base import After, Connection, First, connection, field, page_request
from schema.prompt import PromptVersion

Info = strawberry.Info[RequestContext, None]


@strawberry.type
class PromptQuery:
    """How the assistant answers."""

    @field("The versions of the prompt that people wrote, newest first.", needs=Permission.READ_ASSISTANT)
    async def prompt_versions(self, info: Info, first: First = None, after: After = None) -> Connection[PromptVersion]:
        return connection(await info.context.reads.prompt_version_page(page_request(first, after)), PromptVersion.of)

    @field("The version that the assistant answers by.", needs=Permission.READ_ASSISTANT)
    async def published_prompt_version(self, info: Info) -> PromptVersion:
        return PromptVersion.of(await info.context.reads.published_prompt_version())


def _prompts(info: Info) -> Prompts:
    return info.context.services.assistants.prompts


@strawberry.type
class PromptMutation:
    """What can be done about it."""

    @mutation("Write the next version of the prompt; nobody is answered by it yet.", needs=Permission.MANAGE_ASSISTANT)
    async def create_prompt_version(
        self, info: Info, input: c.CreatePromptVersionInput
    ) -> c.CreatePromptVersionPayload | None:
        receipt = await _prompts(info).create(info.context.actor, input.content, note=input.note, key=key_of(input))
        version_id = receipt.part_id or receipt.id
        return c.CreatePromptVersionSuccess(
            prompt_version=await shown(info, "prompt_versions", version_id, PromptVersion.of)
        )

    @mutation(
        "Answer by a version of the prompt from now on. The suite that guards it, if there is one, must have passed.",
        needs=Permission.MANAGE_ASSISTANT,
    )
    async def publish_prompt_version(
        self, info: Info, input: c.PublishPromptVersionInput
    ) -> c.PublishPromptVersionPayload | None:
        await _prompts(info).publish(
            info.context.actor, input.number, override_reason=input.override_reason, key=key_of(input)
        )
        await info.context.renew()
        return c.PublishPromptVersionSuccess(
            prompt_version=PromptVersion.of(await info.context.reads.published_prompt_version())
        )
