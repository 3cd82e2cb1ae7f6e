"""A provider of text messages in the test's process, which fails on command."""

from __future__ import annotations

import asyncio
import base64
import hmac
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from resolvers.transport import listen

SID, TOKEN = "AC123", "a token of the provider"


@dataclass
class Provider:
    """Keeps what it was asked to send; `answers` are given first, each a status and a body."""

    url: str = ""
    sent: list[dict[str, str]] = field(default_factory=list)
    answers: list[tuple[int, dict[str, object]]] = field(default_factory=list)

    async def send(self, request: Request) -> Response:
        known = base64.b64encode(f"{SID}:{TOKEN}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {known}":
            return JSONResponse({"code": 20003}, 401)
        if self.answers:
            status, said = self.answers.pop(0)
            return JSONResponse(said, status)
        self.sent.append(dict(parse_qsl((await request.body()).decode())))
        return JSONResponse({"sid": f"SM{len(self.sent)}"}, 201)

    async def account(self, request: Request) -> Response:
        return JSONResponse({"sid": SID})


def signature(url: str, form: Mapping[str, str], token: str = TOKEN) -> str:
    """As the provider signs what it posts."""
    signed = url + "".join(name + value for name, value in sorted(form.items()))
    return base64.b64encode(hmac.digest(token.encode(), signed.encode(), "sha1")).decode()


@asynccontextmanager
async def provider() -> AsyncIterator[Provider]:
    """A provider that listens."""
    made = Provider()
    paths = f"/2010-04-01/Accounts/{SID}"
    routes = [Route(f"{paths}/Messages.json", made.send, methods=["POST"]), Route(f"{paths}.json", made.account)]
    with listen("127.0.0.1", 0) as listener:
        made.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes), log_config=None, lifespan="off"))
        task = asyncio.create_task(server._serve([listener]))
        while not server.started:
            await asyncio.sleep(0.01)
        yield made
        server.should_exit = True
        await task
