"""Tokens that no honest provider sends, each with the refusal that it must meet."""

import base64
import hmac
import logging
import traceback
from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta
from hashlib import sha256, sha384, sha512
from typing import Any

import orjson
import pytest
from joserfc.jwk import ECKey, Key, KeySet, OctKey, OKPKey, RSAKey

from infra.identity.oidc import (
    AttemptError,
    OpenIDConnect,
    OpenIDConnectError,
    ProviderSettingsError,
    ProviderUnavailableError,
    TokenRefusedError,
)
from tests.infra.accounts.oidc.conftest import now
from tests.infra.accounts.oidc.forger import LOGOUT, REDIRECT, Forger, answer, sign_in
from tests.infra.accounts.oidc.loopback import Answer

PAST = int(now().timestamp()) - 3600
FUTURE = PAST + 7200

Making = Callable[[dict[str, Any]], object]


def part(value: object) -> str:
    data = value if isinstance(value, bytes) else orjson.dumps(value)
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unsigned(claims: dict[str, Any]) -> str:
    return f"{part({'alg': 'none', 'kid': 'first'})}.{part(claims)}."


def by_secret(secret: bytes, algorithm: str = "HS256") -> Making:
    def make(claims: dict[str, Any]) -> str:
        signed = f"{part({'alg': algorithm, 'kid': 'first'})}.{part(claims)}"
        return f"{signed}.{part(hmac.new(secret, signed.encode(), sha256).digest())}"

    return make


async def test_a_good_token_passes(openid: OpenIDConnect, forger: Forger) -> None:
    """The tests below change one thing each: this one proves that nothing else refuses them."""
    assert (await sign_in(openid, forger)).email == "ada@example.com"
    assert (await sign_in(openid, forger, aud=["parley", "other"], azp="parley")).subject == "ada"
    assert (await sign_in(openid, forger, at_hash=half_hash(b"access"))).subject == "ada"


@pytest.mark.parametrize(
    ("key", "algorithm", "hashed"),
    [
        (RSAKey.generate_key(2048), "PS512", sha512),
        (ECKey.generate_key("P-256"), "ES256", sha256),
        (ECKey.generate_key("P-384"), "ES384", sha384),
        (OKPKey.generate_key("Ed25519"), "EdDSA", sha512),
    ],
    ids=["PS512", "ES256", "ES384", "EdDSA"],
)
@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")  # for a longer name of the same, which no provider uses yet
async def test_every_family_of_algorithms(
    openid: OpenIDConnect, forger: Forger, key: Key, algorithm: str, hashed: Any
) -> None:
    forger.keys = dict(KeySet([key]).as_dict())
    for access, passes in ((b"access", True), (b"another", False)):

        def make(claims: dict[str, Any], access: bytes = access) -> str:
            at_hash = half_hash(access, hashed)
            return forger.sign({**claims, "at_hash": at_hash}, key, alg=algorithm, kid=key.kid)

        with nullcontext() if passes else pytest.raises(TokenRefusedError):
            assert (await sign_in(openid, forger, make)).subject == "ada"


