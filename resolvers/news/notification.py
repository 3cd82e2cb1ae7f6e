"""The root fields about what the caller is told."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated
from uuid import UUID

import strawberry

from domain.base import STAFF, Recorded
from domain.notification.ports import Browser
from domain.notification.service import Notifications
from resolvers.context import RequestContext, mutation, subscription
from resolvers.conversation import Cursor, place_of
from resolvers.idempotency import key_of
from schema.base import After, Connection, First, connection, field, global_id, page_request, parse_key
from schema.change import resync
from schema.needs import SIGNED_IN
from schema.news import notification_command as c
from schema.news.notification import (
    Notification,
    NotificationPreferences,
    NotificationsChange,
    PushSubscription,
    told,
)

Info = strawberry.Info[RequestContext, None]
Unread = Annotated[bool, strawberry.argument(description="Only those that you have not seen.")]


def _at_work(info: Info) -> Notifications:
    info.context.actor.require_kind(*STAFF)
    return info.context.services.desk.notifications


def _key(id: str, place: int) -> UUID:
    return parse_key(id, "Notification", f"input.ids.{place}")


@strawberry.type
class NotificationQuery:
    """What they were told, and how."""

    @field("What you were told, the newest first. For people at work.", needs=SIGNED_IN)
    async def notifications(
        self, info: Info, unread: Unread = False, first: First = None, after: After = None
    ) -> Connection[Notification]:
        _at_work(info)
        page = await info.context.reads.notification_page(page_request(first, after), unread=unread)
        return connection(page, Notification.of)

    @field("How much of it you have not seen, up to 1,000. For people at work.", needs=SIGNED_IN)
    async def unread_notification_count(self, info: Info) -> int:
        _at_work(info)
        return await info.context.reads.unread_notifications()

    @field("How you want to be told. For people at work.", needs=SIGNED_IN)
    async def notification_preferences(self, info: Info) -> NotificationPreferences:
        _at_work(info)
        return NotificationPreferences.of(await info.context.reads.notification_preferences())

    @field("Your browsers that are told by push, the newest first, at most 20. For people at work.", needs=SIGNED_IN)
    async def push_subscriptions(self, info: Info) -> list[PushSubscription]:
        _at_work(info)
        return [PushSubscription.of(view) for view in await info.context.reads.push_subscriptions()]

    @field(
        "What browsers subscribe to push with (`applicationServerKey`), in base64url. For people at work.",
        needs=SIGNED_IN,
    )
    async def push_public_key(self, info: Info) -> str:
        notifications = _at_work(info)
        await info.context.reads.close()  # the key may have to be made, for which a connection is needed
        return await notifications.push_keys.public(info.context.actor.tenant)


@strawberry.type
class NotificationMutation:
    """What they do about it."""

    @mutation("Say that you have seen what you were told.", needs=SIGNED_IN)
    async def mark_notifications_read(
        self, info: Info, input: c.MarkNotificationsReadInput
    ) -> c.MarkNotificationsReadPayload | None:
        ids = input.ids
        keys = None if ids is None else [_key(each, place) for place, each in enumerate(ids)]
        await _at_work(info).mark_read(info.context.actor, keys, key=key_of(input))
        await info.context.renew()
        return c.MarkNotificationsReadSuccess(unread_count=await info.context.reads.unread_notifications())

    @mutation("Choose how you want to be told.", needs=SIGNED_IN)
    async def change_notification_preferences(
        self, info: Info, input: c.ChangeNotificationPreferencesInput
    ) -> c.ChangeNotificationPreferencesPayload | None:
        await _at_work(info).decide(info.context.actor, input.decided(), key=key_of(input))
        await info.context.renew()
        decided = await info.context.reads.notification_preferences()
        return c.ChangeNotificationPreferencesSuccess(preferences=NotificationPreferences.of(decided))

    @mutation("Have a browser told by push, instead of whom it was told for before.", needs=SIGNED_IN)
    async def register_push_subscription(
        self, info: Info, input: c.RegisterPushSubscriptionInput
    ) -> c.RegisterPushSubscriptionPayload | None:
        browser = Browser(input.endpoint, input.public_key, input.secret, input.device)
        receipt = await _at_work(info).register(info.context.actor, browser, key=key_of(input))
        return c.RegisterPushSubscriptionSuccess(id=global_id("PushSubscription", receipt.id))

    @mutation("Have a browser of yours told no more.", needs=SIGNED_IN)
    async def remove_push_subscription(
        self, info: Info, input: c.RemovePushSubscriptionInput
    ) -> c.RemovePushSubscriptionPayload | None:
        key = parse_key(input.id, "PushSubscription", "input.id")
        await _at_work(info).unregister(info.context.actor, key, key=key_of(input))
        return c.RemovePushSubscriptionSuccess(id=input.id)


@strawberry.type
class NotificationSubscription:
    """What they are told, as it happens."""

    @subscription(
        "What you are told, as you are told it; subscribe before you ask for `notifications`, and nothing is missed."
        " For people at work.",
        needs=SIGNED_IN,
    )
    async def notifications_changed(
        self, info: Info, after: Cursor = None
    ) -> AsyncGenerator[NotificationsChange, None]:
        context = info.context
        async with aclosing(_at_work(info).feed.follow(context.actor, place_of(after))) as items:
            async for item in items:
                shown = told(item) if isinstance(item, Recorded) else resync(item)
                if shown is not None:
                    yield shown
