"""The routes by which people sign in, stay signed in, and sign out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from domain.base import FieldProblem, InvalidInputError, UnauthenticatedError
from domain.login.person import Membership
from domain.login.session import Device, Tokens
from domain.login.signing_in import Login, OrganizationNeeded, Outcome, SecondFactorNeeded
from resolvers.context import Caller, Identities
from resolvers.edge.rates import Policy, Rates
from resolvers.login.answering import Body, answer, done, optional, posted, refusal, text
from resolvers.login.cookies import CSRF, DEVICE, REFRESH, Cookies
from resolvers.login.device import device_of

OFTEN = Policy("sessions", 120, 60)
"""Signing in and out, and refreshing: what the people of an office do from one address in a minute."""
TRANSPORTS = ("cookie", "token")


class Services(Protocol):
    """What the composition root makes for these routes."""

    @property
    def login(self) -> Login:
        """Everything behind them."""
        ...

    @property
    def identities(self) -> Identities:
        """Whom an access token names."""
        ...


@dataclass(frozen=True)
class SessionRoutes:
    """Answers with tokens for who asks for `"transport": "token"`, and with cookies otherwise."""

    services: Callable[[], Services]
    cookies: Cookies

    def routes(self, rates: Rates) -> list[BaseRoute]:
        """The routes, limited by address; the throttle behind them counts what goes wrong, by account too."""
        table = {
            "/auth/sign-in": self.sign_in,
            "/auth/second-factor": self.second_factor,
            "/auth/refresh": self.refresh,
            "/auth/sign-out": self.sign_out,
        }
        return [Route(path, rates.limited(posted(one), OFTEN), methods=["POST"]) for path, one in table.items()]

    async def sign_in(self, request: Request, body: Body) -> Response:
        """By password: tokens, or a question for the organization or for a second factor."""
        self.cookies.require_no_other_site(request)
        email, password, organization = text(body, "email"), text(body, "password"), optional(body, "organization")
        signing_in = self.services().login.signing_in
        outcome = await signing_in.by_password(email, password, organization, self.device(request))
        return self.signed_in(outcome, transport(body))

    async def second_factor(self, request: Request, body: Body) -> Response:
        """The other half of a sign-in: a code of the app, or a recovery code."""
        self.cookies.require_no_other_site(request)
        code, recovery_code = optional(body, "code"), optional(body, "recovery_code")
        if (code is None) == (recovery_code is None):
            raise InvalidInputError(FieldProblem("code", "Give either `code` or `recovery_code`."))
        outcome = await self.services().login.signing_in.by_second_factor(
            text(body, "challenge"), self.device(request), code=code, recovery_code=recovery_code
        )
        return self.signed_in(outcome, transport(body))

    async def refresh(self, request: Request, body: Body) -> Response:
        """New tokens for a refresh token, which works once: from the body, or from the cookie."""
        given = optional(body, "refresh_token")
        if given is None:
            return await self._refresh_cookies(request)
        return answer(shown(await self.services().login.sessions.refresh(given, self.device(request))))

    async def sign_out(self, request: Request, body: Body) -> Response:
        """End the session of the access token in the header, or of the refresh token in the body or the cookie."""
        sessions, device = self.services().login.sessions, self.device(request)
        given = optional(body, "refresh_token")
        if "authorization" in request.headers:
            caller = await self.caller(request)
            if caller.actor.session_id is None:
                raise UnauthenticatedError("An API key has no session to end: revoke the key instead.")
            await sessions.end(caller.actor, caller.actor.session_id, "signed_out")
        elif given is not None:
            await sessions.leave(given, device)
        elif (kept := self.cookies.read(request, REFRESH)) is not None:
            self.cookies.require_ours(request)
            await sessions.leave(kept, device)
        response = done()
        self.cookies.forget(response)
        return response

    async def caller(self, request: Request) -> Caller:
        """Whoever sent the request, by token or by cookie; raises `UnauthenticatedError` or `ForbiddenError`."""
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        credential = given.strip() if scheme.lower() == "bearer" else self.cookies.credential(request)
        if not credential:
            raise UnauthenticatedError
        return await self.services().identities.identify(credential, self.device(request).address)

    def signed_in(self, outcome: Outcome, transport: str) -> Response:
        """What came of signing in, for the client."""
        match outcome:
            case OrganizationNeeded(memberships):
                return answer({"organizations": named(memberships)})
            case SecondFactorNeeded(challenge, lifetime):
                return answer({"second_factor": challenge, "expires_in": lifetime})
        if transport == "token":
            return answer(shown(outcome.tokens))
        response = answer({"expires_in": outcome.tokens.expires_in})
        self.cookies.keep(response, outcome.tokens, device=outcome.device)
        return response

    async def _refresh_cookies(self, request: Request) -> Response:
        token = self.cookies.read(request, REFRESH)
        if token is None:
            raise UnauthenticatedError("Sign in first: there is no refresh token.")
        self.cookies.require_ours(request)
        try:
            tokens = await self.services().login.sessions.refresh(token, self.device(request))
        except UnauthenticatedError as error:
            response = refusal(error)
            self.cookies.forget(response)
            return response
        response = answer({"expires_in": tokens.expires_in})
        self.cookies.keep(response, tokens, csrf=self.cookies.read(request, CSRF))
        return response

    def device(self, request: Request) -> Device:
        """The device of a request."""
        return device_of(request, self.cookies.read(request, DEVICE))


def transport(body: Body) -> str:
    """How the client wants its tokens; `InvalidInputError` for what is neither way."""
    wanted = optional(body, "transport") or "cookie"
    if wanted not in TRANSPORTS:
        raise InvalidInputError(FieldProblem("transport", "must be `cookie` or `token`."))
    return wanted


def named(memberships: Sequence[Membership]) -> list[dict[str, str]]:
    """Organizations as somebody chooses from them."""
    return [{"slug": one.slug, "name": one.organization} for one in memberships]


def shown(tokens: Tokens) -> dict[str, object]:
    """Tokens in the words of OAuth (RFC 6749, section 5.1)."""
    return {
        "access_token": tokens.access_token,
        "token_type": "Bearer",
        "expires_in": tokens.expires_in,
        "refresh_token": tokens.refresh_token,
    }
