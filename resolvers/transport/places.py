"""How many sockets and event streams one server holds open, and how few of them for strangers."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from resolvers.transport.request import TransportLimits


class FullError(Exception):
    """No place is left; the message is for the client."""


@dataclass(frozen=True, slots=True)
class Stay:
    """What the connection of one caller may have: `until` in seconds since 1970, and why it ends then."""

    operations: int
    until: float | None
    reason: str


class Places:
    """Each connection takes one for as long as it lives; that of a stranger, one of a small share besides."""

    def __init__(self, limits: TransportLimits) -> None:
        self._limits = limits
        self._free = limits.sockets
        self._free_to_strangers = max(1, int(limits.sockets * limits.stranger_share))

    @contextmanager
    def take(self) -> Iterator[None]:
        """A place for a connection, whoever it is from. Raises: FullError."""
        if not self._free:
            raise FullError("This server has all the connections it can hold: try again.")
        self._free -= 1
        try:
            yield
        finally:
            self._free += 1

    @contextmanager
    def admit(self, caller: object) -> Iterator[Stay]:
        """What the caller of a connection with a place may have. Raises: FullError for one stranger too many."""
        if getattr(caller, "is_known", True):
            yield Stay(self._limits.operations, getattr(caller, "expires_at", None), "token expired")
            return
        if not self._free_to_strangers:
            raise FullError("Sign in: this server has all the strangers it can hold.")
        self._free_to_strangers -= 1
        operations = min(self._limits.operations, self._limits.stranger_operations)
        try:
            yield Stay(operations, time.time() + self._limits.stranger_seconds, "sign in")
        finally:
            self._free_to_strangers += 1
