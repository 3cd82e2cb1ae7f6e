"""The widget of an inbox, as everybody may see it."""

from datetime import datetime

import strawberry

from domain.widget import widget as domain
from domain.widget.colour import ink_on
from schema.base import global_id
from schema.needs import OPEN, needing

strawberry.enum(domain.Side, name="WidgetSide", description="Which lower corner of a page the widget sits in.")


@strawberry.type(description="What the widget says first, in one language.")
class WidgetGreeting:
    """A line above an empty conversation."""

    language: str = strawberry.field(description="A tag of BCP 47.")
    text: str = strawberry.field(description="At most 300 characters.")


@needing(OPEN)
@strawberry.type(description="The chat of an inbox in other sites' pages, as strangers may know it.")
class Widget:
    """How it looks, and whether somebody is there."""

    inbox_id: strawberry.ID = strawberry.field(description="Where its conversations come in.")
    organization_name: str = strawberry.field(description="Whose it is.")
    organization_slug: str = strawberry.field(description="What `/auth/visitor` calls it.")
    accent: str = strawberry.field(description="The colour of its buttons, as `#rrggbb`.")
    accent_ink: str = strawberry.field(description="Black or white, whichever is read more easily on it.")
    side: domain.Side = strawberry.field(description="Where it sits.")
    greetings: list[WidgetGreeting] = strawberry.field(description="What it says first, by language.")
    launcher_label: str | None = strawberry.field(description="What stands beside its button, if anything.")
    privacy_link: str | None = strawberry.field(description="Where people read what becomes of what they say.")
    languages: list[str] = strawberry.field(description="Those that the company writes, its first choice first.")
    takes_visitors: bool = strawberry.field(description="Whether people may begin who are not known yet.")
    is_open: bool = strawberry.field(description="Whether people are there now, by the company's business hours.")
    opens_at: datetime | None = strawberry.field(description="When they are there again; null while they are.")

    @classmethod
    def of(cls, view: domain.Widget) -> "Widget":
        """Built from its view."""
        look = view.settings
        return cls(
            inbox_id=global_id("Inbox", view.inbox_id),
            organization_name=view.organization,
            organization_slug=view.slug,
            accent=look.accent,
            accent_ink=ink_on(look.accent),
            side=look.side,
            greetings=[
                WidgetGreeting(language=language, text=text) for language, text in sorted(look.greetings.items())
            ],
            launcher_label=look.label,
            privacy_link=look.privacy_link,
            languages=list(view.languages),
            takes_visitors=view.takes_visitors,
            is_open=view.opens_at is None,
            opens_at=view.opens_at,
        )
