"""A shop's own service, as tools call it: orders by customer, and cancelling one, once for each idempotency key."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey


@dataclass(frozen=True)
class Asked:
    """One request."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def claims(self, key: str) -> dict[str, Any]:
        """Whom the call is for, as signed; raises where it is not."""
        found = jwt.decode(self.headers["x-parley-signature"], OctKey.import_key(key), algorithms=["HS256"])
        return dict(found.claims)


@dataclass
class Answer:
    """What goes back, after some seconds."""

    body: object = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    after: float = 0.0

    @property
    def bytes(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


class Shop(ThreadingHTTPServer):
    """`answers` maps a path to what makes its answer; `done` holds what was done under each idempotency key."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.asked: list[Asked] = []
        self.done: dict[str, Any] = {}
        self.answers: dict[str, Callable[[Asked], Answer]] = {"/cancel": self.cancel}
        self.orders = {"R-1": "customer-1", "R-2": "customer-2"}

    def cancel(self, asked: Asked) -> Answer:
        """Cancel an order, once for each key."""
        self.done.setdefault(asked.headers["idempotency-key"], asked.json)
        return Answer({"cancelled": asked.json["order"]})

    def handle_error(self, request: object, client_address: object) -> None:
        """A caller that left is no news."""


class Handler(BaseHTTPRequestHandler):
    server: Shop
    protocol_version = "HTTP/1.1"
    timeout = 5

    def _any(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(self.command, parts.path, query, headers, body)
        self.server.asked.append(asked)
        make = self.server.answers.get(parts.path)
        answer = make(asked) if make else Answer({"path": parts.path})
        time.sleep(answer.after)
        self.send_response(answer.status)
        for name, value in {"content-type": "application/json", **answer.headers}.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(answer.bytes)))
        self.end_headers()
        self.wfile.write(answer.bytes)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _any  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def open_shop() -> Iterator[Shop]:
    """A shop on a free port."""
    shop = Shop()
    thread = threading.Thread(target=shop.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield shop
    finally:
        shop.shutdown()
        shop.server_close()
        thread.join()