def half_hash(token: bytes, hashed: Any = sha256) -> str:
    digest: bytes = hashed(token).digest()
    return part(digest[: len(digest) // 2])


WRONG_CLAIMS = [
    ({"iss": "https://evil.example"}, "iss"),
    ({"iss": None}, "iss"),
    ({"aud": "other"}, "aud"),
    ({"aud": []}, "aud"),
    ({"aud": None}, "aud"),
    ({"aud": ["parley", "other"]}, "azp"),
    ({"azp": "other"}, "azp"),
    ({"exp": PAST}, "exp"),
    ({"exp": None}, "exp"),
    ({"exp": "never"}, "exp"),
    ({"iat": FUTURE}, "iat"),
    ({"iat": None}, "iat"),
    ({"nbf": FUTURE}, "nbf"),
    ({"nonce": "another"}, "nonce"),
    ({"nonce": None}, "nonce"),
    ({"at_hash": half_hash(b"another")}, "at_hash"),
    ({"at_hash": 7}, "at_hash"),
    ({"sub": None}, "sub"),
    ({"sub": 7}, "sub"),
    ({"sub": ""}, "sub"),
    ({"sub": "line\nbreak"}, "sub"),
]


@pytest.mark.parametrize(("changes", "reason"), WRONG_CLAIMS, ids=range(len(WRONG_CLAIMS)))
async def test_wrong_claims(openid: OpenIDConnect, forger: Forger, changes: dict[str, Any], reason: str) -> None:
    forger.userinfo["sub"] = changes.get("sub", "ada")
    with pytest.raises(TokenRefusedError) as caught:
        await sign_in(openid, forger, **changes)
    assert caught.value.reason == reason


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
async def test_wrong_signatures(openid: OpenIDConnect, forger: Forger) -> None:
    """Among them the public key, which everybody has, used as if it were a shared secret."""
    stranger, public = RSAKey.generate_key(2048), forger.key.as_pem(private=False)
    curve = ECKey.generate_key("P-256")
    wrong: list[tuple[Making, str]] = [
        (unsigned, "alg"),
        (by_secret(public), "alg"),
        (by_secret(public, "RS256"), "bad_signature"),
        (lambda claims: forger.sign(claims, stranger), "bad_signature"),
        (lambda claims: forger.sign(claims, stranger, kid="strange"), "invalid_key_id"),
        (lambda claims: forger.sign(claims, stranger, jku="https://evil.example/keys"), "bad_signature"),
        (lambda claims: forger.sign(claims, curve, alg="ES256", jwk=curve.as_dict(private=False)), "invalid_key_id"),
        (lambda claims: forger.sign(claims, OKPKey.generate_key("Ed25519"), alg="EdDSA"), "invalid_key_id"),
        (replaced_subject(forger), "bad_signature"),
    ]
    for make, reason in wrong:
        with pytest.raises(TokenRefusedError) as caught:
            await sign_in(openid, forger, make)
        assert caught.value.reason == reason


def replaced_subject(forger: Forger) -> Making:
    def make(claims: dict[str, Any]) -> str:
        header, _, signature = forger.sign(claims).split(".")
        return f"{header}.{part({**claims, 'sub': 'bob'})}.{signature}"

    return make


async def test_a_published_shared_secret_signs_nothing(openid: OpenIDConnect, forger: Forger) -> None:
    """Even where the provider lists a symmetric key as its own."""
    secret = OctKey.generate_key(256, {"kid": "first"})
    forger.keys = {"keys": [secret.as_dict(private=True)]}
    for algorithm, reason in (("HS256", "alg"), ("RS256", "invalid_key_type")):
        with pytest.raises(TokenRefusedError) as caught:
            await sign_in(openid, forger, by_secret(secret.raw_value, algorithm))
        assert caught.value.reason == reason


@pytest.mark.parametrize(
    "token",
    [
        "",
        "a",
        "a.b.c",
        "....",
        7,
        None,
        ["x"],
        "é.é.é",
        f"{part(b'[]')}.e30.e30",
        f"{part(b'[' * 9000)}.e30.e30",
        "x" * 40_000,
    ],
    ids=lambda token: str(token)[:12],
)
async def test_what_is_no_token(openid: OpenIDConnect, forger: Forger, token: object) -> None:
    with pytest.raises(TokenRefusedError):
        await sign_in(openid, forger, lambda _: token)
    if isinstance(token, str):
        with pytest.raises(TokenRefusedError):
            await openid.end(forger.provider, token, now())


@pytest.mark.parametrize("payload", [b"", b"7", b"[" * 20_000, b"\xff", b'{"exp": 1' + b"0" * 5000 + b"}"])
async def test_signed_nonsense(openid: OpenIDConnect, forger: Forger, payload: bytes) -> None:
    with pytest.raises(TokenRefusedError):
        await sign_in(openid, forger, lambda _: forger.sign_bytes(payload))


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({"state": "another"}, "state"),
        ({"state": ""}, "state"),
        ({"state": "\ud800"}, "state"),
        ({"iss": "https://evil.example"}, "iss"),
        ({"iss": ""}, "iss"),
        ({"code": ""}, "code"),
        ({"code": "c" * 5000}, "code"),
    ],
)
async def test_wrong_answers(openid: OpenIDConnect, forger: Forger, params: dict[str, str], reason: str) -> None:
    _, attempt = await openid.begin(forger.provider, REDIRECT, now())
    with pytest.raises(AttemptError) as caught:
        await openid.finish(forger.provider, attempt, answer(attempt, **params), REDIRECT, now())
    assert caught.value.reason == reason
    assert forger.server.times("/token") == 0


