"""What comes of signing in, and the port behind which the ways in are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from domain.account.person import Membership
from domain.account.session import Device, Sessions, Tokens
from domain.base import UnauthenticatedError


class WrongCredentialsError(UnauthenticatedError):
    """Not the right e-mail address, password or code: which of them, nobody is told."""

    def __init__(self, message: str = "The e-mail address or the password is wrong.") -> None:
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The session has begun; `device` is the cookie by which this device is known from now on, None to keep it."""

    tokens: Tokens = field(repr=False)
    device: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class OrganizationNeeded:
    """The password was right, and the person belongs to several organizations: name one."""

    memberships: tuple[Membership, ...]


@dataclass(frozen=True, slots=True)
class SecondFactorNeeded:
    """The password was right; `challenge` comes back with a code, within `lifetime` seconds."""

    challenge: str = field(repr=False)
    lifetime: int = 300


Outcome = SignedIn | OrganizationNeeded | SecondFactorNeeded


class SigningIn(Protocol):
    """The ways in for people at work."""

    async def by_password(self, email: str, password: str, organization: str | None, device: Device) -> Outcome:
        """Sign in by password, to the organization of the slug where one is named.

        Raises `WrongCredentialsError`, the throttle's error, or `ForbiddenError` once the password was right.
        """
        ...

    async def by_second_factor(
        self, challenge: str, device: Device, *, code: str | None = None, recovery_code: str | None = None
    ) -> SignedIn:
        """Finish a sign-in with a code of the app or a recovery code; raises as `by_password`."""
        ...


@dataclass(frozen=True, slots=True)
class Login:
    """Everything behind the routes by which somebody comes and goes."""

    sessions: Sessions
    signing_in: SigningIn
