"""The routes behind links in mail: an address that is shown to be somebody's, and a password that is chosen anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from resolvers.edge.rates import Policy, Rates
from resolvers.login.answering import Body, accepted, done, posted, text
from resolvers.login.cookies import Cookies
from resolvers.login.device import device_of
from resolvers.login.sessions import Services

SELDOM = Policy("links", 30, 60)
MAILS = Policy("mails", 5, 3600)
"""Mails that strangers can have sent to one address, an hour."""


@dataclass(frozen=True)
class RecoveryRoutes:
    """None of them signs anybody in: a link in a mail is one factor, and the mail may be read by others."""

    services: Callable[[], Services]
    cookies: Cookies
    rates: Rates

    def routes(self) -> list[BaseRoute]:
        """The routes, limited by address; mails by the address that they go to, too."""
        table = {
            "/auth/forgot-password": self.forgot_password,
            "/auth/reset-password": self.reset_password,
            "/auth/verify": self.verify,
        }
        return [Route(path, self.rates.limited(posted(one), SELDOM), methods=["POST"]) for path, one in table.items()]

    async def forgot_password(self, request: Request, body: Body) -> Response:
        """Send a link, if anybody has the address: the answer is the same, and comes as soon, for every address."""
        self.cookies.require_no_other_site(request)
        email = text(body, "email")
        await self.rates.count(request, MAILS, email.strip().lower())
        self.services().login.recovery.forgot(email, device_of(request))
        return accepted()

    async def reset_password(self, request: Request, body: Body) -> Response:
        """A new password for whoever got the link; all their sessions end, and they sign in anew."""
        self.cookies.require_no_other_site(request)
        recovery = self.services().login.recovery
        device = await recovery.reset(text(body, "token"), text(body, "password"), device_of(request))
        response = done()
        self.cookies.forget(response)
        self.cookies.know(response, device)
        return response

    async def verify(self, request: Request, body: Body) -> Response:
        """The address is that of whoever got the link and signed up with it."""
        self.cookies.require_no_other_site(request)
        await self.services().login.recovery.verify(text(body, "token"), text(body, "password"))
        return done()