async def test_userinfo_must_be_of_the_same_person(openid: OpenIDConnect, forger: Forger) -> None:
    forger.userinfo = {"sub": "bob", "email": "bob@example.com", "email_verified": True}
    with pytest.raises(TokenRefusedError) as caught:
        await sign_in(openid, forger)
    assert caught.value.reason == "sub"
    assert (await sign_in(openid, forger, email="ada@example.com")).email_verified is False


async def test_userinfo_speaks_for_its_own_email_alone(openid: OpenIDConnect, forger: Forger) -> None:
    """`email_verified` of the token says nothing about an address that came from elsewhere."""
    forger.userinfo = {"sub": "ada", "email": "someone@example.com"}
    assert (await sign_in(openid, forger, email_verified=True)).email_verified is False


@pytest.mark.parametrize(
    ("userinfo", "error"),
    [
        (b"", ProviderUnavailableError),
        (b"[[[", ProviderUnavailableError),
        ([], TokenRefusedError),
        ({}, TokenRefusedError),
    ],
)
async def test_userinfo_that_is_none(
    openid: OpenIDConnect, forger: Forger, userinfo: object, error: type[OpenIDConnectError]
) -> None:
    forger.userinfo = userinfo
    with pytest.raises(error):
        await sign_in(openid, forger)


@pytest.mark.parametrize(
    ("email", "verified", "known"),
    [
        ("ada@example.com", True, ("ada@example.com", True)),
        ("ada@example.com", "true", ("ada@example.com", True)),
        ("ada@example.com", "false", ("ada@example.com", False)),
        ("ada@example.com", None, ("ada@example.com", False)),
        ("ada@example.com", {}, ("ada@example.com", False)),
        ("a\r\nBcc: all", True, (None, False)),
        ("a" * 400, True, (None, False)),
        (["ada@example.com"], True, (None, False)),
        (None, True, (None, False)),
    ],
)
async def test_emails(openid: OpenIDConnect, forger: Forger, email: Any, verified: Any, known: object) -> None:
    forger.userinfo = {"sub": "ada", "email": email, "email_verified": verified}
    found = await sign_in(openid, forger)
    assert (found.email, found.email_verified) == known


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, {"error": "invalid_grant"}, AttemptError),
        (401, {"error": "invalid_client"}, ProviderSettingsError),
        (400, {"error": ["x"]}, ProviderSettingsError),
        (500, {"error": "invalid_grant"}, ProviderUnavailableError),
        (302, b"", ProviderUnavailableError),
        (200, b"", ProviderUnavailableError),
        (200, b"[" * 100_000, ProviderUnavailableError),
        (200, [], ProviderUnavailableError),
        (200, {"access_token": "a", "expires_in": "soon"}, ProviderUnavailableError),
        (200, {}, ProviderUnavailableError),
        (200, {"access_token": "a", "token_type": "Bearer"}, TokenRefusedError),
    ],
)
async def test_answers_to_the_code(
    openid: OpenIDConnect, forger: Forger, status: int, body: object, error: type[OpenIDConnectError]
) -> None:
    forger.server.answers["/token"] = lambda _: Answer(body, status, {"location": "/elsewhere"})
    with pytest.raises(error):
        await sign_in(openid, forger)
    assert forger.server.times("/elsewhere") == 0


@pytest.mark.parametrize(
    "changes", [{"token_type": "MAC"}, {"token_type": 7}, {"access_token": 7}, {"access_token": None}]
)
async def test_access_tokens_that_are_none(openid: OpenIDConnect, forger: Forger, changes: dict[str, Any]) -> None:
    forger.tokens |= changes
    with pytest.raises(OpenIDConnectError):
        await sign_in(openid, forger)


WRONG_LOGOUTS = [
    ({"events": None}, "events"),
    ({"events": {}}, "events"),
    ({"events": list(LOGOUT)}, "events"),
    ({"events": dict.fromkeys(LOGOUT, "yes")}, "events"),
    ({"nonce": "n"}, "nonce"),
    ({"iat": PAST, "exp": None}, "iat"),
    ({"iat": FUTURE}, "iat"),
    ({"iat": None}, "iat"),
    ({"iat": -(10**400)}, "iat"),
    ({"exp": PAST}, "exp"),
    ({"jti": None}, "jti"),
    ({"jti": 7}, "jti"),
    ({"jti": "j" * 300}, "jti"),
    ({"sub": None, "sid": None}, "sub"),
    ({"sub": 7}, "sub"),
    ({"iss": "https://evil.example"}, "iss"),
    ({"aud": "other"}, "aud"),
    ({"header": {"typ": "at+jwt"}}, "typ"),
    ({"padding": "x" * 40_000}, "token"),
]


