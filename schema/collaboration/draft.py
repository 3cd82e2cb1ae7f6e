"""Drafts: what somebody is about to say."""

from datetime import datetime

import strawberry

from domain.collaboration import draft as domain


@strawberry.type(description="What you have not sent yet.")
class Draft:
    """One's own, in one conversation."""

    text: str = strawberry.field(description="As it was saved last.")
    saved_at: datetime = strawberry.field(description="When that was.")

    @classmethod
    def of(cls, view: domain.Draft) -> "Draft":
        """Built from its view."""
        return cls(text=view.text, saved_at=view.saved_at)
