"""The routes by which people come to work somewhere, and go from one of their organizations to another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from domain.login.signing_in import Founder
from resolvers.edge.rates import Policy, Rates
from resolvers.login.answering import Body, accepted, answer, optional, posted, text, visited
from resolvers.login.cookies import Cookies
from resolvers.login.recovery import MAILS, SELDOM
from resolvers.login.sessions import OFTEN, Services, SessionRoutes, named, transport

FOUNDINGS = Policy("foundings", 10, 3600)
"""Organizations that one address can found, an hour."""


@dataclass(frozen=True)
class JoiningRoutes:
    """Answers with a session as `SessionRoutes` does."""

    services: Callable[[], Services]
    cookies: Cookies
    rates: Rates
    sessions: SessionRoutes

    def routes(self) -> list[BaseRoute]:
        """The routes, limited by address."""
        table = {
            "/auth/sign-up": (self.sign_up, FOUNDINGS),
            "/auth/accept-invitation": (self.accept_invitation, SELDOM),
            "/auth/switch": (self.switch, SELDOM),
        }
        seen = self.rates.limited(visited(self.organizations), OFTEN)
        return [
            Route("/auth/organizations", seen, methods=["GET"]),
            *(
                Route(path, self.rates.limited(posted(one), policy), methods=["POST"])
                for path, (one, policy) in table.items()
            ),
        ]

    async def sign_up(self, request: Request, body: Body) -> Response:
        """Found an organization; the mail tells how to go on, whoever has the address."""
        self.cookies.require_no_other_site(request)
        wanted = [text(body, name) for name in ("email", "password", "name", "organization", "slug")]
        founder = Founder(*wanted)
        await self.rates.count(request, MAILS, founder.email.strip().lower())
        await self.services().login.joining.sign_up(founder, self.sessions.device(request))
        return accepted()

    async def accept_invitation(self, request: Request, body: Body) -> Response:
        """Become an agent: signed in at once, or by the account that one has already."""
        self.cookies.require_no_other_site(request)
        outcome = await self.services().login.joining.accept(
            text(body, "token"), optional(body, "password"), optional(body, "name"), self.sessions.device(request)
        )
        if outcome is None:
            return answer({"sign_in": True})
        return self.sessions.signed_in(outcome, transport(body))

    async def organizations(self, request: Request) -> Response:
        """Where the person works, to go on there by `switch`; none for who cannot."""
        caller = await self.sessions.caller(request)
        found = await self.services().login.signing_in.memberships(caller.actor)
        return answer({"organizations": named(found)})

    async def switch(self, request: Request, body: Body) -> Response:
        """Go on in another of one's organizations."""
        caller = await self.sessions.caller(request)
        outcome = await self.services().login.signing_in.switch(
            caller.actor, text(body, "organization"), self.sessions.device(request)
        )
        return self.sessions.signed_in(outcome, transport(body))
