"""Another system that takes messages: a real HTTP server that fails, hangs or answers as it is told."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook


@dataclass(frozen=True)
class Message:
    """A message that came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def verify(self, secret: str) -> None:
        """Raises `WebhookVerificationError` unless it was signed with the secret, and just now."""
        Webhook(secret).verify(self.body, self.headers)


@dataclass
class Answer:
    """What goes back, once `held` is set."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    held: threading.Event | None = None


class Receiver(ThreadingHTTPServer):
    """`came` is everything, `taken` what was answered with success; `answers` maps a path to what it answers."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.came: list[Message] = []
        self.taken: list[Message] = []
        self.answers: dict[str, Callable[[Message], Answer]] = {}

    def taken_at(self, path: str) -> list[Message]:
        return [message for message in self.taken if message.path == path]

    def handle_error(self, request: object, client_address: object) -> None:
        """A caller that left is no news."""


class Handler(BaseHTTPRequestHandler):
    server: Receiver
    protocol_version = "HTTP/1.1"
    timeout = 5

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        message = Message(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
        self.server.came.append(message)
        make = self.server.answers.get(self.path)
        answer = make(message) if make else Answer()
        if answer.held is not None:
            answer.held.wait(30)
        if 200 <= answer.status < 300:
            self.server.taken.append(message)
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def open_receiver() -> Iterator[Receiver]:
    """A receiver on a free port."""
    receiver = Receiver()
    thread = threading.Thread(target=receiver.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.shutdown()
        receiver.server_close()
        thread.join()