@pytest.mark.parametrize(("changes", "reason"), WRONG_LOGOUTS, ids=range(len(WRONG_LOGOUTS)))
async def test_wrong_logouts(openid: OpenIDConnect, forger: Forger, changes: dict[str, Any], reason: str) -> None:
    token = forger.logout_token(**changes)
    with pytest.raises(TokenRefusedError) as caught:
        await openid.end(forger.provider, token, now())
    assert caught.value.reason == reason


@pytest.mark.parametrize("header", [{"typ": "logout+jwt"}, {"typ": "JWT"}, {}])
async def test_good_logouts(openid: OpenIDConnect, forger: Forger, header: dict[str, str]) -> None:
    out = await openid.end(forger.provider, forger.logout_token(header=header, exp=None), now())
    assert (out.subject, out.session_id, out.token_id) == ("ada", "s1", "one")


async def test_an_id_token_is_no_logout(openid: OpenIDConnect, forger: Forger) -> None:
    await sign_in(openid, forger)
    assert isinstance(forger.id_token, str)
    with pytest.raises(TokenRefusedError):
        await openid.end(forger.provider, forger.id_token, now())


async def test_a_logout_token_signs_nobody_in(openid: OpenIDConnect, forger: Forger) -> None:
    with pytest.raises(TokenRefusedError) as caught:
        await sign_in(openid, forger, lambda _: forger.logout_token())
    assert caught.value.reason == "nonce"


async def test_strangers_cannot_make_parley_ask_for_keys(openid: OpenIDConnect, forger: Forger) -> None:
    """Anybody can post a logout token with a key id of their own."""
    for number in range(30):
        with pytest.raises(TokenRefusedError):
            await openid.end(forger.provider, forger.sign(forger.claims(), kid=f"made-up-{number}"), now())
    assert forger.server.times("/jwks") == 1


async def test_a_withdrawn_key_is_forgotten(openid: OpenIDConnect, forger: Forger) -> None:
    await openid.end(forger.provider, forger.logout_token(), now())
    fresh = RSAKey.generate_key(2048, {"kid": "second"})
    forger.keys = dict(KeySet([fresh]).as_dict())
    later = now() + timedelta(minutes=11)
    token = forger.logout_token(iat=int(later.timestamp()), exp=int(later.timestamp()) + 60)
    with pytest.raises(TokenRefusedError) as caught:
        await openid.end(forger.provider, token, later)
    assert caught.value.reason == "invalid_key_id"


async def test_a_single_key_needs_no_name(openid: OpenIDConnect, forger: Forger) -> None:
    del forger.keys["keys"][0]["kid"]
    unnamed = forger.sign_bytes(orjson.dumps(forger.claims(events=LOGOUT, jti="one")), kid=None)
    assert (await openid.end(forger.provider, unnamed, now())).subject == "ada"


async def test_nothing_secret_is_said(openid: OpenIDConnect, forger: Forger, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    access, code = "an-access-token", "a-secret-code"
    forger.tokens["access_token"] = access
    forger.userinfo["sub"] = "bob"
    with pytest.raises(TokenRefusedError) as caught:
        await sign_in(openid, forger)
    url, attempt = await openid.begin(forger.provider, REDIRECT, now())
    forger.server.answers["/token"] = lambda _: Answer({"error": "x", "error_description": access}, 400)
    with pytest.raises(ProviderSettingsError) as also:
        await openid.finish(forger.provider, attempt, answer(attempt, code=code), REDIRECT, now())
    said = caplog.text + repr(forger.provider) + repr(attempt)
    for error in (caught.value, also.value):
        said += "".join(traceback.format_exception(error))
    assert caplog.text and attempt.verifier not in url
    secrets = [access, code, forger.provider.client_secret, attempt.verifier, attempt.nonce, str(forger.id_token)]
    assert [secret for secret in secrets if secret in said] == []
