"""The uvicorn that the transports are tested with: its limits, its listening socket, and how it stops."""

import asyncio
import socket
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from resolvers.transport.request import TransportLimits

BACKLOG = 2_048
STOP_SECONDS = 2


def listen(host: str, port: int, *, lost_after: float = 30.0) -> socket.socket:
    """A listening socket whose connections send at once, and end when a client takes nothing for `lost_after` seconds.

    Without the first, the second of two small messages waits 40 ms for an acknowledgement. Without the second, what was
    written to a client that stopped reading stays in memory for as long as its machine answers.
    Raises: OSError when the address is taken.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux; accepted connections inherit all three
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(lost_after * 1_000))
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


class Server(uvicorn.Server):
    """Tells sockets and streams that it stops before it waits for them.

    `stopping` is the event given to the routes; `options` are uvicorn's, over the ones chosen here. Run it with
    `run(sockets=[listen(host, port)])`.
    """

    def __init__(self, app: ASGIApp, limits: TransportLimits, stopping: asyncio.Event, **options: Any) -> None:
        super().__init__(uvicorn.Config(app, **{**_options(limits), **options}))
        self._stopping = stopping

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._stopping.set()
        if self.server_state.connections:
            await asyncio.sleep(0.1)  # time for sockets to say why they close
        await super().shutdown(sockets)


def _options(limits: TransportLimits) -> dict[str, Any]:
    return {
        "http": "h11",  # the other parser takes headers without end
        "h11_max_incomplete_event_size": 65_536,
        "ws": "websockets-sansio",
        "ws_max_size": limits.message_bytes,
        "ws_per_message_deflate": False,  # costs memory for each socket, and gains little on small frames
        "ws_ping_interval": None,  # the protocol above has its own pings
        "timeout_graceful_shutdown": STOP_SECONDS,
        "server_header": False,
        "proxy_headers": False,  # would believe whoever connects from this machine
    }
