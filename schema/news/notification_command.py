"""What goes into and comes out of the mutations on notifications."""

from typing import Annotated

import strawberry

from domain.notification import preference
from domain.notification.notification import Means, NotificationKind
from domain.notification.preference import Digest, Preferences
from schema.command import idempotency_key_field
from schema.errors import CommonError
from schema.news.notification import NotificationPreferences


@strawberry.input(description="What you have seen.")
class MarkNotificationsReadInput:
    """Input of `markNotificationsRead`."""

    ids: list[strawberry.ID] | None = strawberry.field(default=None, description="Which, up to 100; all if unset.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="By what to be told of one kind of thing.")
class NotificationChoiceInput:
    """A line of the preferences."""

    kind: NotificationKind = strawberry.field(description="Of what.")
    means: list[Means] = strawberry.field(description="By what; nothing if it is empty.")


@strawberry.input(description="When not to be disturbed.")
class QuietHoursInput:
    """A span of the day."""

    begins: str = strawberry.field(description="As `22:00`.")
    ends: str = strawberry.field(description="As `07:30`; earlier than the beginning is the next day.")
    urgent_passes: bool = strawberry.field(default=True, description="Whether what is urgent disturbs you.")


@strawberry.input(description="How you want to be told, in place of all that you decided before.")
class ChangeNotificationPreferencesInput:
    """Input of `changeNotificationPreferences`."""

    kinds: list[NotificationChoiceInput] = strawberry.field(
        default_factory=list, description="The kinds to be told of in another way than everybody is."
    )
    zone: str = strawberry.field(default="UTC", description="The time zone of your hours, such as `Europe/Lisbon`.")
    quiet_hours: QuietHoursInput | None = strawberry.field(default=None, description="When not to be disturbed.")
    digest: Digest | None = strawberry.field(
        default=None, description="One mail about everything that is not urgent, instead of many."
    )
    number: str | None = strawberry.field(default=None, description="For text messages, such as +351912345678.")
    language: str | None = strawberry.field(default=None, description="Two letters such as `pt`.")
    idempotency_key: str | None = idempotency_key_field()

    def decided(self) -> Preferences:
        """As services take it."""
        quiet = self.quiet_hours
        return Preferences(
            means={choice.kind: frozenset(choice.means) for choice in self.kinds},
            zone=self.zone,
            quiet=preference.QuietHours(quiet.begins, quiet.ends, quiet.urgent_passes) if quiet else None,
            digest=self.digest,
            number=self.number,
            language=self.language,
        )


@strawberry.input(description="A browser, as its `PushSubscription` describes itself.")
class RegisterPushSubscriptionInput:
    """Input of `registerPushSubscription`."""

    endpoint: str = strawberry.field(description="The address of its push service.")
    public_key: str = strawberry.field(description="What `getKey('p256dh')` gives, in base64url.")
    secret: str = strawberry.field(description="What `getKey('auth')` gives, in base64url.")
    device: str = strawberry.field(description="What to call it, 1 to 200 characters.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="The browser to tell no more.")
class RemovePushSubscriptionInput:
    """Input of `removePushSubscription`."""

    id: strawberry.ID = strawberry.field(description="Which.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.type(description="They are read.")
class MarkNotificationsReadSuccess:
    """Success of `markNotificationsRead`."""

    unread_count: int = strawberry.field(description="How many are not, up to 1,000.")


@strawberry.type(description="You will be told like this.")
class ChangeNotificationPreferencesSuccess:
    """Success of `changeNotificationPreferences`."""

    preferences: NotificationPreferences = strawberry.field(description="Everything, as it is now.")


@strawberry.type(description="The browser is told from now on.")
class RegisterPushSubscriptionSuccess:
    """Success of `registerPushSubscription`."""

    id: strawberry.ID = strawberry.field(description="For `removePushSubscription`.")


@strawberry.type(description="The browser is told no more.")
class RemovePushSubscriptionSuccess:
    """Success of `removePushSubscription`."""

    id: strawberry.ID = strawberry.field(description="Which.")


MarkNotificationsReadPayload = Annotated[
    MarkNotificationsReadSuccess | CommonError,
    strawberry.union("MarkNotificationsReadPayload", description="What came of `markNotificationsRead`."),
]
ChangeNotificationPreferencesPayload = Annotated[
    ChangeNotificationPreferencesSuccess | CommonError,
    strawberry.union(
        "ChangeNotificationPreferencesPayload", description="What came of `changeNotificationPreferences`."
    ),
]
RegisterPushSubscriptionPayload = Annotated[
    RegisterPushSubscriptionSuccess | CommonError,
    strawberry.union("RegisterPushSubscriptionPayload", description="What came of `registerPushSubscription`."),
]
RemovePushSubscriptionPayload = Annotated[
    RemovePushSubscriptionSuccess | CommonError,
    strawberry.union("RemovePushSubscriptionPayload", description="What came of `removePushSubscription`."),
]
