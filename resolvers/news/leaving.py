"""The page behind the link under each mail that tells somebody something: one button, and no more such mails.

Programs that check mail open links, so that seeing the page changes nothing; mail programs post to it by themselves
when somebody presses their own button (RFC 8058).
"""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from domain.base import NotFoundError
from domain.notification.service import Notifications
from resolvers.edge.forms import page
from resolvers.edge.rates import Policy, Rates

OFTEN = Policy("unsubscribe", 30, 60)
TITLE = "Mails"


def leaving_routes(notifications: Callable[[], Notifications], rates: Rates) -> list[BaseRoute]:
    """The one route, limited by address. What is posted is not read: the link says it all."""

    async def respond(request: Request) -> Response:
        token = request.path_params["token"]
        try:
            if request.method == "POST":
                await notifications().stop_mail(token)
                return page(TITLE, "<h1>Done.</h1><p>You get no more of these mails.</p>")
            _, _, kind = notifications().require_link(token)
        except NotFoundError:
            return page(TITLE, "<h1>This link leads nowhere.</h1><p>It may be cut off: copy all of it.</p>", 404)
        what = f"mails about “{kind.replace('_', ' ')}”" if kind else "mails about your work"
        return page(TITLE, f'<h1>No more {what}?</h1><form method="post"><button>No more of these</button></form>')

    return [Route("/unsubscribe/{token}", rates.limited(respond, OFTEN), methods=["GET", "POST"])]
