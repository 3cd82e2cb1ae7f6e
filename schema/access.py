"""The ways in to an organization, as those see them who look after them."""

from datetime import datetime
from uuid import UUID

import strawberry

from domain.access.api_key import ApiKeyView
from domain.access.identity_key import IdentityKeyKind, IdentityKeyView
from domain.access.invitation import InvitationState, InvitationView
from domain.account.permission import Permission
from domain.login.provider import ProviderView
from schema.account import Agent, Role, Team
from schema.base import Node, edge, edges
from schema.needs import needing
from schema.permission import Grant, shown

strawberry.enum(IdentityKeyKind, description="How tokens are signed under a key: by a shared secret, or a private key.")
strawberry.enum(InvitationState, description="What became of an invitation.")


@needing(Permission.MANAGE_API_KEYS)
@strawberry.type(description="What a machine signs in with.")
class ApiKey(Node):
    """A key, without what is secret of it."""

    creator_id: strawberry.Private[UUID | None]
    name: str = strawberry.field(description="What it is for.")
    prefix: str = strawberry.field(description="How the key begins: enough to know it by, not enough to use it.")
    grants: list[Grant] = strawberry.field(description="What whoever has it may do.")
    cost_capacity: int = strawberry.field(description="Points it may cost at once.")
    cost_per_second: int = strawberry.field(description="Points restored to it each second.")
    created_at: datetime = strawberry.field(description="When it was made.")
    expires_at: datetime | None = strawberry.field(description="When it ends by itself; null for never.")
    last_used_at: datetime | None = strawberry.field(description="When it was last used, to about a minute.")
    revoked_at: datetime | None = strawberry.field(description="When it was revoked; null while it is not.")
    created_by: Agent | None = edge("agents", "creator_id", of=Agent.of, description="Who made it.")

    @classmethod
    def of(cls, view: ApiKeyView) -> "ApiKey":
        """Built from its view."""
        return cls(
            key=view.id,
            creator_id=view.creator_id,
            name=view.name,
            prefix=view.prefix,
            grants=shown(view.grants),
            cost_capacity=view.cost_capacity,
            cost_per_second=view.cost_per_second,
            created_at=view.created_at,
            expires_at=view.expires_at,
            last_used_at=view.last_used_at,
            revoked_at=view.revoked_at,
        )


@needing(Permission.MANAGE_AGENTS)
@strawberry.type(description="Somebody was asked by e-mail to work here.")
class Invitation(Node):
    """An invitation."""

    role_id: strawberry.Private[UUID]
    inviter_id: strawberry.Private[UUID | None]
    email: str = strawberry.field(description="Where the link is sent.")
    name: str = strawberry.field(description="How they will be called, until they change it.")
    state: InvitationState = strawberry.field(description="What became of it.")
    created_at: datetime = strawberry.field(description="When it was made.")
    expires_at: datetime = strawberry.field(description="Until when the newest link works.")
    accepted_at: datetime | None = strawberry.field(description="When it was accepted.")
    revoked_at: datetime | None = strawberry.field(description="When it was revoked.")
    role: Role | None = edge("roles", "role_id", of=Role.of, description="What they will be.")
    teams: list[Team] = edges(
        "invitation_teams", "key", of=Team.of, description="The teams they will be in, by name, at most 20."
    )
    invited_by: Agent | None = edge("agents", "inviter_id", of=Agent.of, description="Who invited them.")

    @classmethod
    def of(cls, view: InvitationView) -> "Invitation":
        """Built from its view."""
        return cls(
            key=view.id,
            role_id=view.role_id,
            inviter_id=view.inviter_id,
            email=view.email,
            name=view.name,
            state=view.state,
            created_at=view.created_at,
            expires_at=view.expires_at,
            accepted_at=view.accepted_at,
            revoked_at=view.revoked_at,
        )


@needing(Permission.MANAGE_SIGN_IN)
@strawberry.type(description="Somewhere else that people who work here sign in, by OpenID Connect.")
class IdentityProvider(Node):
    """A provider, without its secret."""

    name: str = strawberry.field(description="As it stands on the button; unique within the company.")
    issuer: str = strawberry.field(description="The address that the provider goes by.")
    client_id: str = strawberry.field(description="What the provider calls us.")
    enabled: bool = strawberry.field(description="Whether people can sign in by it.")
    created_at: datetime = strawberry.field(description="When it was set up.")

    @classmethod
    def of(cls, view: ProviderView) -> "IdentityProvider":
        """Built from its view."""
        return cls(
            key=view.id,
            name=view.name,
            issuer=view.issuer,
            client_id=view.client_id,
            enabled=view.enabled,
            created_at=view.created_at,
        )


@needing(Permission.MANAGE_SIGN_IN)
@strawberry.type(description="What the company's own backend signs with when it vouches for a customer.")
class IdentityKey(Node):
    """A key, without what is secret of it."""

    name: str = strawberry.field(description="What it is for.")
    kid: str = strawberry.field(description="What stands as `kid` in the header of the tokens.")
    kind: IdentityKeyKind = strawberry.field(description="`HMAC`: HS256. `PUBLIC`: RS256, ES256 or EdDSA, by the key.")
    public_key: str | None = strawberry.field(description="The public key in PEM; null for the kind `HMAC`.")
    created_at: datetime = strawberry.field(description="When it was made.")
    revoked_at: datetime | None = strawberry.field(description="When it was revoked; null while it is not.")

    @classmethod
    def of(cls, view: IdentityKeyView) -> "IdentityKey":
        """Built from its view."""
        return cls(
            key=view.id,
            name=view.name,
            kid=str(view.id),
            kind=view.kind,
            public_key=view.public_key,
            created_at=view.created_at,
            revoked_at=view.revoked_at,
        )
