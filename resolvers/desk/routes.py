"""The plain HTTP routes of the desk, beside the GraphQL path: what browsers and other systems reach by a link."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from starlette.routing import BaseRoute

from domain.desk.desk import Desk
from resolvers.channels.inlets import inlet_routes
from resolvers.collaboration.transfer import file_routes
from resolvers.desk.survey_page import survey_routes
from resolvers.edge.rates import Rates
from resolvers.news.leaving import leaving_routes


class Services(Protocol):
    """What the composition root makes for these routes."""

    @property
    def desk(self) -> Desk:
        """What people at work, and those they write to, do."""
        ...


def desk_routes(services: Callable[[], Services], rates: Rates) -> list[BaseRoute]:
    """All of them, part by part."""
    transfers = file_routes(lambda: services().desk.files.depot, rates)
    return [
        *inlet_routes(lambda: services().desk.channels.inlets, rates),
        *transfers,
        *survey_routes(lambda: services().desk.surveys, rates),
        *leaving_routes(lambda: services().desk.notifications, rates),
    ]
