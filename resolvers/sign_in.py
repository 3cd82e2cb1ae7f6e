"""The root fields about the ways in: identity providers, and keys for customers' identities."""

from uuid import UUID

import strawberry

from domain.access.identity_key import IdentityKeys
from domain.account.permission import Permission
from domain.login.provider import Client, Providers
from resolvers.context import RequestContext, mutation, shown
from resolvers.idempotency import key_of
from schema import sign_in_command as c
from schema.access import IdentityKey, IdentityProvider
from schema.base import After, Connection, First, connection, field, page_request, parse_key

Info = strawberry.Info[RequestContext, None]


def _providers(info: Info) -> Providers:
    return info.context.services.access.providers


def _identity_keys(info: Info) -> IdentityKeys:
    return info.context.services.access.identity_keys


@strawberry.type
class SignInQuery:
    """How people get in."""

    @field("Identity providers, by name, at most 20.", needs=Permission.MANAGE_SIGN_IN)
    async def identity_providers(self, info: Info) -> list[IdentityProvider]:
        return [IdentityProvider.of(view) for view in await info.context.reads.all_providers()]

    @field("Identity keys, newest first, with those that are revoked.", needs=Permission.MANAGE_SIGN_IN)
    async def identity_keys(self, info: Info, first: First = None, after: After = None) -> Connection[IdentityKey]:
        return connection(await info.context.reads.identity_key_page(page_request(first, after)), IdentityKey.of)


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

    @mutation("Let your own backend vouch for customers.", needs=Permission.MANAGE_SIGN_IN)
    async def create_identity_key(
        self, info: Info, input: c.CreateIdentityKeyInput
    ) -> c.CreateIdentityKeyPayload | None:
        issued = await _identity_keys(info).create(
            info.context.actor, input.name, input.kind, input.public_key, key=key_of(input)
        )
        made = await shown(info, "identity_keys", issued.receipt.id, IdentityKey.of)
        return c.CreateIdentityKeySuccess(identity_key=made, secret=issued.secret)

    @mutation("End an identity key for good.", needs=Permission.MANAGE_SIGN_IN)
    async def revoke_identity_key(
        self, info: Info, input: c.RevokeIdentityKeyInput
    ) -> c.RevokeIdentityKeyPayload | None:
        key = parse_key(input.identity_key_id, "IdentityKey", "input.identityKeyId")
        await _identity_keys(info).revoke(info.context.actor, key, reason=input.reason, key=key_of(input))
        return c.RevokeIdentityKeySuccess(identity_key=await shown(info, "identity_keys", key, IdentityKey.of))


def _key(given: str) -> UUID:
    return parse_key(given, "IdentityProvider", "input.identityProviderId")
