"""Customers over HTTP: visitors, and those for whom their company's own backend vouches."""

import asyncio
import base64
import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey
from sqlalchemy import func, select, text, update

from domain.base import system_of
from domain.conversation.aggregate import Conversation
from infra.account_rows import sessions
from infra.bootstrap import now
from infra.database import Database
from infra.journal import SqlJournal
from infra.repositories import _row
from infra.rows import conversations, customers, messages, organizations
from infra.signals import Sender
from schema.base import parse_id
from tests.documents import SEND, START
from tests.resolvers.test_knowledge import mutation
from tests.signed_in import closed, connected
from tests.stack import Client, Company, Stack, found_company, running, scripted

CREATE_KEY = mutation("createIdentityKey", "secret identityKey { id name kid kind publicKey revokedAt }")
REVOKE_KEY = mutation("revokeIdentityKey", "identityKey { id revokedAt }")
ME = """
{
  viewer { kind customer { name email } }
  conversations { nodes { id messages { nodes { text author { __typename ... on Customer { name } } } } } }
}"""


@dataclass
class Backend:
    """A company's own server, with a key to vouch with."""

    slug: str
    kid: str
    key: Any
    algorithm: str = "HS256"

    def token(self, sub: Any = "c-1", *, kid: str | None = None, alg: str | None = None, **claims: Any) -> str:
        at = int(now().timestamp())
        said = {"sub": sub, "iat": at, "exp": at + 600, "aud": self.slug} | claims
        header = {"alg": alg or self.algorithm, "kid": kid or self.kid}
        return jwt.encode(
            header, {name: one for name, one in said.items() if one is not ...}, self.key, algorithms=[header["alg"]]
        )


@pytest.fixture
async def quiet(fresh_database_url: str, redis_url: str) -> AsyncIterator[Stack]:
    """No assistant, so that only the customer's words are there."""
    async with running(fresh_database_url, redis_url, scripted("x"), with_worker=False) as started:
        yield started


async def backend(stack: Stack, company: Company, **values: Any) -> Backend:
    given = {"name": "Shop", "kind": "HMAC"} | values
    made = (await stack.client(company.admin).ask(CREATE_KEY, input=given))["createIdentityKey"]
    return Backend(str(company.id), made["identityKey"]["kid"], OctKey.import_key(made["secret"]))


async def post(stack: Stack, path: str, **body: Any) -> Any:
    return await stack.http.post(path, json=body)


async def visitor(stack: Stack, company: Company, **values: Any) -> str:
    answer = await post(stack, "/auth/visitor", organization=str(company.id), **values)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["access_token"])


async def identified(stack: Stack, token: str, visitor_token: str | None = None) -> str:
    answer = await post(stack, "/auth/identify", token=token, visitor_token=visitor_token)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["access_token"])


def by(stack: Stack, token: str) -> Client:
    return Client(stack.http, stack.socket_url, token)


async def asked(stack: Stack, token: str, words: str) -> str:
    """The id of a new conversation."""
    started = await by(stack, token).ask(START, text=words)
    return str(started["startConversation"]["conversation"]["id"])


async def me(stack: Stack, token: str) -> Any:
    return await by(stack, token).ask(ME)


async def test_a_visitor_comes_in_asks_and_stays_signed_in(quiet: Stack, company: Company) -> None:
    answer = await post(quiet, "/auth/visitor", organization=str(company.id), name="Kim")
    tokens = answer.json()
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers
    assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", 600)
    conversation = await asked(quiet, tokens["access_token"], "Where is my parcel?")
    again = await post(quiet, "/auth/refresh", refresh_token=tokens["refresh_token"], transport="token")
    shown = await me(quiet, again.json()["access_token"])
    assert shown["viewer"] == {"kind": "CUSTOMER", "customer": {"name": "Kim", "email": None}}
    assert [one["id"] for one in shown["conversations"]["nodes"]] == [conversation]
    other = await me(quiet, await visitor(quiet, company))
    assert other["conversations"]["nodes"] == []
    assert other["viewer"]["customer"]["name"] == "Visitor"


@pytest.mark.parametrize(
    ("change", "status"), [({"settings": {"visitors": False}}, 403), ({"suspended_at": now()}, 403), ({}, 200)]
)
async def test_visitors_only_where_they_are_taken(
    quiet: Stack, company: Company, fresh_database_url: str, change: dict[str, Any], status: int
) -> None:
    if change:
        await execute(fresh_database_url, company, update(organizations).values(change))
    answer = await post(quiet, "/auth/visitor", organization=str(company.id))
    assert answer.status_code == status
    assert (await post(quiet, "/auth/visitor", organization="nowhere")).status_code == 404
    assert (await post(quiet, "/auth/visitor", organization="x\x00")).status_code in (400, 404)
    assert (await post(quiet, "/auth/visitor", organization=str(company.id), name="x" * 101)).status_code in (400, 403)
    assert (await post(quiet, "/auth/visitor")).status_code == 400


