"""What an identity token must be, and the keys that it is signed under."""

import base64
import hmac
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey
from sqlalchemy import text

from infra.bootstrap import now
from infra.database import Database
from tests.stack import Company, Stack, found_company, running, scripted
from tests.vouching import CREATE_KEY, REVOKE_KEY, Backend, backend, identified, me, post

GUIDE = Path(__file__).parents[3] / "docs" / "customers.md"


@pytest.fixture
async def quiet(fresh_database_url: str, redis_url: str) -> AsyncIterator[Stack]:
    """No assistant, so that only the customer's words are there."""
    async with running(fresh_database_url, redis_url, scripted("x"), with_worker=False) as started:
        yield started


async def test_tokens_that_are_not_what_they_must_be(quiet: Stack, company: Company) -> None:
    shop, at = await backend(quiet, company), int(now().timestamp())
    other = Backend(shop.slug, shop.kid, OctKey.import_key("another-secret-of-enough-characters"))
    nobody = f"{company.id}"
    tokens = {
        "expired": shop.token(iat=at - 700, exp=at - 100),
        "too long": shop.token(exp=at + 3_601),
        "in the future": shop.token(iat=at + 300, exp=at + 600),
        "not yet": shop.token(nbf=at + 300),
        "no expiry": shop.token(exp=...),
        "no beginning": shop.token(iat=...),
        "a boolean": shop.token(iat=True),
        "infinite": shop.token(exp=1e300),
        "another audience": shop.token(aud="elsewhere"),
        "two audiences": shop.token(aud=[shop.slug, "elsewhere"]),
        "no audience": shop.token(aud=...),
        "no subject": shop.token(sub=...),
        "a number": shop.token(sub=7),
        "empty": shop.token(sub=""),
        "too many letters": shop.token("x" * 201),
        "no address": shop.token(email="not an address"),
        "a long name": shop.token(name="x" * 101),
        "another secret": other.token(),
        "an unknown key": shop.token(kid=nobody),
        "no key id": shop.token(kid="x"),
        "no signature": shop.token().rpartition(".")[0] + ".",
        "nothing": "x",
        "too large": "x" * 5_000,
        "our own": quiet.client(company.customer).token or "",
    }
    taken = {}
    for name, token in tokens.items():
        answer = await post(quiet, "/auth/identify", token=token)
        taken[name] = (answer.status_code, answer.json()["error"]["code"])
    assert {name: one for name, one in taken.items() if one != (401, "UNAUTHENTICATED")} == {}
    assert await identified(quiet, shop.token(aud=[shop.slug]))


async def test_what_the_guide_shows_is_taken(quiet: Stack, company: Company) -> None:
    shown: dict[str, Any] = {}
    [example] = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    exec(example, shown)
    given = {"name": "Shop", "kind": "HMAC"}
    made = (await quiet.client(company.admin).ask(CREATE_KEY, input=given))["createIdentityKey"]
    token = shown["identity_token"](made["identityKey"]["kid"], made["secret"], str(company.id), "c-1", "Ann")
    assert (await me(quiet, await identified(quiet, token)))["viewer"]["customer"]["name"] == "Ann"


def pem(private: Any) -> str:
    public: bytes = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return public.decode()


def private_pem(private: Any) -> bytes:
    return bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


async def test_each_kind_of_key_signs_by_its_own_algorithm_alone(quiet: Stack, company: Company) -> None:
    kinds: dict[str, tuple[Any, Any]] = {
        "RS256": (rsa.generate_private_key(65537, 2048), RSAKey),
        "ES256": (ec.generate_private_key(ec.SECP256R1()), ECKey),
        "EdDSA": (ed25519.Ed25519PrivateKey.generate(), OKPKey),
    }
    admin = quiet.client(company.admin)
    for algorithm, (private, kind) in kinds.items():
        given = {"name": algorithm, "kind": "PUBLIC", "publicKey": pem(private)}
        made = (await admin.ask(CREATE_KEY, input=given))["createIdentityKey"]
        assert (made["secret"], made["identityKey"]["publicKey"]) == (None, pem(private))
        kid = made["identityKey"]["kid"]
        shop = Backend(str(company.id), kid, kind.import_key(private_pem(private)), algorithm)
        assert await identified(quiet, shop.token())
        refused = {
            "confused": forged(shop.token(), {"alg": "HS256", "kid": kid}, pem(private).encode()),
            "unsigned": forged(shop.token(), {"alg": "none", "kid": kid}, None),
        }
        if algorithm == "RS256":
            refused["another algorithm"] = shop.token(alg="PS256")
        for name, token in refused.items():
            assert (await post(quiet, "/auth/identify", token=token)).status_code == 401, (algorithm, name)


