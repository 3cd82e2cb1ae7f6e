"""What tests of signing in ask again and again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx2

from tests.resolvers.login.members import PASSWORD, Member
from tests.stack import Stack

VIEWER = "{ viewer { kind agent { name } organization { slug } } }"


async def post(stack: Stack, path: str, **body: Any) -> httpx2.Response:
    """The answer of a route under `/auth/`."""
    return await stack.http.post(f"/auth/{path}", json=body)


async def sign_in(stack: Stack, member: Member, *, password: str = PASSWORD, **body: Any) -> dict[str, Any]:
    """Tokens, or what else came of the right password."""
    answer = await post(stack, "sign-in", email=member.email, password=password, transport="token", **body)
    assert answer.status_code == 200, answer.text
    tokens: dict[str, Any] = answer.json()
    return tokens


async def viewer(stack: Stack, access_token: str) -> httpx2.Response:
    """Who somebody is to the API."""
    headers = {"authorization": f"Bearer {access_token}"}
    return await stack.http.post("/graphql", json={"query": VIEWER}, headers=headers)


def code(answer: httpx2.Response) -> tuple[int, str]:
    """Status and code of a refusal."""
    return answer.status_code, answer.json()["error"]["code"]


async def until(condition: Callable[[], Awaitable[Any]]) -> Any:
    """What a condition gives once it gives anything."""
    for _ in range(300):
        if found := await condition():
            return found
        await asyncio.sleep(0.02)
    raise AssertionError("it did not come")
