"""A line between client and server that a test can cut, or make swallow the answers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Cable:
    """Relays TCP to `port` of this machine."""

    port: int
    is_deaf: bool = False
    is_down: bool = False
    connections: int = 0
    address: str = ""
    _open: list[asyncio.StreamWriter] = field(default_factory=list)

    def cut(self) -> None:
        """End all connections without a word, as a killed server does."""
        for writer in self._open:
            writer.transport.abort()
        self._open.clear()

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._open.append(writer)
        if self.is_down:
            writer.transport.abort()
            return
        answers, requests = await asyncio.open_connection("127.0.0.1", self.port)
        self._open.append(requests)
        with suppress(OSError):
            await asyncio.gather(self._pump(reader, requests), self._pump(answers, writer, replies=True))

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, replies: bool = False) -> None:
        while data := await source.read(65_536):
            if not (replies and self.is_deaf):
                sink.write(data)
                await sink.drain()
        sink.close()


@asynccontextmanager
async def cable(port: int) -> AsyncIterator[Cable]:
    """A cable to a port, cut at the end."""
    made = Cable(port)
    server = await asyncio.start_server(made.carry, "127.0.0.1", 0)
    made.address = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/graphql"
    try:
        yield made
    finally:
        server.close()
        made.cut()
