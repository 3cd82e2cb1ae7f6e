"""Webhooks as people see them."""

from datetime import datetime

import strawberry
from strawberry.scalars import JSON

from domain.account.permission import Permission
from domain.webhook.webhook import WebhookView
from schema.base import Connection, Node, encode_cursor, pages
from schema.needs import needing
from schema.permission import Grant, shown
from schema.webhooks.log import WebhookDelivery


@needing(Permission.MANAGE_WEBHOOKS)
@strawberry.type(description="Another system that is told of what happens: its document chooses of what, and how.")
class Webhook(Node):
    """An endpoint, without its secrets."""

    url: str = strawberry.field(description="Where it is told, by POST.")
    document: str = strawberry.field(description="The subscription to `inboxChanged` whose results it is sent.")
    variables: JSON = strawberry.field(description="The document's variables.")
    grants: list[Grant] = strawberry.field(
        description="What it may see: whatever the document asks for beyond is null."
    )
    description: str = strawberry.field(description="What it is for.")
    enabled: bool = strawberry.field(description="Whether it is told.")
    why_disabled: str | None = strawberry.field(description="Why Parley switched it off; null where a person did.")
    cursor: str = strawberry.field(description="It has been written to of everything up to here, sent or not yet.")
    failing_since: datetime | None = strawberry.field(
        description="Since when it takes nothing; null where the last try went well. After a day it is switched off."
    )
    previous_secret_until: datetime | None = strawberry.field(
        description="Until when messages are also signed with the secret before; null if there was none."
    )
    created_at: datetime = strawberry.field(description="When it was made.")
    deliveries: Connection[WebhookDelivery] = pages(
        "webhook_delivery_pages", of=WebhookDelivery.of, description="What was sent, or is to be, the newest first."
    )

    @classmethod
    def of(cls, view: WebhookView) -> "Webhook":
        """Built from its view."""
        wish = view.wish
        return cls(
            key=view.id,
            url=wish.url,
            document=wish.document,
            variables=JSON(dict(wish.variables)),
            grants=shown(wish.grants),
            description=wish.description,
            enabled=view.enabled,
            why_disabled=view.why_disabled,
            cursor=encode_cursor([str(view.position)]),
            failing_since=view.failing_since,
            previous_secret_until=view.previous_until,
            created_at=view.created_at,
        )
