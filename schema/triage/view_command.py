"""What goes into and comes out of the mutations on views."""

from typing import Annotated

import strawberry

from domain.triage.filter import ConversationOrder
from schema.command import idempotency_key_field
from schema.errors import CommonError
from schema.triage.filter import ConversationFilterInput
from schema.triage.view import View


@strawberry.input(description="A new view.")
class CreateViewInput:
    """Input of `createView`."""

    name: str = strawberry.field(description="What to call it, 1 to 100 characters.")
    filter: ConversationFilterInput = strawberry.field(description="Which conversations it lets through.")
    order: ConversationOrder = strawberry.field(default=ConversationOrder.ACTIVITY, description="What comes first.")
    is_shared: bool = strawberry.field(
        default=False, description="Whether it is everybody's, for good; that needs `desk.manage`."
    )
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="Another name, filter or order for a view; what is left out stays as it is.")
class ChangeViewInput:
    """Input of `changeView`."""

    view_id: strawberry.ID = strawberry.field(description="Which.")
    name: str | None = strawberry.field(default=None, description="What to call it, 1 to 100 characters.")
    filter: ConversationFilterInput | None = strawberry.field(
        default=None, description="Which conversations it lets through: the whole filter."
    )
    order: ConversationOrder | None = strawberry.field(default=None, description="What comes first.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="The view to remove.")
class DeleteViewInput:
    """Input of `deleteView`."""

    view_id: strawberry.ID = strawberry.field(description="Which.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.type(description="The view is there.")
class CreateViewSuccess:
    """Success of `createView`."""

    view: View = strawberry.field(description="The new view.")


@strawberry.type(description="The view is changed.")
class ChangeViewSuccess:
    """Success of `changeView`."""

    view: View = strawberry.field(description="The view as it is now.")


@strawberry.type(description="The view is gone; no conversation changed.")
class DeleteViewSuccess:
    """Success of `deleteView`."""

    deleted_id: strawberry.ID = strawberry.field(description="The id that it had.")


CreateViewPayload = Annotated[
    CreateViewSuccess | CommonError, strawberry.union("CreateViewPayload", description="What came of `createView`.")
]
ChangeViewPayload = Annotated[
    ChangeViewSuccess | CommonError, strawberry.union("ChangeViewPayload", description="What came of `changeView`.")
]
DeleteViewPayload = Annotated[
    DeleteViewSuccess | CommonError, strawberry.union("DeleteViewPayload", description="What came of `deleteView`.")
]