def forged(token: str, header: dict[str, str], secret: bytes | None) -> str:
    """The claims of a token under another header, signed by HMAC with what everybody knows, or not at all."""
    head = base64.urlsafe_b64encode(json.dumps(header).encode()).decode().rstrip("=")
    said = f"{head}.{token.split('.')[1]}"
    mac = hmac.digest(secret, said.encode(), "sha256") if secret else b""
    return f"{said}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


async def test_keys_are_shown_once_and_revoked_for_good(
    quiet: Stack, company: Company, fresh_database_url: str
) -> None:
    admin = quiet.client(company.admin)
    given = {"name": "Shop", "kind": "HMAC", "idempotencyKey": "once"}
    first = (await admin.ask(CREATE_KEY, input=given))["createIdentityKey"]
    again = (await admin.ask(CREATE_KEY, input=given))["createIdentityKey"]
    assert again == first | {"secret": None}
    kid = first["identityKey"]["kid"]
    shop = Backend(str(company.id), kid, OctKey.import_key(first["secret"]))
    known = await identified(quiet, shop.token())
    await admin.ask(REVOKE_KEY, input={"identityKeyId": first["identityKey"]["id"], "reason": "It got out."})
    assert (await post(quiet, "/auth/identify", token=shop.token())).status_code == 401
    assert (await me(quiet, known))["viewer"]["kind"] == "CUSTOMER"
    database = Database(fresh_database_url, pool_size=1)
    async with database.tenant(company.id) as connection:
        rows = (await connection.scalars(text("SELECT identity_key::text FROM identity_key"))).all()
        told = (await connection.scalars(text("SELECT event::text FROM event"))).all()
    await database.close()
    assert [each for each in (*rows, *told) if first["secret"] in each] == []
    listed = await admin.ask("{ identityKeys { nodes { kid revokedAt } } }")
    assert [one["kid"] for one in listed["identityKeys"]["nodes"]] == [kid]
    stranger = quiet.client((await found_company(fresh_database_url)).admin)
    foreign = await stranger.ask(REVOKE_KEY, input={"identityKeyId": first["identityKey"]["id"]})
    assert foreign["revokeIdentityKey"]["code"] == "NOT_FOUND"
    refused = await quiet.client(company.agent).ask(CREATE_KEY, input={"name": "Mine", "kind": "HMAC"})
    assert refused["createIdentityKey"]["code"] == "FORBIDDEN"


@pytest.mark.parametrize("given", ["short", "curve", "private", "text", "missing", "superfluous"])
async def test_keys_that_cannot_be_used(quiet: Stack, company: Company, given: str) -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    values: dict[str, dict[str, Any]] = {
        "short": {"publicKey": pem(rsa.generate_private_key(65537, 1024))},
        "curve": {"publicKey": pem(ec.generate_private_key(ec.SECP521R1()))},
        "private": {"publicKey": private_pem(private).decode()},
        "text": {"publicKey": "x"},
        "missing": {},
        "superfluous": {"kind": "HMAC", "publicKey": pem(private)},
    }
    wanted = {"name": "Shop", "kind": "PUBLIC"} | values[given]
    answer = (await quiet.client(company.admin).ask(CREATE_KEY, input=wanted))["createIdentityKey"]
    assert answer["code"] == "INVALID_INPUT"
