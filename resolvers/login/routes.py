"""All routes by which somebody comes and goes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from starlette.routing import BaseRoute

from resolvers.edge.rates import Rates
from resolvers.login.cookies import Cookies
from resolvers.login.customers import CustomerRoutes
from resolvers.login.customers import Services as CustomerServices
from resolvers.login.federation import FederationRoutes
from resolvers.login.joining import JoiningRoutes
from resolvers.login.keys import key_routes
from resolvers.login.recovery import RecoveryRoutes
from resolvers.login.sessions import Services, SessionRoutes


class AllServices(Services, CustomerServices, Protocol):
    """What the composition root makes for all these routes."""


def login_routes(services: Callable[[], AllServices], cookies: Cookies, rates: Rates) -> list[BaseRoute]:
    """The routes under `/auth/` and `/.well-known/`."""
    sessions = SessionRoutes(services, cookies)
    recovery = RecoveryRoutes(services, cookies, rates)
    joining = JoiningRoutes(services, cookies, rates, sessions)
    federation = FederationRoutes(services, cookies)
    customers = CustomerRoutes(services)
    return [
        *sessions.routes(rates),
        *recovery.routes(),
        *joining.routes(),
        *federation.routes(rates),
        *customers.routes(rates),
        *key_routes(services, rates),
    ]
