"""People's own passwords and second factors: changed over GraphQL, asked for when they sign in."""

import asyncio
from base64 import b32decode, b32encode
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from pyotp import TOTP
from sqlalchemy import select, update

from infra import bootstrap
from infra.accounts.rows import people, recovery_codes
from tests.resolvers.login.calls import code, post, sign_in, until, viewer
from tests.resolvers.login.mailbox import Mailbox
from tests.resolvers.login.members import PASSWORD, Member, Personnel
from tests.stack import Client, Stack

NEW = "quiet harbour lantern 77"
ERROR = "... on Error { message code }"
PERSON = "query { viewer { person { email emailVerified secondFactorEnabled } } }"
CHANGE = f"""mutation($old: String!, $new: String!, $key: String) {{
  changePassword(input: {{oldPassword: $old, newPassword: $new, idempotencyKey: $key}}) {{
    __typename ... on ChangePasswordSuccess {{ person {{ email }} }} {ERROR}
  }}
}}"""
ENABLE = f"""mutation($password: String!) {{
  enableSecondFactor(input: {{password: $password}}) {{
    __typename ... on EnableSecondFactorSuccess {{ secret uri }} {ERROR}
  }}
}}"""
CONFIRM = f"""mutation($code: String!, $key: String) {{
  confirmSecondFactor(input: {{code: $code, idempotencyKey: $key}}) {{
    __typename ... on ConfirmSecondFactorSuccess {{ recoveryCodes person {{ secondFactorEnabled }} }} {ERROR}
  }}
}}"""
DISABLE = f"""mutation($password: String!) {{
  disableSecondFactor(input: {{password: $password}}) {{
    __typename ... on DisableSecondFactorSuccess {{ person {{ secondFactorEnabled }} }} {ERROR}
  }}
}}"""
RENEW = f"""mutation($password: String!) {{
  regenerateRecoveryCodes(input: {{password: $password}}) {{
    __typename ... on RegenerateRecoveryCodesSuccess {{ recoveryCodes }} {ERROR}
  }}
}}"""


def client(stack: Stack, tokens: dict[str, Any]) -> Client:
    return Client(stack.http, stack.socket_url, tokens["access_token"])


def app_code(secret: str, *, steps: int = 0) -> str:
    return TOTP(secret).at(bootstrap.now() + timedelta(seconds=30 * steps))


async def with_factor(stack: Stack, member: Member) -> tuple[Client, str, list[str]]:
    """A member whose second factor is on; the code of the present step is used up."""
    ann = client(stack, await sign_in(stack, member))
    secret = (await ann.ask(ENABLE, password=PASSWORD))["enableSecondFactor"]["secret"]
    confirmed = (await ann.ask(CONFIRM, code=app_code(secret)))["confirmSecondFactor"]
    assert confirmed["person"] == {"secondFactorEnabled": True}, confirmed
    return ann, secret, confirmed["recoveryCodes"]


async def challenged(stack: Stack, member: Member) -> str:
    answer = await sign_in(stack, member)
    assert set(answer) == {"second_factor", "expires_in"}
    return str(answer["second_factor"])


async def finish(stack: Stack, challenge: str, **given: str) -> Any:
    return await post(stack, "second-factor", challenge=challenge, transport="token", **given)


