"""What goes into and comes out of the mutations on the ways in: identity providers and identity keys."""

from typing import Annotated

import strawberry

from domain.access.identity_key import IdentityKeyKind
from schema.access import IdentityKey, IdentityProvider
from schema.access_command import reason_field
from schema.command import idempotency_key_field
from schema.errors import CommonError


@strawberry.input(description="A new identity provider.")
class CreateIdentityProviderInput:
    """Input of `createIdentityProvider`."""

    name: str = strawberry.field(description="As it is to stand on the button, 1 to 100 characters.")
    issuer: str = strawberry.field(description="The provider's address, exactly as it names itself. It stays.")
    client_id: str = strawberry.field(description="What the provider calls us.")
    client_secret: str = strawberry.field(description="What we show to the provider. Nobody is shown it again.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="What is to be another in an identity provider; what is unset stays.")
class ChangeIdentityProviderInput:
    """Input of `changeIdentityProvider`."""

    identity_provider_id: strawberry.ID = strawberry.field(description="Which.")
    name: str | None = strawberry.field(default=None, description="As it is to stand on the button.")
    client_id: str | None = strawberry.field(default=None, description="What the provider calls us now.")
    client_secret: str | None = strawberry.field(default=None, description="What we show to the provider now.")
    enabled: bool | None = strawberry.field(
        default=None, description="False also signs out everybody who came by it. Whoever manages sign-in may do that."
    )
    reason: str | None = reason_field()
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="The identity provider to remove.")
class DeleteIdentityProviderInput:
    """Input of `deleteIdentityProvider`."""

    identity_provider_id: strawberry.ID = strawberry.field(description="Which.")
    reason: str | None = reason_field()
    idempotency_key: str | None = idempotency_key_field()


@strawberry.type(description="People can sign in there.")
class CreateIdentityProviderSuccess:
    """Success of `createIdentityProvider`."""

    identity_provider: IdentityProvider = strawberry.field(description="The provider as it is now.")


@strawberry.type(description="The provider is changed.")
class ChangeIdentityProviderSuccess:
    """Success of `changeIdentityProvider`."""

    identity_provider: IdentityProvider = strawberry.field(description="The provider as it is now.")


@strawberry.type(description="The provider is gone, and whoever came by it is signed out.")
class DeleteIdentityProviderSuccess:
    """Success of `deleteIdentityProvider`."""

    deleted_id: strawberry.ID = strawberry.field(description="The id that it had.")


@strawberry.input(description="A new identity key.")
class CreateIdentityKeyInput:
    """Input of `createIdentityKey`."""

    name: str = strawberry.field(description="What it is for, 1 to 100 characters.")
    kind: IdentityKeyKind = strawberry.field(description="By a secret that is made here, or by your own private key.")
    public_key: str | None = strawberry.field(
        default=None,
        description="For `PUBLIC`: the public key in PEM, RSA of 2,048 bits or more, P-256, or Ed25519.",
    )
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="The identity key to end.")
class RevokeIdentityKeyInput:
    """Input of `revokeIdentityKey`."""

    identity_key_id: strawberry.ID = strawberry.field(description="Which.")
    reason: str | None = reason_field()
    idempotency_key: str | None = idempotency_key_field()


@strawberry.type(description="Tokens that are signed under the key are taken from now on.")
class CreateIdentityKeySuccess:
    """Success of `createIdentityKey`."""

    identity_key: IdentityKey = strawberry.field(description="The key as it is listed.")
    secret: str | None = strawberry.field(
        description="For `HMAC`, what to sign with, as these very characters. It is shown here, this once: a request "
        "that is repeated with its idempotency key gets null."
    )


@strawberry.type(description="No token under the key is taken any more.")
class RevokeIdentityKeySuccess:
    """Success of `revokeIdentityKey`."""

    identity_key: IdentityKey = strawberry.field(description="The key as it is now.")


CreateIdentityProviderPayload = Annotated[
    CreateIdentityProviderSuccess | CommonError,
    strawberry.union("CreateIdentityProviderPayload", description="What came of `createIdentityProvider`."),
]
ChangeIdentityProviderPayload = Annotated[
    ChangeIdentityProviderSuccess | CommonError,
    strawberry.union("ChangeIdentityProviderPayload", description="What came of `changeIdentityProvider`."),
]
DeleteIdentityProviderPayload = Annotated[
    DeleteIdentityProviderSuccess | CommonError,
    strawberry.union("DeleteIdentityProviderPayload", description="What came of `deleteIdentityProvider`."),
]
CreateIdentityKeyPayload = Annotated[
    CreateIdentityKeySuccess | CommonError,
    strawberry.union("CreateIdentityKeyPayload", description="What came of `createIdentityKey`."),
]
RevokeIdentityKeyPayload = Annotated[
    RevokeIdentityKeySuccess | CommonError,
    strawberry.union("RevokeIdentityKeyPayload", description="What came of `revokeIdentityKey`."),
]