async def test_one_address_brings_few_visitors(quiet: Stack, company: Company) -> None:
    answers = [await post(quiet, "/auth/visitor", organization=str(company.id)) for _ in range(32)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert len(refused) >= 1
    assert [answer.status_code for answer in answers[:30]] == [200] * 30
    assert int(refused[0].headers["retry-after"]) > 0


async def test_a_visitor_becomes_the_known_customer_with_all_they_said(
    quiet: Stack, company: Company, fresh_database_url: str
) -> None:
    shop = await backend(quiet, company)
    visiting = await visitor(quiet, company)
    conversation = await asked(quiet, visiting, "Where is my parcel?")
    before = await row_of(fresh_database_url, company, conversation)
    known = await identified(quiet, shop.token(name="Ann", email="ann@shop.example"), visiting)
    shown = await me(quiet, known)
    assert shown["viewer"]["customer"] == {"name": "Ann", "email": "ann@shop.example"}
    [moved] = shown["conversations"]["nodes"]
    assert moved["id"] == conversation
    said = [(one["text"], one["author"]) for one in moved["messages"]["nodes"]]
    assert said == [("Where is my parcel?", {"__typename": "Customer", "name": "Ann"})]
    sent = await by(quiet, known).ask(SEND, id=conversation, text="And another thing.")
    assert sent["sendMessage"]["__typename"] == "SendMessageSuccess"
    after = await row_of(fresh_database_url, company, conversation)
    assert after.customer_id != before.customer_id
    seen = await quiet.client(company.agent).ask("{ conversations { nodes { customer { name } } } }")
    assert seen["conversations"]["nodes"] == [{"customer": {"name": "Ann"}}]


async def test_the_aggregate_rebuilt_from_its_events_agrees_with_its_rows(
    quiet: Stack, company: Company, fresh_database_url: str
) -> None:
    shop, visiting = await backend(quiet, company), await visitor(quiet, company)
    conversation = await asked(quiet, visiting, "Where is my parcel?")
    before = await row_of(fresh_database_url, company, conversation)
    await identified(quiet, shop.token(), visiting)
    row = await row_of(fresh_database_url, company, conversation)
    assert (row.last_activity_at, row.version) == (before.last_activity_at, before.version + 1)
    database = Database(fresh_database_url, pool_size=1)
    journal = SqlJournal(database, Sender(None))  # type: ignore[arg-type]
    events = await journal.of_stream(company.id, f"conversation:{row.id}", 0)
    rebuilt = Conversation(row.id, company.id)
    rebuilt.replay([each.event for each in events])
    async with database.tenant(company.id) as connection:
        authors = set((await connection.scalars(select(messages.c.author_id))).all())
    await database.close()
    expected = _row(rebuilt, [], [], now())
    assert {name: getattr(row, name) for name in ("customer_id", "state", "version", "message_count")} == {
        name: expected[name] for name in ("customer_id", "state", "version", "message_count")
    }
    assert authors == {rebuilt.customer_id} == {message.author_id for message in rebuilt.messages}


async def test_the_visitors_session_ends_and_its_socket_closes(quiet: Stack, company: Company) -> None:
    shop, visiting = await backend(quiet, company), await visitor(quiet, company)
    async with connected(quiet, visiting) as socket:
        await identified(quiet, shop.token(), visiting)
        code, seconds = await closed(socket)
    assert code in (4401, 4403)
    assert seconds < 1
    refused = await quiet.http.post("/graphql", json={"query": ME}, headers={"authorization": f"Bearer {visiting}"})
    assert refused.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_said_again_or_at_once_nothing_more_changes(
    quiet: Stack, company: Company, fresh_database_url: str
) -> None:
    shop, visiting = await backend(quiet, company), await visitor(quiet, company)
    for words in ("one", "two", "three"):
        await asked(quiet, visiting, words)
    token = shop.token(name="Ann")
    at_once = await asyncio.gather(*(identified(quiet, token, visiting) for _ in range(6)))
    told = await journal_of(fresh_database_url, company)
    again = await identified(quiet, token, visiting)
    assert await journal_of(fresh_database_url, company) == told
    kinds = [kind for _, kind in told]
    assert kinds.count("CustomerMerged") == 1
    assert kinds.count("CustomerVerified") == 1
    assert kinds.count("CustomerIdentified") == 3
    for one in (*at_once, again):
        assert len((await me(quiet, one))["conversations"]["nodes"]) == 3
    assert await count(fresh_database_url, company, customers, customers.c.external_id == "c-1") == 1


async def test_a_visitor_becomes_one_customer_only(quiet: Stack, company: Company, fresh_database_url: str) -> None:
    shop, visiting = await backend(quiet, company), await visitor(quiet, company)
    await asked(quiet, visiting, "Mine?")
    answers = await asyncio.gather(*(identified(quiet, shop.token(f"c-{each}"), visiting) for each in range(4)))
    held = [len((await me(quiet, one))["conversations"]["nodes"]) for one in answers]
    assert sorted(held) == [0, 0, 0, 1]
    third = await identified(quiet, shop.token("c-9"), visiting)
    assert (await me(quiet, third))["conversations"]["nodes"] == []
    assert await count(fresh_database_url, company, customers, customers.c.merged_into.is_not(None)) == 1


async def test_a_known_customer_is_not_merged_into_another(quiet: Stack, company: Company) -> None:
    shop = await backend(quiet, company)
    first = await identified(quiet, shop.token("c-1"))
    await asked(quiet, first, "I am the first.")
    second = await identified(quiet, shop.token("c-2"), first)
    assert (await me(quiet, second))["conversations"]["nodes"] == []
    assert len((await me(quiet, first))["conversations"]["nodes"]) == 1


async def test_nothing_is_merged_across_organizations(quiet: Stack, company: Company, fresh_database_url: str) -> None:
    stranger = await found_company(fresh_database_url)
    shop, foreign = await backend(quiet, company), await visitor(quiet, stranger)
    conversation = await asked(quiet, foreign, "Elsewhere.")
    answer = await post(quiet, "/auth/identify", token=shop.token(), visitor_token=foreign)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "INVALID_INPUT")
    assert [one["id"] for one in (await me(quiet, foreign))["conversations"]["nodes"]] == [conversation]
    told = [kind for _, kind in await journal_of(fresh_database_url, company)]
    assert "CustomerVerified" not in told
    staff = quiet.client(company.agent).token
    refused = await post(quiet, "/auth/identify", token=shop.token(), visitor_token=staff)
    assert refused.status_code == 401


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


