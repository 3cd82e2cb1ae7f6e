"""What an organization decides for itself, as those see it who manage it."""

from datetime import date

import strawberry

from domain.account import settings as domain
from domain.account.permission import Permission
from domain.account.settings import Weekday
from domain.ports import AssistantSettings as Assistant
from schema.needs import needing

strawberry.enum(Weekday, description="A day of the week.")


@strawberry.type(description="Whether the assistant answers, and how sure it must be.")
class AssistantSettings:
    """The assistant's switch and threshold."""

    enabled: bool = strawberry.field(description="Whether it answers; otherwise every question waits for a person.")
    threshold: float | None = strawberry.field(
        description="The confidence, 0 to 1, below which it does not answer; null for its own choice."
    )

    @classmethod
    def of(cls, view: Assistant) -> "AssistantSettings":
        """Built from its view."""
        return cls(enabled=view.enabled, threshold=view.threshold)


@strawberry.type(description="When people are there on a day of the week.")
class OpeningHours:
    """A span of a day."""

    day: Weekday = strawberry.field(description="Which day.")
    opens: str = strawberry.field(description="As `09:00`.")
    closes: str = strawberry.field(description="As `17:30`; `24:00` is midnight.")


@strawberry.type(description="When people are there.")
class BusinessHours:
    """Hours by the clocks of one zone."""

    zone: str = strawberry.field(description="The time zone, as in the IANA database, such as `Europe/Lisbon`.")
    week: list[OpeningHours] = strawberry.field(description="At most 50 spans, which do not overlap.")
    holidays: list[date] = strawberry.field(description="Days on which nobody is there, at most 100.")

    @classmethod
    def of(cls, view: domain.BusinessHours) -> "BusinessHours":
        """Built from its view."""
        week = [OpeningHours(day=span.day, opens=span.opens, closes=span.closes) for span in view.week]
        return cls(zone=view.zone, week=week, holidays=list(view.holidays))


@strawberry.type(description="The ways in for people who work here, beside identity providers.")
class SignInSettings:
    """Strategies."""

    password: bool = strawberry.field(description="By e-mail address and password.")

    @classmethod
    def of(cls, view: domain.SignInSettings) -> "SignInSettings":
        """Built from its view."""
        return cls(password=view.password)


@strawberry.type(description="Whether customers are asked how it went once a matter is settled.")
class SurveySettings:
    """When surveys go out."""

    enabled: bool = strawberry.field(description="Whether they are asked at all.")
    delay_minutes: int = strawberry.field(description="How long after the matter was settled; 0 is at once.")
    remind_after_hours: int | None = strawberry.field(
        description="When those who say nothing are asked again, once; null for never."
    )

    @classmethod
    def of(cls, view: domain.SurveySettings) -> "SurveySettings":
        """Built from its view."""
        return cls(enabled=view.enabled, delay_minutes=view.delay_minutes, remind_after_hours=view.remind_after_hours)


@needing(Permission.MANAGE_ORGANIZATION)
@strawberry.type(description="What a company has decided for itself.")
class OrganizationSettings:
    """All settings."""

    assistant: AssistantSettings = strawberry.field(description="Its assistant.")
    languages: list[str] = strawberry.field(
        description="What its people write in, the first preferred: tags of BCP 47."
    )
    business_hours: BusinessHours | None = strawberry.field(description="When people are there; null for always.")
    sign_in: SignInSettings = strawberry.field(description="How its people sign in.")
    visitors: bool = strawberry.field(description="Whether strangers may ask, without saying who they are.")
    allowed_origins: list[str] = strawberry.field(description="Whose pages may call this API, such as its shop's.")

    survey: SurveySettings = strawberry.field(description="Whether customers are asked how it went.")

    @classmethod
    def of(cls, view: domain.Settings) -> "OrganizationSettings":
        """Built from its view."""
        return cls(
            assistant=AssistantSettings.of(view.assistant),
            languages=list(view.languages),
            business_hours=BusinessHours.of(view.business_hours) if view.business_hours else None,
            sign_in=SignInSettings.of(view.sign_in),
            visitors=view.visitors,
            allowed_origins=list(view.allowed_origins),
            survey=SurveySettings.of(view.survey),
        )
