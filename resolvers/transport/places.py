"""How many sockets and event streams one server holds open."""

from collections.abc import Iterator
from contextlib import contextmanager


class FullError(Exception):
    """No place is left; the message is for the client."""


class Places:
    """Each connection takes one for as long as it lives; `complaint` is what those hear who find none."""

    def __init__(self, count: int, complaint: str) -> None:
        self._free = count
        self._complaint = complaint

    @contextmanager
    def take(self) -> Iterator[None]:
        """Raises: FullError."""
        if not self._free:
            raise FullError(self._complaint)
        self._free -= 1
        try:
            yield
        finally:
            self._free += 1