async def test_a_new_password_ends_all_other_sessions_and_is_told(
    stack: Stack, personnel: Personnel, post_office: Mailbox
) -> None:
    member = await personnel.member()
    elsewhere = await personnel.member(person=member)
    here, other, far = [await sign_in(stack, member, organization=one.slug) for one in (member, member, elsewhere)]
    ann, key = client(stack, here), uuid4().hex
    wrong = (await ann.ask(CHANGE, old="wrong", new=NEW))["changePassword"]
    assert wrong["code"] == "INVALID_INPUT"
    weak = (await ann.ask(CHANGE, old=PASSWORD, new="password123"))["changePassword"]
    assert weak["code"] == "INVALID_INPUT"
    for _ in range(2):  # the second does nothing more, although the old password is another by then
        done = (await ann.ask(CHANGE, old=PASSWORD, new=NEW, key=key))["changePassword"]
        assert done == {"__typename": "ChangePasswordSuccess", "person": {"email": member.email}}
    assert (await viewer(stack, here["access_token"])).status_code == 200

    async def ended() -> bool:
        return [(await viewer(stack, one["access_token"])).status_code for one in (other, far)] == [401, 401]

    assert await until(ended)
    assert code(await post(stack, "sign-in", email=member.email, password=PASSWORD)) == (401, "UNAUTHENTICATED")
    assert (await post_office.wait(member.email))["subject"] == "Your password was changed"
    for one in (member, elsewhere):
        told = [
            facts["cause"] for kind, facts in await personnel.journal(one.organization_id) if kind == "PasswordChanged"
        ]
        assert told == ["changed"]


async def test_a_second_factor_is_asked_for_once_it_is_confirmed(stack: Stack, personnel: Personnel) -> None:
    member = await personnel.member()
    ann = client(stack, await sign_in(stack, member))
    assert (await ann.ask(ENABLE, password="wrong"))["enableSecondFactor"]["code"] == "INVALID_INPUT"
    offer = (await ann.ask(ENABLE, password=PASSWORD))["enableSecondFactor"]
    assert offer["uri"].startswith("otpauth://totp/Parley:")
    assert "access_token" in await sign_in(stack, member)
    assert (await ann.ask(CONFIRM, code="000000"))["confirmSecondFactor"]["code"] == "INVALID_INPUT"
    key, right = uuid4().hex, app_code(offer["secret"])
    confirmed = (await ann.ask(CONFIRM, code=right, key=key))["confirmSecondFactor"]
    assert len(set(confirmed["recoveryCodes"])) == 10
    again = (await ann.ask(CONFIRM, code=right, key=key))["confirmSecondFactor"]
    assert again["recoveryCodes"] is None
    assert (await ann.ask(ENABLE, password=PASSWORD))["enableSecondFactor"]["code"] == "INVALID_STATE"
    assert (await ann.ask(PERSON))["viewer"]["person"] == {
        "email": member.email,
        "emailVerified": True,
        "secondFactorEnabled": True,
    }
    challenge = await challenged(stack, member)
    assert code(await finish(stack, challenge, code=right)) == (401, "UNAUTHENTICATED")  # it was used to confirm
    tokens = (await finish(stack, challenge, code=app_code(offer["secret"], steps=1))).json()
    assert (await viewer(stack, tokens["access_token"])).status_code == 200
    kinds = [kind for kind, _ in await personnel.journal(member.organization_id)]
    assert kinds.count("SecondFactorEnabled") == 1
    assert "SignInFailed" in kinds or await until(lambda: _failed(personnel, member))


async def _failed(personnel: Personnel, member: Member) -> bool:
    return "SignInFailed" in dict(await personnel.journal(member.organization_id))


