"""The web app: its hashed files, compressed when they were built, and the pages that load them.

Files come from ServeStatic, which knows compression, ranges and ETags. A page is made for
each request, because it holds the nonce that lets its own libraries add styles: nothing inline passes otherwise.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from servestatic import ServeStaticASGI
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Receive, Scope, Send

NONCE = "%NONCE%"
NOTHING: Mapping[str, str] = {}
UNBUILT = "The web app is not built here: say `make web`, or set PARLEY_WEB_DIR to where it is. The API is at /graphql."
EMBEDDABLE = frozenset({"/widget.js", "/icon.svg"})
"""What pages of other sites may load."""
HASHED = r"^/assets/"
"""Addresses whose files never change: the build writes a hash of what is in them into their names."""
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self' 'nonce-%NONCE%'",
    "img-src": "'self' blob:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "frame-src": "'self'",
    "worker-src": "'self'",
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}


@dataclass(frozen=True, slots=True)
class Web:
    """The built web app in a folder; None where there is none. `stores` are origins of files elsewhere."""

    folder: Path | None
    stores: tuple[str, ...] = ()

    def page(self, name: str, fill: Mapping[str, str] = NOTHING, **policy: str) -> HTMLResponse:
        """One page of the app, such as `index.html`, with gaps filled; `policy` replaces directives of this name."""
        if self.folder is None or not (template := self.folder / name).is_file():
            return HTMLResponse(f"<!doctype html><title>Parley</title><p>{UNBUILT}", 503)
        nonce = secrets.token_urlsafe(16)
        headers = {"content-security-policy": self._policy(policy).replace(NONCE, nonce), "cache-control": "no-store"}
        text = template.read_text()
        for gap, value in {**fill, NONCE: nonce}.items():
            text = text.replace(gap, escape(value))
        return HTMLResponse(text, headers=headers)

    def around(self, app: Starlette) -> ASGIApp:
        """The application, with files that were built before its routes, and behind them the console's page.

        The page stands at every address that is no route's: the console finds its page by itself.
        """
        app.router.default = self._console(app.router.default)
        if self.folder is None:
            return app
        application: Any = app  # ServeStatic has other names for the types of ASGI
        static: Any = ServeStaticASGI(
            application,
            root=self.folder,
            allow_all_origins=False,
            add_headers_function=_shared,
            immutable_file_test=HASHED,
        )

        async def serve(scope: Scope, receive: Receive, send: Send) -> None:
            await (static if _is_read(scope) else app)(scope, receive, send)

        return serve

    def _console(self, nothing: ASGIApp) -> ASGIApp:
        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            is_page = _is_read(scope) and "text/html" in Headers(scope=scope).get("accept", "")
            await (self.page("index.html") if is_page else nothing)(scope, receive, send)

        return answer

    def _policy(self, changed: Mapping[str, str]) -> str:
        stores = {name: " ".join((POLICY[name], *self.stores)) for name in ("connect-src", "img-src")}
        directives = {**POLICY, **stores, **{name.replace("_", "-"): value for name, value in changed.items()}}
        return "; ".join(f"{name} {value}" for name, value in directives.items())


def _is_read(scope: Scope) -> bool:
    return bool(scope["type"] == "http" and scope["method"] in ("GET", "HEAD"))


def _shared(headers: Any, _: str, address: str) -> None:
    if address in EMBEDDABLE:
        headers["Cross-Origin-Resource-Policy"] = "cross-origin"
