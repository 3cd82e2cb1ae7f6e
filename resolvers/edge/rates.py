"""How often somebody may call a plain HTTP route: by address, and by whatever else a handler knows them by."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from hashlib import sha256
from math import ceil, floor
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from domain.budget import Balance, Budget, Budgets
from resolvers.edge.address import address_of

Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Policy:
    """`quota` requests at once, and as many again over each `window` of seconds; `name` is for the headers."""

    name: str
    quota: int
    window: int

    def budget(self, who: str) -> Budget:
        """The bucket of one caller; the store does not learn who it is."""
        digest = sha256(who.encode()).hexdigest()[:32]
        return Budget(f"rate:{self.name}:{digest}", self.quota, self.quota / self.window)


class Count(NamedTuple):
    """How one caller stands under one policy."""

    policy: Policy
    balance: Balance


class TooManyRequestsError(Exception):
    """The caller has to wait; `limited` makes it an answer with status 429."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Too many requests: try again in {seconds} seconds.")
        self.seconds = seconds


class Rates:
    """Counts requests in budgets that all servers share."""

    def __init__(self, budgets: Callable[[], Budgets]) -> None:
        self._budgets = budgets

    def limited(self, endpoint: Endpoint, policy: Policy) -> Endpoint:
        """The endpoint for at most the policy's requests from each address; its answers say how many are left.

        The answer to one too many is 429 with `Retry-After` and `{"error": {"code", "message"}}`. The headers are those
        of draft-ietf-httpapi-ratelimit-headers: `RateLimit-Policy` and `RateLimit`.
        """

        async def answer(request: Request) -> Response:
            try:
                await self.count(request, policy, address_of(request))
                response = await endpoint(request)
            except TooManyRequestsError as error:
                body = {"error": {"code": "RATE_LIMITED", "message": str(error)}}
                response = JSONResponse(body, 429, {"retry-after": str(error.seconds)})
            _tell(response, request.state.counts)
            return response

        return answer

    async def count(self, request: Request, policy: Policy, who: str) -> None:
        """Count one request of somebody, such as the account it wants to sign in to, whatever its address.

        For handlers under `limited`. Raises: TooManyRequestsError.
        """
        balance = await self._budgets().take(policy.budget(who), 1)
        counts: list[Count] = getattr(request.state, "counts", [])
        request.state.counts = [*counts, Count(policy, balance)]
        if balance.retry_after:
            raise TooManyRequestsError(ceil(balance.retry_after))


def _tell(response: Response, counts: list[Count]) -> None:
    policies = [f'"{policy.name}";q={policy.quota};w={policy.window}' for policy, _ in counts]
    response.headers["ratelimit-policy"] = ", ".join(policies)
    response.headers["ratelimit"] = ", ".join(map(_left, counts))


def _left(count: Count) -> str:
    """The requests that are left, and the seconds until the quota is whole again."""
    policy, balance = count
    left = max(0, floor(balance.available))
    restored_in = ceil((policy.quota - balance.available) * policy.window / policy.quota)
    return f'"{policy.name}";r={left};t={restored_in}'
