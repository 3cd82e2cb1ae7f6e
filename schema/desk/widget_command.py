"""What goes into and comes out of the field that changes a widget."""

from typing import Annotated

import strawberry

from domain.widget.widget import Appearance, Side
from schema.account_command import reason_field
from schema.command import idempotency_key_field
from schema.desk.widget import Widget
from schema.errors import CommonError


@strawberry.input(description="What a widget says first, in one language.")
class WidgetGreetingInput:
    """A part of `ChangeWidgetInput`."""

    language: str = strawberry.field(description="A tag of BCP 47, such as `en` or `pt-BR`.")
    text: str = strawberry.field(description="1 to 300 characters.")


@strawberry.input(description="Another look for a widget; what is left out stays as it is, an empty text goes.")
class ChangeWidgetInput:
    """Input of `changeWidget`."""

    inbox_id: strawberry.ID = strawberry.field(description="Which: an inbox of the channel CHAT.")
    accent: str | None = strawberry.field(
        default=None, description="The colour of its buttons, as `#rrggbb`, with a contrast of at least 3:1 to white."
    )
    side: Side | None = strawberry.field(default=None, description="Where it sits.")
    greetings: list[WidgetGreetingInput] | None = strawberry.field(
        default=None, description="All that it is to say first, each language once."
    )
    launcher_label: str | None = strawberry.field(default=None, description="Beside its button, at most 40 characters.")
    privacy_link: str | None = strawberry.field(default=None, description="An address with https.")
    reason: str | None = reason_field()
    idempotency_key: str | None = idempotency_key_field()

    @property
    def appearance(self) -> Appearance:
        """What it asks for."""
        greetings = None if self.greetings is None else [(each.language, each.text) for each in self.greetings]
        return Appearance(self.accent, self.side, greetings, self.launcher_label, self.privacy_link)


@strawberry.type(description="That is how it looks from now on.")
class ChangeWidgetSuccess:
    """Success of `changeWidget`."""

    widget: Widget = strawberry.field(description="As it is now.")


ChangeWidgetPayload = Annotated[
    ChangeWidgetSuccess | CommonError,
    strawberry.union("ChangeWidgetPayload", description="What came of `changeWidget`."),
]
