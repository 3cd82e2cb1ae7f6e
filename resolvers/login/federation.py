"""The routes by which people sign in at their organization's identity provider, and by which it says that they left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from domain.base import DomainError, FieldProblem, InvalidInputError, NotFoundError
from resolvers.edge.rates import Policy, Rates
from resolvers.login.answering import NO_STORE, answer, form, refusal, visited
from resolvers.login.cookies import ATTEMPT, Cookies
from resolvers.login.device import device_of
from resolvers.login.sessions import Services

VISITS = Policy("providers", 60, 60)
LOGOUTS = Policy("logouts", 600, 60)
ATTEMPT_SECONDS = 600
LONGEST_PATH = 1_000
LONGEST_SLUG = 40


@dataclass(frozen=True)
class FederationRoutes:
    """The browser goes to the provider and comes back with a session in cookies.

    What it needs on its return is sealed in a cookie that is `Lax`, since another site sends the browser back.
    """

    services: Callable[[], Services]
    cookies: Cookies

    def routes(self, rates: Rates) -> list[BaseRoute]:
        """The routes; a provider that ends many sessions at once may ask more often than a browser."""
        path = "/auth/oidc/{provider}"
        return [
            Route("/auth/ways", rates.limited(visited(self.ways), VISITS), methods=["GET"]),
            Route("/auth/oidc/callback", rates.limited(visited(self.callback), VISITS), methods=["GET"]),
            Route(f"{path}/start", rates.limited(visited(self.start), VISITS), methods=["GET"]),
            Route(f"{path}/back-channel-logout", rates.limited(visited(self.leave), LOGOUTS), methods=["POST"]),
        ]

    async def ways(self, request: Request) -> Response:
        """What a page offers before somebody has signed in; `organization` is a slug, if they told it."""
        login = self.services().login
        found = await login.federation.ways(request.query_params.get("organization", "")[:LONGEST_SLUG])
        doors = [{"id": str(one.provider_id), "name": one.name} for one in found.doors]
        return answer({"password": found.password, "sign_up": login.joining.is_open, "providers": doors})

    async def start(self, request: Request) -> Response:
        """Send the browser to the provider; `return_to` is where it goes on at the end, a path of ours."""
        try:
            self.cookies.require_begun_here(request)
            return_to = local_path(request.query_params.get("return_to", "/"))
            url, sealed = await self.services().login.federation.begin(_provider(request), return_to)
        except DomainError as error:
            return _refused(request, error)
        response = RedirectResponse(url, 303, NO_STORE)
        self.cookies.set(response, ATTEMPT, sealed, ATTEMPT_SECONDS, lax=True)
        return response

    async def callback(self, request: Request) -> Response:
        """Sign in whoever comes back from a provider; an attempt is good for one return, whatever comes of it."""
        device, params = device_of(request), dict(request.query_params)
        try:
            sealed = self.cookies.read(request, ATTEMPT)
            returned = await self.services().login.federation.finish(sealed, params, device)
        except DomainError as error:
            response = _refused(request, error)
        else:
            response = RedirectResponse(returned.return_to, 303, NO_STORE)
            self.cookies.keep(response, returned.signed_in.tokens)
        self.cookies.set(response, ATTEMPT, "", 0, lax=True)
        return response

    async def leave(self, request: Request) -> Response:
        """A provider posts a logout token (Back-Channel Logout 1.0, 2.5): 400 where it is not to be believed."""
        fields = await form(request)
        token = fields.get("logout_token")
        if not token:
            raise InvalidInputError(FieldProblem("logout_token", "must be given."))
        await self.services().login.federation.leave(_provider(request), token, device_of(request))
        return Response(status_code=200, headers=NO_STORE)


def local_path(text: str) -> str:
    """A path of ours; `InvalidInputError` for what a browser could read as the address of another site."""
    is_path = text.startswith("/") and text[1:2] not in ("/", "\\") and len(text) <= LONGEST_PATH
    if not is_path or not text.isascii() or not text.isprintable() or "\\" in text:
        raise InvalidInputError(FieldProblem("return_to", "must be a path here, such as /inbox."))
    return text


def _refused(request: Request, error: DomainError) -> Response:
    """A page that says what went wrong for who looks at one; the error itself for programs."""
    if "text/html" not in request.headers.get("accept", ""):
        return refusal(error)
    return RedirectResponse(f"/sign-in?{urlencode({'problem': error.code})}", 303, NO_STORE)


def _provider(request: Request) -> UUID:
    try:
        return UUID(request.path_params["provider"])
    except ValueError:
        raise NotFoundError("identity provider") from None
