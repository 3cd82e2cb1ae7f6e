"""What callers may cost that bring no budget of their own."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import HTTPConnection

from domain.base import ActorKind
from domain.budget import Budget
from resolvers.edge.address import address_of

STAFF = frozenset({ActorKind.AGENT, ActorKind.ADMIN})


@dataclass(frozen=True, slots=True)
class Allowances:
    """Capacity and points restored each second, for `anonymous`, `customer`, `staff` and `api_key`."""

    figures: Mapping[str, tuple[float, float]]

    def budget_of(self, caller: Any, connection: HTTPConnection) -> Budget:
        """The budget a caller carries as `budget`, or that of its kind of actor; strangers share their address's."""
        given: Budget | None = getattr(caller, "budget", None)
        if given is not None:
            return given
        actor = caller.actor
        if actor.kind is ActorKind.ANONYMOUS:
            return Budget(f"address:{address_of(connection)}", *self.figures["anonymous"])
        kind = "staff" if actor.kind in STAFF else str(actor.kind)
        return Budget(str(actor), *self.figures.get(kind, self.figures["customer"]))
