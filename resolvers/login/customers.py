"""The routes by which customers come in: as visitors, or vouched for by the organization's own backend."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from domain.access.access import Access
from resolvers.edge.rates import Policy, Rates
from resolvers.login.answering import Body, answer, optional, posted, text
from resolvers.login.device import device_of
from resolvers.login.sessions import shown

VISITS = Policy("visitors", 30, 600)
"""New visitors from one address: each is a row of ours, and a stranger makes them."""
IDENTIFICATIONS = Policy("identify", 60, 60)


class Services(Protocol):
    """What the composition root makes for these routes."""

    @property
    def access(self) -> Access:
        """The ways in."""
        ...


@dataclass(frozen=True)
class CustomerRoutes:
    """Answers with tokens and never with cookies: the widget lives in other sites' pages."""

    services: Callable[[], Services]

    def routes(self, rates: Rates) -> list[BaseRoute]:
        """The routes, limited by address."""
        return [
            Route("/auth/visitor", rates.limited(posted(self.visit), VISITS), methods=["POST"]),
            Route("/auth/identify", rates.limited(posted(self.identify), IDENTIFICATIONS), methods=["POST"]),
        ]

    async def visit(self, request: Request, body: Body) -> Response:
        """A session for somebody unknown."""
        customers = self.services().access.customers
        tokens = await customers.visit(text(body, "organization"), optional(body, "name"), device_of(request))
        return answer(shown(tokens))

    async def identify(self, request: Request, body: Body) -> Response:
        """A session for a known customer, with what they said as a visitor before."""
        customers = self.services().access.customers
        tokens = await customers.identify(text(body, "token"), optional(body, "visitor_token"), device_of(request))
        return answer(shown(tokens))
