"""The root fields by which people change their own ways in."""

import strawberry

from domain.login.own import OwnAccount
from resolvers.context import RequestContext, mutation, shown
from resolvers.idempotency import key_of
from schema import person_command as c
from schema.account import Person
from schema.needs import SIGNED_IN

Info = strawberry.Info[RequestContext, None]


def _own(info: Info) -> OwnAccount:
    return info.context.services.own


async def _person(info: Info) -> Person:
    return await shown(info, "own_people", info.context.actor.identity, Person.of)


@strawberry.type
class PersonMutation:
    """What people do about themselves. None of it can be done with an API key, and most not without the password."""

    @mutation("Choose another password. All your other sessions end, and a mail tells you.", needs=SIGNED_IN)
    async def change_password(self, info: Info, input: c.ChangePasswordInput) -> c.ChangePasswordPayload | None:
        key = key_of(input, but=("old_password", "new_password"))
        await _own(info).change_password(info.context.actor, input.old_password, input.new_password, key=key)
        return c.ChangePasswordSuccess(person=await _person(info))

    @mutation("Begin to use an app as second factor: it counts once you confirm it.", needs=SIGNED_IN)
    async def enable_second_factor(
        self, info: Info, input: c.EnableSecondFactorInput
    ) -> c.EnableSecondFactorPayload | None:
        key = key_of(input, but=("password",))
        offer = await _own(info).offer_second_factor(info.context.actor, input.password, key=key)
        return c.EnableSecondFactorSuccess(secret=offer.secret if offer else None, uri=offer.uri if offer else None)

    @mutation("Be asked for a code of your app whenever you sign in by password.", needs=SIGNED_IN)
    async def confirm_second_factor(
        self, info: Info, input: c.ConfirmSecondFactorInput
    ) -> c.ConfirmSecondFactorPayload | None:
        key = key_of(input, but=("code",))
        codes = await _own(info).confirm_second_factor(info.context.actor, input.code, key=key)
        return c.ConfirmSecondFactorSuccess(person=await _person(info), recovery_codes=codes)

    @mutation("Sign in by password alone again.", needs=SIGNED_IN)
    async def disable_second_factor(
        self, info: Info, input: c.DisableSecondFactorInput
    ) -> c.DisableSecondFactorPayload | None:
        key = key_of(input, but=("password",))
        await _own(info).disable_second_factor(info.context.actor, input.password, key=key)
        return c.DisableSecondFactorSuccess(person=await _person(info))

    @mutation("Have new recovery codes; the old ones are worth nothing.", needs=SIGNED_IN)
    async def regenerate_recovery_codes(
        self, info: Info, input: c.RegenerateRecoveryCodesInput
    ) -> c.RegenerateRecoveryCodesPayload | None:
        key = key_of(input, but=("password",))
        codes = await _own(info).renew_recovery_codes(info.context.actor, input.password, key=key)
        return c.RegenerateRecoveryCodesSuccess(recovery_codes=codes)
