"""What commands on accounts need of the database: aggregates kept as their rows, and units of work that hold them."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Protocol, TypeVar
from uuid import UUID

from domain.base import Actor, Aggregate
from domain.ports import IdempotencyKey, UnitOfWork

A = TypeVar("A", bound=Aggregate)
U_co = TypeVar("U_co", bound=UnitOfWork, covariant=True)


class Stored(Protocol[A]):
    """The aggregates of one kind, of the actor's organization, to change."""

    async def get(self, identity: UUID) -> A:
        """The aggregate, locked until the unit of work ends; `NotFoundError` where there is none."""
        ...

    def add(self, aggregate: A) -> None:
        """Take a new one in."""
        ...


class Opening(Protocol[U_co]):
    """Opens units of work of one kind; leaving one without `commit` undoes everything."""

    def __call__(self, actor: Actor, key: IdempotencyKey | None = None) -> AbstractAsyncContextManager[U_co]:
        """A unit of work for one actor; a used key with other input raises `IdempotencyKeyReusedError`."""
        ...
