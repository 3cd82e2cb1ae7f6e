"""What goes into and comes out of the mutations by which people change their own ways in.

Secrets that are sent are no part of what makes a request with an idempotency key the same: no trace of them is kept.
"""

from typing import Annotated

import strawberry

from schema.account import Person
from schema.command import idempotency_key_field
from schema.errors import CommonError

ONCE = "Shown here, this once: a request that is repeated with its idempotency key gets null."


@strawberry.input(description="Another password.")
class ChangePasswordInput:
    """Input of `changePassword`."""

    old_password: str = strawberry.field(description="The one that you have.")
    new_password: str = strawberry.field(description="The one to have: 10 to 128 characters, and not easy to guess.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="Your password, to show that it is you.")
class PasswordInput:
    """Shared shape of inputs that only ask for the password."""

    password: str = strawberry.field(description="The one that you have.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="An app that is to show codes for you.")
class EnableSecondFactorInput(PasswordInput):
    """Input of `enableSecondFactor`."""


@strawberry.input(description="A first code, to show that your app has the secret.")
class ConfirmSecondFactorInput:
    """Input of `confirmSecondFactor`."""

    code: str = strawberry.field(description="The six digits that your app shows.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="No second factor any more.")
class DisableSecondFactorInput(PasswordInput):
    """Input of `disableSecondFactor`."""


@strawberry.input(description="New recovery codes.")
class RegenerateRecoveryCodesInput(PasswordInput):
    """Input of `regenerateRecoveryCodes`."""


@strawberry.type(description="You have another password.")
class ChangePasswordSuccess:
    """Success of `changePassword`."""

    person: Person = strawberry.field(description="You, as you are now.")


@strawberry.type(description="Your app can have the secret; you are asked for no code before you confirm it.")
class EnableSecondFactorSuccess:
    """Success of `enableSecondFactor`."""

    secret: str | None = strawberry.field(description=f"The secret, to type into an app. {ONCE}")
    uri: str | None = strawberry.field(description=f"What the QR code says that an app reads. {ONCE}")


@strawberry.type(description="You are asked for a code from now on.")
class ConfirmSecondFactorSuccess:
    """Success of `confirmSecondFactor`."""

    person: Person = strawberry.field(description="You, as you are now.")
    recovery_codes: list[str] | None = strawberry.field(
        description=f"Ten codes, each of which stands in once for one of your app. {ONCE}"
    )


@strawberry.type(description="You sign in by password alone.")
class DisableSecondFactorSuccess:
    """Success of `disableSecondFactor`."""

    person: Person = strawberry.field(description="You, as you are now.")


@strawberry.type(description="Your recovery codes of before are worth nothing.")
class RegenerateRecoveryCodesSuccess:
    """Success of `regenerateRecoveryCodes`."""

    recovery_codes: list[str] | None = strawberry.field(description=f"Ten new codes. {ONCE}")


ChangePasswordPayload = Annotated[
    ChangePasswordSuccess | CommonError,
    strawberry.union("ChangePasswordPayload", description="What came of `changePassword`."),
]
EnableSecondFactorPayload = Annotated[
    EnableSecondFactorSuccess | CommonError,
    strawberry.union("EnableSecondFactorPayload", description="What came of `enableSecondFactor`."),
]
ConfirmSecondFactorPayload = Annotated[
    ConfirmSecondFactorSuccess | CommonError,
    strawberry.union("ConfirmSecondFactorPayload", description="What came of `confirmSecondFactor`."),
]
DisableSecondFactorPayload = Annotated[
    DisableSecondFactorSuccess | CommonError,
    strawberry.union("DisableSecondFactorPayload", description="What came of `disableSecondFactor`."),
]
RegenerateRecoveryCodesPayload = Annotated[
    RegenerateRecoveryCodesSuccess | CommonError,
    strawberry.union("RegenerateRecoveryCodesPayload", description="What came of `regenerateRecoveryCodes`."),
]
