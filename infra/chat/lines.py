"""Lines from a terminal or a pipe, without holding up the event loop or the end of the process."""

from __future__ import annotations

import os

from infra.process.threads import in_thread

CHUNK = 65_536


class Lines:
    """Reads a file descriptor line by line."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._rest = b""

    async def next(self) -> str | None:
        """The next line without its end; None after the last."""
        return await in_thread(self._read)

    def _read(self) -> str | None:
        while b"\n" not in self._rest:
            chunk = os.read(self._descriptor, CHUNK)
            if not chunk:
                last, self._rest = self._rest, b""
                return _text(last) if last else None
            self._rest += chunk
        line, _, self._rest = self._rest.partition(b"\n")
        return _text(line)


def _text(line: bytes) -> str:
    return line.removesuffix(b"\r").decode(errors="replace")
