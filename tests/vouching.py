"""Customers under test, and their company's own backend that vouches for them."""

from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.jwk import OctKey

from infra.bootstrap import now
from tests.documents import START
from tests.resolvers.test_knowledge import mutation
from tests.stack import Client, Company, Stack

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
