"""An HTTP server on a free loopback port that answers what a test says and remembers what it was asked."""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import orjson


@dataclass(frozen=True)
class Asked:
    """One request."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    """What goes back; the parts of the body are sent one by one."""

    body: object = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    def framing(self) -> dict[str, str]:
        if isinstance(self.body, Iterator):
            return {"connection": "close"}
        return {"content-length": str(sum(map(len, self.parts())))}

    def parts(self) -> Iterator[bytes]:
        if isinstance(self.body, Iterator):
            yield from self.body
        else:
            yield self.body if isinstance(self.body, bytes) else orjson.dumps(self.body)


class Loopback(ThreadingHTTPServer):
    """`answers` maps a path to what makes its answer; every other path is 404."""

    daemon_threads = True

    def __init__(self, scheme: str) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.address = f"{scheme}://localhost:{self.server_port}"
        self.answers: dict[str, Callable[[Asked], Answer]] = {}
        self.asked: list[Asked] = []

    def times(self, path: str) -> int:
        return sum(asked.path == path for asked in self.asked)


class Handler(BaseHTTPRequestHandler):
    server: Loopback
    protocol_version = "HTTP/1.1"  # keeps connections, for whoever would use one again
    timeout = 5

    def do_GET(self) -> None:
        length = int(self.headers.get("content-length", 0))
        asked = Asked(self.path, dict(self.headers.items()), self.rfile.read(length))
        self.server.asked.append(asked)
        make = self.server.answers.get(self.path)
        answer = make(asked) if make else Answer(status=404)
        self.send_response(answer.status)
        for name, value in {**answer.headers, **answer.framing()}.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            for part in answer.parts():
                self.wfile.write(part)
        except OSError:
            pass  # the client has heard enough

    do_POST = do_GET  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def loopback(context: ssl.SSLContext | None = None) -> Iterator[Loopback]:
    server = Loopback("https" if context else "http")
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a refused handshake is what some tests want
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
