"""The root fields about widgets."""

from typing import Annotated

import strawberry

from domain.account.permission import Permission
from domain.base import NotFoundError
from domain.widget.service import Widgets
from resolvers.context import RequestContext, mutation
from resolvers.idempotency import key_of
from schema.base import field, parse_key
from schema.desk import widget_command as c
from schema.desk.widget import Widget
from schema.needs import OPEN

Info = strawberry.Info[RequestContext, None]
Of = Annotated[strawberry.ID, strawberry.argument(description="The inbox, as `data-inbox` names it.")]


@strawberry.type
class WidgetQuery:
    """What a page asks before anybody says a word."""

    @field("The widget of an inbox of the channel CHAT; null where there is none.", needs=OPEN)
    async def widget(self, info: Info, inbox_id: Of) -> Widget | None:
        view = await widgets(info).of(parse_key(inbox_id, "Inbox", "inboxId"))
        return Widget.of(view) if view else None


@strawberry.type
class WidgetMutation:
    """How to let it look otherwise."""

    @mutation("Let the widget of an inbox look otherwise.", needs=Permission.MANAGE_INBOXES)
    async def change_widget(self, info: Info, input: c.ChangeWidgetInput) -> c.ChangeWidgetPayload | None:
        key = parse_key(input.inbox_id, "Inbox", "input.inboxId")
        await widgets(info).change(info.context.actor, key, input.appearance, reason=input.reason, key=key_of(input))
        view = await widgets(info).of(key)
        if view is None:
            raise NotFoundError("inbox")
        return c.ChangeWidgetSuccess(widget=Widget.of(view))


def widgets(info: Info) -> Widgets:
    return info.context.services.desk.widgets
