"""The root fields about the ways in: identity providers."""

from uuid import UUID

import strawberry

from domain.account.permission import Permission
from domain.account.provider import Client, Providers
from resolvers.access import shown
from resolvers.context import RequestContext, mutation
from resolvers.idempotency import key_of
from schema import sign_in_command as c
from schema.access import IdentityProvider
from schema.base import field, parse_key

Info = strawberry.Info[RequestContext, None]


def _providers(info: Info) -> Providers:
    return info.context.services.access.providers


@strawberry.type
class SignInQuery:
    """How people get in."""

    @field("Identity providers, by name, at most 20.", needs=Permission.MANAGE_SIGN_IN)
    async def identity_providers(self, info: Info) -> list[IdentityProvider]:
        return [IdentityProvider.of(view) for view in await info.context.reads.all_providers()]


@strawberry.type
class SignInMutation:
    """And choosing it."""

    @mutation("Let people sign in somewhere else, too. Only owners can.", needs=Permission.MANAGE_SIGN_IN)
    async def create_identity_provider(
        self, info: Info, input: c.CreateIdentityProviderInput
    ) -> c.CreateIdentityProviderPayload | None:
        receipt = await _providers(info).create(
            info.context.actor, input.name, input.issuer, input.client_id, input.client_secret, key=key_of(input)
        )
        made = await shown(info, "providers", receipt.id, IdentityProvider.of)
        return c.CreateIdentityProviderSuccess(identity_provider=made)

    @mutation("Change an identity provider; only owners do more than switch it off.", needs=Permission.MANAGE_SIGN_IN)
    async def change_identity_provider(
        self, info: Info, input: c.ChangeIdentityProviderInput
    ) -> c.ChangeIdentityProviderPayload | None:
        key = _key(input.identity_provider_id)
        client = Client(input.name, input.client_id, input.client_secret, input.enabled)
        await _providers(info).change(info.context.actor, key, client, reason=input.reason, key=key_of(input))
        changed = await shown(info, "providers", key, IdentityProvider.of)
        return c.ChangeIdentityProviderSuccess(identity_provider=changed)

    @mutation("Remove an identity provider, and sign out whoever came by it.", needs=Permission.MANAGE_SIGN_IN)
    async def delete_identity_provider(
        self, info: Info, input: c.DeleteIdentityProviderInput
    ) -> c.DeleteIdentityProviderPayload | None:
        key = _key(input.identity_provider_id)
        await _providers(info).delete(info.context.actor, key, reason=input.reason, key=key_of(input))
        return c.DeleteIdentityProviderSuccess(deleted_id=input.identity_provider_id)


def _key(given: str) -> UUID:
    return parse_key(given, "IdentityProvider", "input.identityProviderId")
