"""How many sockets and event streams one server holds open, for each caller, each address, and strangers."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from resolvers.transport.request import TransportLimits


class FullError(Exception):
    """No place is left: for anybody, or for this caller because of its own connections. The message is for clients."""

    def __init__(self, message: str, *, is_own: bool = False) -> None:
        super().__init__(message)
        self.is_own = is_own


@dataclass(frozen=True, slots=True)
class Stay:
    """What the connection of one caller may have: `until` in seconds since 1970, and why it ends then."""

    operations: int
    until: float | None
    reason: str


class Places:
    """Each connection takes one for as long as it lives; that of a stranger, one of a small share besides.

    Until its caller is known, a connection counts as one of its address; from then on, as one of its caller's.
    """

    def __init__(self, limits: TransportLimits) -> None:
        self._limits = limits
        self._held: Counter[str] = Counter()

    @contextmanager
    def take(self, address: str) -> Iterator["Place"]:
        """A place for a connection, whoever it is from. Raises: FullError."""
        full = FullError("This server has all the connections it can hold: try again.")
        taken = FullError("Too many connections of this address have not signed in: try again.", is_own=True)
        with self.hold("everybody", self._limits.sockets, full), ExitStack() as held:
            held.enter_context(self.hold(f"address:{address}", self._limits.address_sockets, taken))
            yield Place(self, self._limits, held)

    @contextmanager
    def hold(self, key: str, most: int, full: FullError) -> Iterator[None]:
        """One of the `most` that the key may have. Raises: `full`."""
        if self._held[key] >= most:
            raise full
        self._held[key] += 1
        try:
            yield
        finally:
            self._held[key] -= 1
            if not self._held[key]:
                del self._held[key]


@dataclass(frozen=True, slots=True)
class Place:
    """The place of one connection; `held` is given back when it ends."""

    places: Places
    limits: TransportLimits
    held: ExitStack

    def admit(self, caller: object, key: str | None) -> Stay:
        """What the caller of the connection, known under `key`, may have. Raises: FullError for one too many."""
        return self._known(caller, key) if getattr(caller, "is_known", True) else self._stranger()

    def _known(self, caller: object, key: str | None) -> Stay:
        self.held.close()
        if key is not None:
            full = FullError("You have all the connections you may have: close one first.", is_own=True)
            self.held.enter_context(self.places.hold(f"caller:{key}", self.limits.caller_sockets, full))
        return Stay(self.limits.operations, getattr(caller, "expires_at", None), "token expired")

    def _stranger(self) -> Stay:
        most = max(1, int(self.limits.sockets * self.limits.stranger_share))
        full = FullError("Sign in: this server has all the strangers it can hold.")
        self.held.enter_context(self.places.hold("strangers", most, full))
        operations = min(self.limits.operations, self.limits.stranger_operations)
        return Stay(operations, time.time() + self.limits.stranger_seconds, "sign in")
