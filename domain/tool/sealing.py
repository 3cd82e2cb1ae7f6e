"""What of tools is kept so that only Parley itself can read it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Signing:
    """A new key that calls are signed with: how it is kept, and as the other end must have it."""

    kept: bytes
    shown: str


class Seals(Protocol):
    """Seals each value for one owner, from whose row alone it can be opened."""

    def seal_secret(self, owner_id: UUID, secret: str) -> bytes:
        """The value of a tool's or a server's secret header."""
        ...

    def new_signing(self, owner_id: UUID) -> Signing:
        """A key of 256 bits for a tool or a server."""
        ...

    def seal_arguments(self, call_id: UUID, arguments: Mapping[str, Any]) -> bytes:
        """The arguments of a call that is to be made later."""
        ...

    def open_arguments(self, call_id: UUID, sealed: bytes) -> dict[str, Any]:
        """The arguments again."""
        ...
