"""What a browser keeps of a session, and how a request that it sends is known to come from one of our pages.

Three cookies: the access token, the refresh token, and a random text that our pages can read (`csrf`) and must send
back as `X-CSRF-Token`. All are `__Host-`, `Secure` and `SameSite=Strict`: nothing of ours needs a cookie on the first
request of a visit that begins on another site, since a page is the same for everybody and asks for the rest itself.
In development over http on loopback, where browsers take no `__Host-` cookie, they have neither prefix nor `Secure`.

What protects whom: `SameSite` keeps the cookies out of requests from other sites, but a sibling domain is the same
site; the check of `Origin` (or `Sec-Fetch-Site`) refuses those too; the header cannot be sent by a form at all, by
another origin's script only after a preflight that we do not answer, and with the right text by nobody who cannot read
our cookies. A body that must be `application/json` forces the same preflight. GET changes nothing anywhere.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from hmac import compare_digest
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection
from starlette.responses import Response

from domain.base import ForbiddenError
from domain.login.session import Tokens

ACCESS, REFRESH, CSRF, DEVICE, ATTEMPT = "access", "refresh", "csrf", "device", "attempt"
HEADER = "x-csrf-token"
DEVICE_SECONDS = 365 * 86_400
READ_ONLY = frozenset({"GET", "HEAD", "OPTIONS"})


class Cookies:
    """Sets and reads the cookies of this installation.

    `secure` is false in development over http on loopback alone; `origins` are our own page's and the other ones that
    the settings allow; `session_seconds` is how long a session lasts at most.
    """

    def __init__(self, *, secure: bool, origins: Collection[str], session_seconds: int) -> None:
        self._secure = secure
        self._origins = frozenset(origins)
        self._session_seconds = session_seconds

    def read(self, connection: HTTPConnection, name: str) -> str | None:
        """The value of one of our cookies, if the browser sent it."""
        return connection.cookies.get(self._name(name))

    def keep(self, response: Response, tokens: Tokens, *, csrf: str | None = None, device: str | None = None) -> None:
        """Let the browser have a session; `csrf` is what its pages know already, None for a new text."""
        self.set(response, ACCESS, tokens.access_token, tokens.expires_in)
        self.set(response, REFRESH, tokens.refresh_token, self._session_seconds)
        self.set(response, CSRF, csrf or secrets.token_urlsafe(24), self._session_seconds, readable=True)
        if device:
            self.know(response, device)

    def know(self, response: Response, device: str) -> None:
        """Know the browser again, whoever it signs in as; it gets no right by that."""
        self.set(response, DEVICE, device, DEVICE_SECONDS)

    def forget(self, response: Response) -> None:
        """Take the session from the browser; by its device it is still known."""
        for name in (ACCESS, REFRESH, CSRF):
            self.set(response, name, "", 0, readable=name == CSRF)

    def set(
        self, response: Response, name: str, value: str, seconds: int, *, readable: bool = False, lax: bool = False
    ) -> None:
        """Set one cookie. `lax` is for what must come along when another site sends the browser back to us."""
        response.set_cookie(
            self._name(name),
            value,
            max_age=seconds,
            path="/",
            secure=self._secure,
            httponly=not readable,
            samesite="lax" if lax else "strict",
        )

    def credential(self, connection: HTTPConnection) -> str | None:
        """The access token in the cookies; `ForbiddenError` where nothing shows that one of our pages sent them."""
        if (token := self.read(connection, ACCESS)) is not None:
            self.require_ours(connection)
        return token

    def require_ours(self, connection: HTTPConnection) -> None:
        """Refuse a request by cookie that one of our pages did not send, or that may change something without proof."""
        if not self._is_ours(connection):
            raise ForbiddenError("This came from the page of another site.")
        method = connection.scope.get("method")  # a socket has none: its origin is all the proof there is
        if method is not None and method not in READ_ONLY and not self._is_proven(connection):
            raise ForbiddenError(f"Send the value of the cookie {self._name(CSRF)} as the header X-CSRF-Token.")

    def require_no_other_site(self, connection: HTTPConnection) -> None:
        """Refuse what a page of another site sent, cookies or not; programs that are no browsers say nothing of it."""
        told = connection.headers.get("origin"), connection.headers.get("sec-fetch-site")
        if any(told) and not self._is_ours(connection):
            raise ForbiddenError("This came from the page of another site.")

    def require_begun_here(self, connection: HTTPConnection) -> None:
        """Refuse a navigation that a page of another site began: it could end in a session that the page has chosen.

        Browsers name no origin with these; a page of the settings on another host is known by the `Referer`.
        """
        site, referer = connection.headers.get("sec-fetch-site"), connection.headers.get("referer", "")
        is_known = any(referer == origin or referer.startswith(f"{origin}/") for origin in self._origins)
        if site not in (None, "same-origin", "none") and not is_known:
            raise ForbiddenError("This sign-in was begun on another site's page. Begin it on ours.")

    def _is_ours(self, connection: HTTPConnection) -> bool:
        origin = connection.headers.get("origin")
        if origin is not None:
            parts = urlsplit(origin)
            is_here = parts.netloc == connection.headers.get("host") and (parts.scheme == "https" or not self._secure)
            return is_here or origin in self._origins
        return connection.headers.get("sec-fetch-site") in ("same-origin", "none")

    def _is_proven(self, connection: HTTPConnection) -> bool:
        sent, kept = connection.headers.get(HEADER), self.read(connection, CSRF)
        return bool(sent and kept) and compare_digest((sent or "").encode(), (kept or "").encode())

    def _name(self, name: str) -> str:
        return f"__Host-parley_{name}" if self._secure else f"parley_{name}"
