"""Who gets as far as being a caller: from pages that may call, and not by guessing credentials without end."""

from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from math import ceil
from typing import Any

from starlette.requests import HTTPConnection

from domain.base import ForbiddenError, UnauthenticatedError
from domain.budget import Budgets
from domain.login.throttle import TooManyAttemptsError
from resolvers.edge.address import address_of
from resolvers.edge.origins import REFUSED, Origins, other_origin
from resolvers.edge.rates import Policy
from resolvers.transport import Contexts

CREDENTIALS = Policy("credentials", quota=600, window=60)
"""How many that are worth nothing an address may show. Many people share one, and tokens expire on all of them."""


class GuardedContexts:
    """Contexts for callers whose organization lists the page that they call from, or that are no pages.

    `own` are the origins of the settings. Raises from `connect`: `ForbiddenError` for another organization's page,
    `TooManyAttemptsError` for an address that has shown too many credentials that were worth nothing.
    """

    def __init__(
        self,
        contexts: Contexts[Any],
        own: Collection[str],
        listed: Callable[[], Origins],
        budgets: Callable[[], Budgets],
    ) -> None:
        self._contexts = contexts
        self._own = frozenset(own)
        self._listed = listed
        self._budgets = budgets

    async def connect(self, connection: HTTPConnection, params: Mapping[str, object]) -> Any:
        """The caller."""
        budget = CREDENTIALS.budget(address_of(connection))
        if wait := self._budgets().charge(budget, 0).retry_after:
            raise TooManyAttemptsError(ceil(wait))
        try:
            caller = await self._contexts.connect(connection, params)
        except UnauthenticatedError:
            self._budgets().charge(budget, 1)
            raise
        await self._check_origin(connection, caller)
        return caller

    async def _check_origin(self, connection: HTTPConnection, caller: Any) -> None:
        origin, organization_id = other_origin(connection), caller.actor.organization_id
        if origin is None or origin in self._own or organization_id is None:
            return
        if not await self._listed().lists(organization_id, origin):
            raise ForbiddenError(REFUSED)

    @asynccontextmanager
    async def operation(self, caller: Any) -> AsyncIterator[object]:
        """The context of one operation."""
        opened: AbstractAsyncContextManager[object] = self._contexts.operation(caller)
        async with opened as context:
            yield context

    async def until_lost(self, caller: Any) -> None:
        """As of the contexts within."""
        await self._contexts.until_lost(caller)