async def test_a_code_works_once_however_many_come_at_once(stack: Stack, personnel: Personnel) -> None:
    member = await personnel.member()
    _, secret, _ = await with_factor(stack, member)
    challenge, right = await challenged(stack, member), app_code(secret, steps=1)
    answers = await asyncio.gather(*(finish(stack, challenge, code=right) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401]


async def test_a_recovery_code_works_once_and_new_ones_end_the_old(stack: Stack, personnel: Personnel) -> None:
    member = await personnel.member()
    ann, _, codes = await with_factor(stack, member)
    challenge = await challenged(stack, member)
    first = codes[0].lower().replace("-", " ")
    uses = await asyncio.gather(*(finish(stack, challenge, recovery_code=first) for _ in range(3)))
    assert sorted(answer.status_code for answer in uses) == [200, 401, 401]
    fresh = (await ann.ask(RENEW, password=PASSWORD))["regenerateRecoveryCodes"]["recoveryCodes"]
    assert code(await finish(stack, challenge, recovery_code=codes[1])) == (401, "UNAUTHENTICATED")
    assert (await finish(stack, challenge, recovery_code=fresh[0])).status_code == 200


async def test_a_challenge_is_worth_nothing_alone_later_changed_or_after_a_new_password(
    stack: Stack, personnel: Personnel
) -> None:
    member = await personnel.member()
    _, secret, _ = await with_factor(stack, member)
    challenge, right = await challenged(stack, member), app_code(secret, steps=1)
    assert code(await finish(stack, challenge)) == (400, "INVALID_INPUT")
    for changed in (challenge[:-8] + "AAAAAAAA", "", "x", challenge[:40]):
        assert (await finish(stack, changed, code=right)).status_code in (400, 401)
    async with personnel.database.accounts() as connection:
        changed_at = update(people).values(password_changed_at=bootstrap.now())
        await connection.execute(changed_at.where(people.c.id == member.person_id))
        await connection.commit()
    assert code(await finish(stack, challenge, code=right)) == (401, "UNAUTHENTICATED")


async def test_codes_cannot_be_guessed(stack: Stack, personnel: Personnel) -> None:
    member = await personnel.member()
    _, secret, _ = await with_factor(stack, member)
    challenge = await challenged(stack, member)
    statuses = [(await finish(stack, challenge, code=f"{guess:06}")).status_code for guess in range(12)]
    assert statuses[-1] == 429
    assert (await finish(stack, challenge, code=app_code(secret, steps=1))).status_code == 429


async def test_who_disables_it_is_not_asked(stack: Stack, personnel: Personnel) -> None:
    member = await personnel.member()
    ann, _, _ = await with_factor(stack, member)
    assert (await ann.ask(DISABLE, password="wrong"))["disableSecondFactor"]["code"] == "INVALID_INPUT"
    done = (await ann.ask(DISABLE, password=PASSWORD))["disableSecondFactor"]
    assert done["person"] == {"secondFactorEnabled": False}
    assert "access_token" in await sign_in(stack, member)
    assert (await ann.ask(RENEW, password=PASSWORD))["regenerateRecoveryCodes"]["code"] == "INVALID_STATE"
    assert (await ann.ask(CONFIRM, code="123456"))["confirmSecondFactor"]["code"] == "INVALID_STATE"


async def test_secrets_are_kept_sealed_and_hashed(stack: Stack, personnel: Personnel) -> None:
    member = await personnel.member()
    _, secret, codes = await with_factor(stack, member)
    async with personnel.database.accounts() as connection:
        person = (await connection.execute(select(people).where(people.c.id == member.person_id))).one()
        kept = (await connection.execute(select(recovery_codes).where(recovery_codes.c.person_id == person.id))).all()
    raw = b32decode(secret)
    assert raw not in bytes(person.totp_secret) and b32encode(raw) not in bytes(person.totp_secret)
    assert len(kept) == 10
    assert not any(code.encode() in bytes(row.hash) for code in codes for row in kept)
    facts = str(await personnel.journal(member.organization_id))
    assert not any(word in facts for word in (secret, PASSWORD, *codes))


@pytest.mark.parametrize("document", [CHANGE, ENABLE, DISABLE, RENEW])
async def test_who_is_no_person_has_nothing_to_change(stack: Stack, personnel: Personnel, document: str) -> None:
    """A session from a shell: whose, nobody knows."""
    member = await personnel.member()
    tokens = await sign_in(stack, member)
    async with personnel.database.tenant(member.organization_id) as connection:
        sessions = people.metadata.tables["session"]
        await connection.execute(update(sessions).values(person_id=None))
        await connection.commit()
    given = {"old": PASSWORD, "new": NEW} if document is CHANGE else {"password": PASSWORD}
    (found,) = (await client(stack, tokens).ask(document, **given)).values()
    assert found["code"] == "FORBIDDEN"
