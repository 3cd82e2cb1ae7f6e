"""The root fields about webhooks: which there are, and what is done about them."""

from collections.abc import Awaitable, Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

import strawberry

from domain.account.permission import Permission
from domain.base import FieldProblem, InvalidInputError
from domain.ports import Receipt
from domain.webhook.service import Webhooks
from domain.webhook.webhook import Wish
from resolvers.context import RequestContext, mutation, shown
from resolvers.conversation import UNKNOWN, place_of
from resolvers.execution import Engine, Refusal
from resolvers.idempotency import key_of
from resolvers.webhooks.document import prepared
from schema.base import field, parse_key
from schema.permission import given
from schema.webhooks import command as c
from schema.webhooks.webhook import Webhook

Info = strawberry.Info[RequestContext, None]


@lru_cache(maxsize=1)
def _engine(schema: strawberry.Schema) -> Engine:
    return Engine(schema, introspection=False)


def _commands(info: Info) -> Webhooks:
    return info.context.services.desk.webhooks


def _key(input: Any) -> UUID:
    return parse_key(input.webhook_id, "Webhook", "input.webhookId")


def _variables(variables: Any) -> Mapping[str, Any]:
    if not isinstance(variables, dict):
        raise InvalidInputError(FieldProblem("input.variables", "must be an object."))
    return variables


def _require_runnable(info: Info, document: str, variables: Mapping[str, Any]) -> None:
    try:
        prepared(_engine(info.schema), document, variables)
    except Refusal as refusal:
        raise InvalidInputError(FieldProblem("input.document", str(refusal))) from None


async def _done(info: Info, webhook_id: UUID, done: Awaitable[Receipt]) -> Webhook:
    await done
    return await shown(info, "webhooks", webhook_id, Webhook.of)


@strawberry.type
class WebhookQuery:
    """Questions about webhooks."""

    @field("All webhooks, the oldest first, at most 20.", needs=Permission.MANAGE_WEBHOOKS)
    async def webhooks(self, info: Info) -> list[Webhook]:
        return [Webhook.of(view) for view in await info.context.reads.all_webhooks()]


@strawberry.type
class WebhookMutation:
    """What can be done about webhooks."""

    @mutation("Let another system be told of what happens in conversations.", needs=Permission.MANAGE_WEBHOOKS)
    async def create_webhook(self, info: Info, input: c.CreateWebhookInput) -> c.CreateWebhookPayload | None:
        variables = _variables({} if input.variables is None else input.variables)
        wish = Wish(input.url, input.document, given(input.grants), variables, input.description).checked()
        _require_runnable(info, wish.document, wish.variables)
        issued = await _commands(info).create(info.context.actor, wish, key=key_of(input))
        made = await shown(info, "webhooks", issued.receipt.id, Webhook.of)
        return c.CreateWebhookSuccess(webhook=made, secret=issued.secret)

    @mutation("Change where a webhook is told, of what, or with which rights.", needs=Permission.MANAGE_WEBHOOKS)
    async def change_webhook(self, info: Info, input: c.ChangeWebhookInput) -> c.ChangeWebhookPayload | None:
        webhook_id, wished = _key(input), {"url": input.url, "document": input.document}
        wished |= {"description": input.description}
        rest: dict[str, Any] = {name: value for name, value in wished.items() if value is not None}
        if input.grants is not None:
            rest["grants"] = given(input.grants)
        if input.variables is not None:
            rest["variables"] = _variables(input.variables)
        if {"document", "variables"} & rest.keys():
            now = await shown(info, "webhooks", webhook_id, lambda view: view.wish)
            _require_runnable(info, rest.get("document", now.document), rest.get("variables", now.variables))
        done = _commands(info).change(info.context.actor, webhook_id, rest, reason=input.reason, key=key_of(input))
        return c.ChangeWebhookSuccess(webhook=await _done(info, webhook_id, done))

    @mutation("Give a webhook another secret.", needs=Permission.MANAGE_WEBHOOKS)
    async def rotate_webhook_secret(
        self, info: Info, input: c.RotateWebhookSecretInput
    ) -> c.RotateWebhookSecretPayload | None:
        webhook_id = _key(input)
        issued = await _commands(info).rotate(
            info.context.actor,
            webhook_id,
            overlap_hours=input.overlap_hours,
            reason=input.reason,
            key=key_of(input),
        )
        rotated = await shown(info, "webhooks", webhook_id, Webhook.of)
        return c.RotateWebhookSecretSuccess(webhook=rotated, secret=issued.secret)

    @mutation("Tell a webhook again, of what it missed too.", needs=Permission.MANAGE_WEBHOOKS)
    async def enable_webhook(self, info: Info, input: c.EnableWebhookInput) -> c.EnableWebhookPayload | None:
        webhook_id = _key(input)
        done = _commands(info).enable(
            info.context.actor, webhook_id, from_now=input.from_now, reason=input.reason, key=key_of(input)
        )
        return c.EnableWebhookSuccess(webhook=await _done(info, webhook_id, done))

    @mutation("Tell a webhook nothing until it is enabled again.", needs=Permission.MANAGE_WEBHOOKS)
    async def disable_webhook(self, info: Info, input: c.DisableWebhookInput) -> c.DisableWebhookPayload | None:
        webhook_id = _key(input)
        done = _commands(info).disable(info.context.actor, webhook_id, reason=input.reason, key=key_of(input))
        return c.DisableWebhookSuccess(webhook=await _done(info, webhook_id, done))

    @mutation("Send a webhook a message that is about nothing.", needs=Permission.MANAGE_WEBHOOKS)
    async def test_webhook(self, info: Info, input: c.TestWebhookInput) -> c.TestWebhookPayload | None:
        webhook_id = _key(input)
        done = _commands(info).test(info.context.actor, webhook_id, key=key_of(input))
        return c.TestWebhookSuccess(webhook=await _done(info, webhook_id, done))

    @mutation("Tell a webhook once more of what happened.", needs=Permission.MANAGE_WEBHOOKS)
    async def replay_webhook(self, info: Info, input: c.ReplayWebhookInput) -> c.ReplayWebhookPayload | None:
        webhook_id, place = _key(input), place_of(input.after)
        if place == UNKNOWN:
            raise InvalidInputError(FieldProblem("input.after", "This is not a cursor that this API gave out."))
        done = _commands(info).replay(info.context.actor, webhook_id, place, reason=input.reason, key=key_of(input))
        return c.ReplayWebhookSuccess(webhook=await _done(info, webhook_id, done))

    @mutation("Take a webhook away, with what it had still to be told.", needs=Permission.MANAGE_WEBHOOKS)
    async def delete_webhook(self, info: Info, input: c.DeleteWebhookInput) -> c.DeleteWebhookPayload | None:
        await _commands(info).delete(info.context.actor, _key(input), reason=input.reason, key=key_of(input))
        return c.DeleteWebhookSuccess(deleted_id=input.webhook_id)
