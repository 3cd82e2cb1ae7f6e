"""The whole way through a certified provider: in, wrongly in, and out again."""

from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from infra.identity.oidc import (
    Attempt,
    AttemptError,
    Identity,
    OpenIDConnect,
    OpenIDConnectError,
    ProviderSettingsError,
    SignInDeclinedError,
    TokenRefusedError,
)
from tests.infra.accounts.oidc.conftest import Browser, Certified, certified, now, went
from tests.infra.accounts.oidc.forger import REDIRECT
from tests.infra.accounts.oidc.loopback import Answer, loopback


async def finished(openid: OpenIDConnect, browser: Browser, house: Certified, **headers: str) -> Identity:
    back = await went(openid, browser, house.provider, **headers)
    return await openid.finish(house.provider, back.attempt, back.params, REDIRECT, now())


async def test_a_person_signs_in(openid: OpenIDConnect, browser: Browser, house: Certified) -> None:
    """The e-mail comes from userinfo here. The attempt outlives the request, as in a cookie."""
    url, attempt = await openid.begin(house.provider, REDIRECT, now())
    params = await browser.visit(url)
    found = await openid.finish(house.provider, Attempt.load(attempt.dump()), params, REDIRECT, now())
    assert found == Identity("ada", "ada@example.com", True, "Ada Lovelace", found.session_id)


async def test_an_email_in_the_token_is_enough(openid: OpenIDConnect, browser: Browser, node: Path) -> None:
    settings = {
        "conformIdTokenClaims": False,
        "features": {"userinfo": {"enabled": False}, "devInteractions": {"enabled": False}},
    }
    async with certified(node, settings=settings) as house:
        found = await finished(openid, browser, house, **{"x-account": "bob"})
        assert (await openid.discover(house.issuer, now())).userinfo_endpoint is None
    assert (found.email, found.email_verified) == ("bob@example.com", False)


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
async def test_any_secret_is_understood(openid: OpenIDConnect, browser: Browser, node: Path, method: str) -> None:
    settings = {"clientAuthMethods": [method]}
    async with certified(node, "se%cr+et: /&=?", settings, token_endpoint_auth_method=method) as house:
        assert (await finished(openid, browser, house)).subject == "ada"


async def test_a_wrong_secret_is_a_matter_of_settings(
    openid: OpenIDConnect, browser: Browser, house: Certified
) -> None:
    back = await went(openid, browser, house.provider)
    with pytest.raises(ProviderSettingsError) as caught:
        wrong = replace(house.provider, client_secret="another-secret")
        await openid.finish(wrong, back.attempt, back.params, REDIRECT, now())
    assert caught.value.reason == "client"


async def test_a_person_may_say_no(openid: OpenIDConnect, browser: Browser, house: Certified) -> None:
    with pytest.raises(SignInDeclinedError) as caught:
        await finished(openid, browser, house, **{"x-decline": "1"})
    assert caught.value.reason == "denied"


async def test_a_code_works_once(openid: OpenIDConnect, browser: Browser, house: Certified) -> None:
    back = await went(openid, browser, house.provider)
    await openid.finish(house.provider, back.attempt, back.params, REDIRECT, now())
    await refused(openid, house, back.attempt, back.params, AttemptError, "code")


async def test_a_stolen_code_is_worthless_elsewhere(openid: OpenIDConnect, browser: Browser, house: Certified) -> None:
    """Put into the thief's own attempt it fails by the state, and with the right state by PKCE, at the provider."""
    stolen = await went(openid, browser, house.provider)
    _, own = await openid.begin(house.provider, REDIRECT, now())
    await refused(openid, house, own, stolen.params, AttemptError, "state")
    await refused(openid, house, own, stolen.params | {"state": own.state}, AttemptError, "code")


async def test_the_nonce_ties_the_token_to_the_attempt(
    openid: OpenIDConnect, browser: Browser, house: Certified
) -> None:
    back = await went(openid, browser, house.provider)
    other = replace(back.attempt, nonce="another")
    await refused(openid, house, other, back.params, TokenRefusedError, "nonce")


async def test_an_attempt_has_an_end(openid: OpenIDConnect, browser: Browser, house: Certified) -> None:
    back = await went(openid, browser, house.provider)
    with pytest.raises(AttemptError) as caught:
        await openid.finish(house.provider, back.attempt, back.params, REDIRECT, now() + timedelta(minutes=11))
    assert caught.value.reason == "expired"


async def test_answers_of_two_providers_do_not_mix(
    openid: OpenIDConnect, browser: Browser, node: Path, house: Certified
) -> None:
    """A code of one provider must never be sent to the other, whichever part of the answer was exchanged."""
    async with certified(node) as other:
        here = await went(openid, browser, house.provider)
        there = await went(openid, browser, other.provider)
        mixed = there.params | {"state": here.attempt.state}
        await refused(openid, house, here.attempt, mixed, AttemptError, "iss")
        unnamed = {name: value for name, value in mixed.items() if name != "iss"}
        await refused(openid, house, here.attempt, unnamed, AttemptError, "iss")
        await refused(openid, house, there.attempt, there.params, AttemptError, "provider")
        found = await openid.finish(other.provider, there.attempt, there.params, REDIRECT, now())
    assert found.subject == "ada"


async def test_a_new_key_is_found(openid: OpenIDConnect, browser: Browser, node: Path) -> None:
    async with certified(node) as house:
        await finished(openid, browser, house)
        await house.rotate()
        back = await went(openid, browser, house.provider)
        with pytest.raises(TokenRefusedError) as caught:
            await openid.finish(house.provider, back.attempt, back.params, REDIRECT, now())
        assert caught.value.reason == "invalid_key_id"  # the keys were asked for less than five seconds ago
        back = await went(openid, browser, house.provider)
        found = await openid.finish(house.provider, back.attempt, back.params, REDIRECT, now() + timedelta(seconds=6))
    assert found.subject == "ada"


@pytest.mark.parametrize("with_session", [True, False])
async def test_a_logout_at_the_provider_is_heard(
    openid: OpenIDConnect, browser: Browser, node: Path, with_session: bool
) -> None:
    async with AsyncExitStack() as stack:
        parley = stack.enter_context(loopback())
        parley.answers["/logout"] = lambda _: Answer(status=204)
        uri = f"{parley.address}/logout"
        house = await stack.enter_async_context(
            certified(node, backchannel_logout_uri=uri, backchannel_logout_session_required=with_session)
        )
        found = await finished(openid, browser, house)
        began = now()
        await browser.leave(house.issuer)
        [sent] = [parse_qs(asked.body.decode())["logout_token"][0] for asked in parley.asked]
        out = await openid.end(house.provider, sent, now())
        another = replace(house.provider, client_id="another")
        with pytest.raises(TokenRefusedError) as caught:
            await openid.end(another, sent, now())
    assert (out.subject, out.session_id) == (
        "ada" if not with_session else out.subject,
        found.session_id if with_session else None,
    )
    assert abs(out.issued_at - began) < timedelta(seconds=5) and out.token_id
    assert caught.value.reason == "aud"


async def refused(
    openid: OpenIDConnect,
    house: Certified,
    attempt: Attempt,
    params: dict[str, str],
    kind: type[OpenIDConnectError],
    reason: str,
) -> None:
    with pytest.raises(kind) as caught:
        await openid.finish(house.provider, attempt, params, REDIRECT, now())
    assert caught.value.reason == reason
