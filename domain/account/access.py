"""All the ways in, as commands together, and what may be seen of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from domain.account.api_key import ApiKeys, ApiKeyView
from domain.ports import Page, PageRequest


@dataclass(frozen=True)
class Access:
    """All that people do with ways in."""

    api_keys: ApiKeys


class AccessReads(Protocol):
    """What one actor may see of the ways in. Pages raise `ForbiddenError` for whoever lacks the permission."""

    async def api_keys(self, ids: Sequence[UUID]) -> Sequence[ApiKeyView | None]:
        """API keys by id."""
        ...

    async def api_key_page(self, page: PageRequest) -> Page[ApiKeyView]:
        """API keys, newest first."""
        ...
