"""What goes into and comes out of the mutations on webhooks."""

from typing import Annotated

import strawberry
from strawberry.scalars import JSON

from schema.access_command import reason_field
from schema.command import idempotency_key_field
from schema.errors import CommonError
from schema.permission import GrantInput
from schema.webhooks.webhook import Webhook

DOCUMENT = "One subscription to `inboxChanged`, without `after`: its results are what is sent."
GRANTS = (
    "What it may see: at most what you may, permissions to read in the scope `ALL`, among them `conversation.read`."
)
SHOWN_ONCE = (
    "What messages are signed with, by the Standard Webhooks convention. It is shown here, this once; a request that "
    "is repeated with its idempotency key gets null."
)


@strawberry.input(description="A new webhook.")
class CreateWebhookInput:
    """Input of `createWebhook`."""

    url: str = strawberry.field(description="Where to POST: https, at a public address.")
    document: str = strawberry.field(description=DOCUMENT)
    variables: JSON | None = strawberry.field(default=None, description="The document's variables, an object.")
    grants: list[GrantInput] = strawberry.field(description=GRANTS)
    description: str = strawberry.field(default="", description="What it is for, at most 200 characters.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="What is to be another in a webhook; null leaves a part as it is.")
class ChangeWebhookInput:
    """Input of `changeWebhook`."""

    webhook_id: strawberry.ID = strawberry.field(description="Which. You must have its rights yourself.")
    url: str | None = strawberry.field(default=None, description="Where to POST; messages that wait go there too.")
    document: str | None = strawberry.field(default=None, description=DOCUMENT)
    variables: JSON | None = strawberry.field(default=None, description="The document's variables, an object.")
    grants: list[GrantInput] | None = strawberry.field(default=None, description=GRANTS)
    description: str | None = strawberry.field(default=None, description="What it is for.")
    reason: str | None = reason_field()
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="The webhook to give another secret.")
class RotateWebhookSecretInput:
    """Input of `rotateWebhookSecret`."""

    webhook_id: strawberry.ID = strawberry.field(description="Which.")
    overlap_hours: int = strawberry.field(
        default=24, description="Hours for which messages are signed with both secrets, 0 to 168."
    )
    reason: str | None = reason_field()
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="The webhook to tell again.")
class EnableWebhookInput:
    """Input of `enableWebhook`."""

    webhook_id: strawberry.ID = strawberry.field(description="Which.")
    from_now: bool = strawberry.field(default=False, description="Leave out what happened while it was off.")
    reason: str | None = reason_field()
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="The webhook to tell nothing for a while.")
class DisableWebhookInput:
    """Input of `disableWebhook`."""

    webhook_id: strawberry.ID = strawberry.field(description="Which.")
    reason: str | None = reason_field()
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="The webhook to take away.")
class DeleteWebhookInput:
    """Input of `deleteWebhook`."""

    webhook_id: strawberry.ID = strawberry.field(description="Which.")
    reason: str | None = reason_field()
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="The webhook to try.")
class TestWebhookInput:
    """Input of `testWebhook`."""

    webhook_id: strawberry.ID = strawberry.field(description="Which.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="The webhook to tell once more.")
class ReplayWebhookInput:
    """Input of `replayWebhook`."""

    webhook_id: strawberry.ID = strawberry.field(description="Which.")
    after: str | None = strawberry.field(
        default=None,
        description="Everything after this cursor is written anew, as it looks now, under the message ids of before. "
        "Unset: what was given up is sent again, as it was written.",
    )
    reason: str | None = reason_field()
    idempotency_key: str | None = idempotency_key_field()


@strawberry.type(description="The webhook is made, and is told of what happens from now on.")
class CreateWebhookSuccess:
    """Success of `createWebhook`."""

    webhook: Webhook = strawberry.field(description="The webhook.")
    secret: str | None = strawberry.field(description=SHOWN_ONCE)


@strawberry.type(description="The webhook is as you wish.")
class ChangeWebhookSuccess:
    """Success of `changeWebhook`."""

    webhook: Webhook = strawberry.field(description="The webhook as it is now.")


@strawberry.type(description="The webhook has another secret.")
class RotateWebhookSecretSuccess:
    """Success of `rotateWebhookSecret`."""

    webhook: Webhook = strawberry.field(description="The webhook as it is now.")
    secret: str | None = strawberry.field(description=SHOWN_ONCE)


@strawberry.type(description="The webhook is told again.")
class EnableWebhookSuccess:
    """Success of `enableWebhook`."""

    webhook: Webhook = strawberry.field(description="The webhook as it is now.")


@strawberry.type(description="The webhook is told nothing; what is written for it already waits.")
class DisableWebhookSuccess:
    """Success of `disableWebhook`."""

    webhook: Webhook = strawberry.field(description="The webhook as it is now.")


@strawberry.type(description="The webhook is gone; what was still to be sent is not.")
class DeleteWebhookSuccess:
    """Success of `deleteWebhook`."""

    deleted_id: strawberry.ID = strawberry.field(description="The id that the webhook had.")


@strawberry.type(description="A message about nothing is on its way: what becomes of it is among the deliveries.")
class TestWebhookSuccess:
    """Success of `testWebhook`."""

    webhook: Webhook = strawberry.field(description="The webhook.")


@strawberry.type(description="The webhook will be told once more.")
class ReplayWebhookSuccess:
    """Success of `replayWebhook`."""

    webhook: Webhook = strawberry.field(description="The webhook as it is now.")


CreateWebhookPayload = Annotated[
    CreateWebhookSuccess | CommonError,
    strawberry.union("CreateWebhookPayload", description="What came of `createWebhook`."),
]
ChangeWebhookPayload = Annotated[
    ChangeWebhookSuccess | CommonError,
    strawberry.union("ChangeWebhookPayload", description="What came of `changeWebhook`."),
]
RotateWebhookSecretPayload = Annotated[
    RotateWebhookSecretSuccess | CommonError,
    strawberry.union("RotateWebhookSecretPayload", description="What came of `rotateWebhookSecret`."),
]
EnableWebhookPayload = Annotated[
    EnableWebhookSuccess | CommonError,
    strawberry.union("EnableWebhookPayload", description="What came of `enableWebhook`."),
]
DisableWebhookPayload = Annotated[
    DisableWebhookSuccess | CommonError,
    strawberry.union("DisableWebhookPayload", description="What came of `disableWebhook`."),
]
DeleteWebhookPayload = Annotated[
    DeleteWebhookSuccess | CommonError,
    strawberry.union("DeleteWebhookPayload", description="What came of `deleteWebhook`."),
]
TestWebhookPayload = Annotated[
    TestWebhookSuccess | CommonError, strawberry.union("TestWebhookPayload", description="What came of `testWebhook`.")
]
ReplayWebhookPayload = Annotated[
    ReplayWebhookSuccess | CommonError,
    strawberry.union("ReplayWebhookPayload", description="What came of `replayWebhook`."),
]
