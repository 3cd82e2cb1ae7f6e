"""What is kept beside a conversation for those who answer."""

from datetime import datetime

import strawberry

from domain.account.permission import Permission
from domain.assist import digest, events
from schema.needs import needing

strawberry.enum(events.Sentiment, description="How the customer sounds.")
strawberry.enum(events.Urgency, description="How soon somebody should look.")


@needing(Permission.READ_CONVERSATIONS)
@strawberry.type(description="A conversation in a few sentences; for staff. It is made anew as it goes on.")
class ConversationSummary:
    """A summary."""

    text: str = strawberry.field(description="By a language model, or in the conversation's own words.")
    is_current: bool = strawberry.field(description="Nothing was said since.")
    made_by: str = strawberry.field(description="The language model; `local` where none did it.")
    made_at: datetime = strawberry.field(description="When.")

    @classmethod
    def of(cls, view: digest.SummaryView) -> "ConversationSummary":
        """Built from its view."""
        return cls(text=view.text, is_current=view.is_current, made_by=view.made_by, made_at=view.made_at)


@needing(Permission.READ_CONVERSATIONS)
@strawberry.type(description="What a conversation is about and how it sounds, as it arrived; for staff.")
class ConversationClassification:
    """A classification."""

    topic: str | None = strawberry.field(description="The title of the article it is about; null where none fits.")
    language: str | None = strawberry.field(description="By ISO 639-1, such as `en`; null where it is not known.")
    sentiment: events.Sentiment = strawberry.field(description="How the customer sounds.")
    urgency: events.Urgency = strawberry.field(description="How soon somebody should look.")
    confidence: float | None = strawberry.field(
        description="From 0, a mere guess, to 1; null where a language model decided, which does not say."
    )
    made_by: str = strawberry.field(description="The language model; `local` where none did it.")
    made_at: datetime = strawberry.field(description="When.")

    @classmethod
    def of(cls, view: digest.ClassificationView) -> "ConversationClassification":
        """Built from its view."""
        return cls(
            topic=view.topic,
            language=view.language,
            sentiment=view.sentiment,
            urgency=view.urgency,
            confidence=view.confidence,
            made_by=view.made_by,
            made_at=view.made_at,
        )
