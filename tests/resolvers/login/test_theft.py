"""Forged, stolen and stale tokens, and passwords guessed at speed: each refused as it must be."""

import asyncio
import hmac
import json
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from datetime import timedelta
from statistics import median
from typing import Any, cast
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jws, jwt
from joserfc.jwk import OKPKey, RSAKey
from sqlalchemy import select, update

from infra import bootstrap
from infra.accounts.rows import sessions, sign_in_throttles
from infra.bootstrap import now
from infra.identity.keys import first_keys
from infra.identity.tokens import AccessTokens
from tests.resolvers.login.calls import code, post, sign_in, viewer
from tests.resolvers.login.members import PASSWORD, Member, Personnel
from tests.stack import SECRET, Stack

KEY = first_keys(SECRET).signing
HEADER = {"alg": "Ed25519", "kid": KEY.kid, "typ": "at+jwt"}
ANY = jws.JWSRegistry(algorithms=["Ed25519", "EdDSA", "HS256", "RS256", "none"], strict_check_header=False)


def part(value: object) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


async def claims_of(stack: Stack, personnel: Personnel) -> dict[str, Any]:
    """What a good token of a session that is open says."""
    tokens = await sign_in(stack, await personnel.member())
    claims: dict[str, Any] = jwt.decode(tokens["access_token"], KEY, algorithms=["Ed25519"]).claims
    return claims


def sign(claims: dict[str, Any], key: Any = KEY, **header: Any) -> str:
    return jws.serialize_compact({**HEADER, **header}, json.dumps(claims), key, registry=ANY)


def changed(claims: dict[str, Any], **changes: Any) -> str:
    return sign({name: value for name, value in {**claims, **changes}.items() if value is not None})


def other_key() -> OKPKey:
    return OKPKey.import_key(Ed25519PrivateKey.generate())


def in_seconds(seconds: int) -> int:
    return int(time.time()) + seconds


PUBLIC_PEM = KEY.as_pem(private=False)
PUBLIC_JSON = json.dumps(KEY.as_dict(private=False)).encode()
PUBLIC_RAW = urlsafe_b64decode(str(KEY.as_dict(private=False)["x"]) + "=")


def by_hand(claims: dict[str, Any], header: dict[str, Any]) -> str:
    """Truly signed by our key, with a header that the library would not write."""
    signed = f"{part(header)}.{part(claims)}"
    signature = cast(Ed25519PrivateKey, KEY.private_key).sign(signed.encode())
    return f"{signed}.{urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def hs256(claims: dict[str, Any], key: bytes) -> str:
    """By hand, since the library refuses to take a public key for a shared secret."""
    signed = f"{part({**HEADER, 'alg': 'HS256'})}.{part(claims)}"
    signature = urlsafe_b64encode(hmac.digest(key, signed.encode(), "sha256")).rstrip(b"=").decode()
    return f"{signed}.{signature}"


FORGERIES: dict[str, Callable[[dict[str, Any]], str]] = {
    "signed by another key": lambda claims: sign(claims, other_key()),
    "by another key under a made-up id": lambda claims: sign(claims, other_key(), kid="made-up"),
    "by a key that it brings along": lambda claims: sign(claims, key := other_key(), jwk=key.as_dict(private=False)),
    "HS256 with our public key as PEM": lambda claims: hs256(claims, PUBLIC_PEM),
    "HS256 with our public key as JSON": lambda claims: hs256(claims, PUBLIC_JSON),
    "HS256 with the bytes of our public key": lambda claims: hs256(claims, PUBLIC_RAW),
    "RS256": lambda claims: sign(claims, RSAKey.generate_key(2048), alg="RS256"),
    "none": lambda claims: f"{part({**HEADER, 'alg': 'none'})}.{part(claims)}.",
    "None": lambda claims: f"{part({**HEADER, 'alg': 'None'})}.{part(claims)}.",
    "no signature": lambda claims: ".".join([*sign(claims).split(".")[:2], ""]),
    "other claims under a good signature": lambda claims: ".".join(
        [part(HEADER), part({**claims, "sid": str(uuid4())}), sign(claims).split(".")[2]]
    ),
    "another type": lambda claims: sign(claims, typ="logout+jwt"),
    "critical header": lambda claims: by_hand(claims, {**HEADER, "crit": ["made-up"], "made-up": 1}),
    "expired": lambda claims: changed(claims, exp=in_seconds(-1)),
    "without an end": lambda claims: changed(claims, exp=None),
    "not good yet": lambda claims: changed(claims, nbf=in_seconds(60)),
    "another audience": lambda claims: changed(claims, aud="another-api"),
    "no audience": lambda claims: changed(claims, aud=None),
    "another issuer": lambda claims: changed(claims, iss="https://evil.example"),
    "another session": lambda claims: changed(claims, sid=str(uuid4())),
    "another organization": lambda claims: changed(claims, org=str(uuid4())),
    "a session that is no id": lambda claims: changed(claims, sid="' OR 1=1 --"),
    "endless": lambda claims: changed(claims, more="x" * 5_000),
    "not a token": lambda claims: "a.b.c",
}


@pytest.mark.parametrize("name", FORGERIES)
async def test_a_forged_token_opens_nothing(stack: Stack, personnel: Personnel, name: str) -> None:
    claims = await claims_of(stack, personnel)
    assert (await viewer(stack, sign(claims))).status_code == 200, "the same, honestly made, is good"
    forged = FORGERIES[name](claims)
    answer = await viewer(stack, forged)
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (401, "UNAUTHENTICATED")
    headers = {"authorization": f"Bearer {forged}"}
    refused = await stack.http.post("/auth/switch", json={"organization": "x"}, headers=headers)
    assert code(refused) == (401, "UNAUTHENTICATED")


