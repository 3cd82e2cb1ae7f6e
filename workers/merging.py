"""The job that goes after a merged visitor."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from domain.access.customer import Customers
from domain.ports import Work


@dataclass(frozen=True)
class FollowVisitor:
    """Runs on `CustomerMerged`: by now no request of the visitor is let in any more."""

    customers: Customers

    async def __call__(self, work: Work) -> None:
        """Move what the visitor still began at that moment; mostly there is nothing."""
        await self.customers.follow(work.recorded.organization_id, UUID(work.recorded.stream.partition(":")[2]))
