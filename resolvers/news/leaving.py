"""The page behind the link under each mail that tells somebody something: one button, and no more such mails.

Programs that check mail open links, so that seeing the page changes nothing; mail programs post to it by themselves
when somebody presses their own button (RFC 8058).
"""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from domain.base import NotFoundError
from domain.notification.service import Notifications
from resolvers.edge.rates import Policy, Rates

OFTEN = Policy("unsubscribe", 30, 60)
HEADERS = {
    "content-security-policy": "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "cache-control": "no-store",
    "x-robots-tag": "noindex",
}


def leaving_routes(notifications: Callable[[], Notifications], rates: Rates) -> list[BaseRoute]:
    """The one route, limited by address. What is posted is not read: the link says it all."""

    async def respond(request: Request) -> Response:
        token = request.path_params["token"]
        try:
            if request.method == "POST":
                await notifications().stop_mail(token)
                return _page("<h1>Done.</h1><p>You get no more of these mails.</p>")
            _, _, kind = notifications().require_link(token)
        except NotFoundError:
            return _page("<h1>This link leads nowhere.</h1><p>It may be cut off: copy all of it.</p>", 404)
        what = f"mails about “{kind.replace('_', ' ')}”" if kind else "mails about your work"
        return _page(f'<h1>No more {what}?</h1><form method="post"><button>No more of these</button></form>')

    return [Route("/unsubscribe/{token}", rates.limited(respond, OFTEN), methods=["GET", "POST"])]


def _page(content: str, status: int = 200) -> Response:
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Mails</title>'
    page = f'<!doctype html><html lang="en"><head>{head}</head><body>{content}</body></html>'
    return HTMLResponse(page, status, HEADERS)
