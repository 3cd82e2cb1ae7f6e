"""The pages of the widget: the one that others frame, and the demo company's shop, which frames it as others do."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from domain.base import InvalidInputError
from domain.widget.service import Widgets
from resolvers.edge.rates import Policy, Rates
from resolvers.edge.web import Web
from schema.base import global_id, parse_key

OFTEN = Policy("widget", 120, 60)
FRAMED = {"x-frame-options": "SAMEORIGIN", "cross-origin-resource-policy": "cross-origin"}
"""For browsers that know no `frame-ancestors`, which all others heed instead; and for pages that isolate themselves."""
SHOP = {
    "default_src": "'none'",
    "script_src": "'self'",
    "style_src": "'self'",
    "img_src": "'self'",
    "font_src": "'self'",
    "connect_src": "'none'",
    "frame_src": "'self'",
    "worker_src": "'none'",
    "manifest_src": "'none'",
    "form_action": "'none'",
}
"""A strict shop's policy: Parley's origin, which happens to be its own, may load a script and be framed, no more."""


def widget_routes(widgets: Callable[[], Widgets], web: Web, rates: Rates, demo: UUID) -> list[BaseRoute]:
    """The routes, limited by address; `demo` is the inbox of the demo company, where that is there."""

    async def framed(request: Request) -> Response:
        widget = await widgets().of(_inbox(request))
        if widget is None:
            raise HTTPException(404)
        response = web.page("widget.html", frame_ancestors=" ".join(("'self'", *widget.allowed_origins)))
        response.headers.update(FRAMED)
        return response

    async def shop(_: Request) -> Response:
        if await widgets().of(demo) is None:
            raise HTTPException(404)
        return web.page("demo.html", {"%INBOX%": global_id("Inbox", demo)}, **SHOP)

    return [
        Route("/widget", rates.limited(framed, OFTEN), methods=["GET"]),
        Route("/demo", rates.limited(shop, OFTEN), methods=["GET"]),
    ]


def _inbox(request: Request) -> UUID:
    try:
        return parse_key(request.query_params.get("inbox", ""), "Inbox", "inbox")
    except InvalidInputError:
        raise HTTPException(404) from None
