"""One loader for each way to find views by key: all keys of a moment become one read."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from typing import Any

from aiodataloader import DataLoader

from domain.base import ActorKind
from domain.ports import PageRequest, Reads
from schema.account import Agent, Customer
from schema.conversation import Assistant

Batch = Callable[[Sequence[Any]], Awaitable[Sequence[Any]]]

ASSISTANT = Assistant(name="Assistant")
AUTHORS: dict[ActorKind, tuple[str, Callable[[Any], Any]]] = {
    ActorKind.AGENT: ("agents", Agent.of),
    ActorKind.CUSTOMER: ("customers", Customer.of),
}
PAGES = (
    "message_pages",
    "earlier_pages",
    "version_pages",
    "team_agents",
    "run_pages",
    "trial_pages",
    "gap_question_pages",
    "tool_call_pages",
    "webhook_delivery_pages",
    "note_pages",
    "customer_conversation_pages",
    "timeline_pages",
)
"""Loaders whose keys name a page of an object's list."""


class Loaders:
    """The loaders of one operation, made when first asked for."""

    def __init__(self, reads: Reads, others: Mapping[str, Batch] | None = None) -> None:
        self._reads = reads
        self._others: Mapping[str, Batch] = {"authors": self._authors, **(others or {})}
        self._made: dict[str, DataLoader[Any, Any]] = {}

    def load(self, name: str, key: Any) -> Awaitable[Any]:
        """One view by its key."""
        if name not in self._made:
            self._made[name] = DataLoader(_listed(self._batch(name)))
        return self._made[name].load(key)

    def _batch(self, name: str) -> Batch:
        read: Batch = self._others[name] if name in self._others else getattr(self._reads, name)
        return _by_shape(read) if name in PAGES else read

    async def _authors(self, keys: Sequence[tuple[ActorKind, Any]]) -> Sequence[Any]:
        """Whoever wrote messages, from the loaders of their kinds, which may have them already."""
        return await asyncio.gather(*(self._author(kind, key) for kind, key in keys))

    async def _author(self, kind: ActorKind, key: Any) -> Any:
        if kind is ActorKind.ASSISTANT:
            return ASSISTANT
        loader, of = AUTHORS[kind]
        view = await self.load(loader, key)
        return of(view) if view else None


def _by_shape(read: Batch) -> Batch:
    """Pages of one shape are one read; a document that asks for several shapes pays for each."""

    async def read_pages(keys: Sequence[tuple[Any, PageRequest]]) -> Sequence[Any]:
        shapes = {request for _, request in keys}
        found: dict[Any, Any] = {}
        for shape in shapes:
            alike = [key for key in keys if key[1] == shape]
            found |= dict(zip(alike, await read(alike), strict=True))
        return [found[key] for key in keys]

    return read_pages


def _listed(batch: Batch) -> Callable[[list[Any]], Coroutine[Any, Any, list[Any]]]:
    async def run(keys: list[Any]) -> list[Any]:
        return list(await batch(keys))

    return run
