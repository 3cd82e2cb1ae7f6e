"""Charges operations to the budgets of their callers: an estimate before, the truth after."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, floor
from typing import Any

from starlette.requests import HTTPConnection

from domain.budget import Balance, Budget, Budgets
from resolvers.execution import Operation, Result

CHARACTERS_PER_POINT = 5
"""What reading a document costs that is not remembered: a point is about 10 µs of work, a token about 20."""

BYTES_PER_POINT = 200
"""What decoding a request costs: the worst megabyte takes some 50 ms."""

POINTS_PER_SOCKET = 100

BudgetOf = Callable[[Any, HTTPConnection], Budget]
"""The budget of a caller on a connection; asked again for each operation, since it may change."""


@dataclass(frozen=True, slots=True)
class Charges:
    """Who pays for what; `budgets` are asked for at each operation, since they are made when the server starts."""

    budgets: Callable[[], Budgets]
    budget_of: BudgetOf

    def payer(self, caller: object, connection: HTTPConnection) -> "Payer":
        """Whoever pays for the next operation of a caller."""
        return Payer(self.budgets(), self.budget_of(caller, connection))


@dataclass(frozen=True, slots=True)
class Payer:
    """Pays for the operations of one caller from one budget.

    The unit is one field of the answer. An estimate knows the page sizes asked for, not the data; what it took too much
    is given back as soon as the answer is there, and what it took too little is charged then, as a debt if need be. An
    answer with errors gives nothing back: what failed was work too, and does not show.
    """

    budgets: Budgets
    budget: Budget

    def connect(self) -> Balance:
        """Charge the opening of a socket."""
        return self.budgets.charge(self.budget, POINTS_PER_SOCKET)

    def receive(self, size: int) -> Balance:
        """Charge the decoding of so many bytes, in whatever they hold."""
        return self.budgets.charge(self.budget, size / BYTES_PER_POINT)

    def read(self, text: str) -> Result | None:
        """Charge the reading of a document; the refusal if the caller is in debt already."""
        balance = self.budgets.charge(self.budget, 0)
        if balance.retry_after:
            return self.refusal(0, balance)
        self.budgets.charge(self.budget, 1 + len(text) / CHARACTERS_PER_POINT)
        return None

    async def take(self, operation: Operation) -> Result | None:
        """Take the estimate of an operation; the refusal if there is not enough."""
        requested = operation.totals.cost
        if requested > self.budget.capacity:
            return self._too_large(requested)
        balance = await self.budgets.take(self.budget, requested)
        return self.refusal(requested, balance) if balance.retry_after else None

    def settle(self, operation: Operation, result: Result) -> None:
        """Put right what was taken for an answer, and write the bill into it."""
        requested = operation.totals.cost
        actual = max(size(result.data), requested if result.errors else 1)
        balance = self.budgets.charge(self.budget, actual - requested)
        self._bill(result, requested, actual, balance)

    def charge(self, result: Result) -> float:
        """Charge one more event; the seconds to wait before the next, which are above zero for a caller in debt."""
        return self.budgets.charge(self.budget, size(result.data)).retry_after

    def refusal(self, requested: int, balance: Balance) -> Result:
        """What a caller is told that has used up the budget."""
        seconds = ceil(balance.retry_after)
        message = f"You have used up what you may ask for at a time: try again in {seconds} seconds."
        error: Any = {"message": message, "extensions": {"code": "RATE_LIMITED", "retryAfter": seconds}}
        refused = Result(errors=[error], executed=False)
        self._bill(refused, requested, 0, balance)
        return refused

    def _too_large(self, requested: int) -> Result:
        allowed = int(self.budget.capacity)
        message = f"The operation asks for too much: cost is {requested}, the limit for you is {allowed}."
        error: Any = {"message": message, "extensions": {"code": "LIMIT_EXCEEDED", "limit": "cost"}}
        return Result(errors=[error], executed=False)

    def _bill(self, result: Result, requested: int, actual: int, balance: Balance) -> None:
        result.extensions["cost"] = {
            "requested": requested,
            "actual": actual,
            "available": floor(min(balance.available, self.budget.capacity)),
            "restoreRate": self.budget.restore_rate,
        }


def size(data: object) -> int:
    """How many fields an answer holds, those of objects in lists each: what its making and sending cost grows with."""
    fields, waiting = 0, [data]
    for value in waiting:  # grows while it is walked
        if isinstance(value, dict):
            fields += len(value)
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
    return fields