async def test_a_visitors_token_that_is_over_is_refused_rather_than_forgotten(
    quiet: Stack, company: Company, fresh_database_url: str
) -> None:
    shop, visiting = await backend(quiet, company), await visitor(quiet, company)
    await asked(quiet, visiting, "Do not lose me.")
    over = update(sessions).where(sessions.c.strategy == "visitor").values(expires_at=now() - timedelta(seconds=1))
    await execute(fresh_database_url, company, over)
    answer = await post(quiet, "/auth/identify", token=shop.token(), visitor_token=visiting)
    assert answer.status_code == 401
    assert await count(fresh_database_url, company, customers, customers.c.external_id == "c-1") == 0


async def test_a_suspended_organization_lets_no_customer_in(
    quiet: Stack, company: Company, fresh_database_url: str
) -> None:
    shop = await backend(quiet, company)
    await execute(fresh_database_url, company, update(organizations).values(suspended_at=now()))
    assert (await post(quiet, "/auth/identify", token=shop.token())).status_code == 403


async def row_of(database_url: str, company: Company, conversation: str) -> Any:
    key = parse_id(conversation, "id")[1]
    database = Database(database_url, pool_size=1)
    async with database.tenant(company.id) as connection:
        row = (await connection.execute(select(conversations).where(conversations.c.id == key))).one()
    await database.close()
    return row


async def journal_of(database_url: str, company: Company) -> list[tuple[str, str]]:
    """Streams and kinds of all events but of those that begin sessions."""
    database = Database(database_url, pool_size=1)
    async with database.tenant(company.id) as connection:
        rows = (await connection.execute(text("SELECT stream, kind FROM event ORDER BY id"))).all()
    await database.close()
    return [(row.stream, row.kind) for row in rows if row.kind != "SessionStarted"]


async def count(database_url: str, company: Company, table: Any, condition: Any) -> int:
    database = Database(database_url, pool_size=1)
    async with database.tenant(company.id) as connection:
        found = await connection.scalar(select(func.count()).select_from(table).where(condition))
    await database.close()
    return int(found or 0)


async def execute(database_url: str, company: Company, statement: Any) -> None:
    database = Database(database_url, pool_size=1)
    async with database.tenant(system_of(company.id).tenant) as connection:
        await connection.execute(statement)
        await connection.commit()
    await database.close()