async def test_a_token_of_another_tenants_session_names_nobody(stack: Stack, personnel: Personnel) -> None:
    """Even with the key: a session is looked for in the organization that the token names."""
    one, other = await claims_of(stack, personnel), await claims_of(stack, personnel)
    tokens = AccessTokens(first_keys(SECRET), bootstrap.now)
    mixed = tokens.issue(UUID(one["sid"]), UUID(other["org"]))
    assert (await viewer(stack, mixed)).status_code == 401


async def test_a_refresh_token_is_no_access_token_nor_the_other_way(stack: Stack, personnel: Personnel) -> None:
    tokens = await sign_in(stack, await personnel.member())
    assert (await viewer(stack, tokens["refresh_token"])).status_code == 401
    refreshed = await post(stack, "refresh", refresh_token=tokens["access_token"])
    assert code(refreshed) == (401, "UNAUTHENTICATED")


async def test_a_stolen_refresh_token_ends_with_the_first_use_of_the_owner(stack: Stack, personnel: Personnel) -> None:
    member = await personnel.member()
    owner = await sign_in(stack, member)
    thief = (await post(stack, "refresh", refresh_token=owner["refresh_token"])).json()
    assert code(await post(stack, "refresh", refresh_token=owner["refresh_token"])) == (401, "UNAUTHENTICATED")
    assert code(await post(stack, "refresh", refresh_token=thief["refresh_token"])) == (401, "UNAUTHENTICATED")
    assert (await viewer(stack, thief["access_token"])).status_code == 401
    assert "access_token" in await sign_in(stack, member)


async def test_a_hundred_guesses_a_second_find_a_closed_door(stack: Stack, personnel: Personnel) -> None:
    """Five are free; of the rest all that come in the wait are refused unseen, and so is the right one."""
    member = await personnel.member()

    async def guess(number: int) -> tuple[int, str]:
        await asyncio.sleep(number / 100)
        return code(await post(stack, "sign-in", email=member.email, password=f"guess {number}"))

    found = await asyncio.gather(*(guess(number) for number in range(100)))
    assert found.count((401, "UNAUTHENTICATED")) <= 10  # seven, were they sent within one second
    assert {status for status, _ in found} == {401, 429}
    t = sign_in_throttles.c
    async with personnel.database.accounts() as connection:
        failures = max((await connection.execute(select(t.failures))).scalars())
        longer = update(sign_in_throttles).where(t.blocked_until.is_not(None))  # however slow this machine is
        await connection.execute(longer.values(blocked_until=now() + timedelta(minutes=1)))
        await connection.commit()
    assert failures <= 108
    refused = await post(stack, "sign-in", email=member.email, password=PASSWORD)
    assert code(refused) == (429, "TOO_MANY_ATTEMPTS")
    assert 1 <= int(refused.headers["retry-after"]) <= 60


async def test_who_has_signed_in_on_a_device_gets_in_while_a_stranger_guesses(
    stack: Stack, personnel: Personnel
) -> None:
    member = await personnel.member()
    known = await post(stack, "sign-in", email=member.email, password=PASSWORD)
    device = known.cookies["parley_device"]
    stack.http.cookies.clear()
    for number in range(8):
        await post(stack, "sign-in", email=member.email, password=f"guess {number}")
    body = {"email": member.email, "password": PASSWORD}
    assert code(await post(stack, "sign-in", **body)) == (429, "TOO_MANY_ATTEMPTS")
    answer = await stack.http.post("/auth/sign-in", json=body, headers={"cookie": f"parley_device={device}"})
    assert answer.status_code == 200
    stack.http.cookies.clear()


async def test_an_unknown_address_takes_as_long_as_a_known_one(stack: Stack, personnel: Personnel) -> None:
    """Medians of interleaved pairs, each with an address of its own, so that no throttle is met."""
    members: list[Member] = [await personnel.member() for _ in range(15)]
    times: dict[bool, list[float]] = {True: [], False: []}
    for member in members:
        for is_known in (True, False):
            email = member.email if is_known else f"{uuid4().hex}@people.example"
            began = time.perf_counter()
            answer = await post(stack, "sign-in", email=email, password="wrong")
            times[is_known].append(time.perf_counter() - began)
            assert answer.status_code == 401
    known, unknown = median(times[True]), median(times[False])
    print(f"known {known * 1000:.1f} ms, unknown {unknown * 1000:.1f} ms")
    assert abs(known - unknown) < 0.5 * max(known, unknown)


async def test_nothing_secret_is_logged(stack: Stack, personnel: Personnel, capsys: pytest.CaptureFixture[str]) -> None:
    member = await personnel.member()
    tokens = await sign_in(stack, member)
    await post(stack, "sign-in", email=member.email, password="a wrong one")
    await post(stack, "refresh", refresh_token=tokens["refresh_token"])
    said = "".join(capsys.readouterr())
    secrets = (PASSWORD, "a wrong one", tokens["access_token"], tokens["refresh_token"], member.email)
    assert "http.request" in said
    assert not any(secret in said for secret in secrets)


async def test_a_session_lasts_thirty_days(stack: Stack, personnel: Personnel) -> None:
    claims = await claims_of(stack, personnel)
    async with personnel.database.accounts() as connection:
        s = sessions.c
        row = (await connection.execute(select(s.created_at, s.expires_at).where(s.id == UUID(claims["sid"])))).one()
    assert row.expires_at - row.created_at == timedelta(days=30)
