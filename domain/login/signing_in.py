"""What comes of signing in, and the port behind which the ways in are."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.base import Actor, DomainError, UnauthenticatedError
from domain.login.person import Membership
from domain.login.session import Device, Sessions, Tokens


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


@dataclass(frozen=True, slots=True)
class Door:
    """An identity provider as strangers see it: a button with a name."""

    provider_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Ways:
    """How the people of an organization may sign in, as a page says before it knows who asks."""

    password: bool = True
    doors: tuple[Door, ...] = ()


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

    async def memberships(self, actor: Actor) -> tuple[Membership, ...]:
        """Where a person can go on by `switch`, the place where they are included; none for who cannot."""
        ...

    async def switch(self, actor: Actor, organization: str, device: Device) -> SignedIn:
        """Go on in another organization of the same person; the session here ends.

        Only who signed in by password here can: another organization does not trust this one's identity provider.
        Raises `ForbiddenError`.
        """
        ...


class ProviderError(DomainError):
    """Nothing came of signing in by a provider; the message says whose matter it is, and repeats nothing of theirs."""

    code = "PROVIDER_ERROR"


@dataclass(frozen=True, slots=True)
class Returned:
    """Somebody is signed in by a provider, and goes on at a path of ours."""

    signed_in: SignedIn
    return_to: str


class Federation(Protocol):
    """Signing in by an organization's identity provider; only people who work there already can."""

    async def ways(self, slug: str) -> Ways:
        """How people sign in to the organization of a slug; an unknown one looks like one without a provider."""
        ...

    async def begin(self, provider_id: UUID, return_to: str) -> tuple[str, str]:
        """Where to send the browser, and what it is to bring back; raises `NotFoundError` or `ProviderError`."""
        ...

    async def finish(self, sealed: str | None, params: Mapping[str, str], device: Device) -> Returned:
        """Sign in whoever came back, with what the browser brings; raises `ProviderError` or `ForbiddenError`."""
        ...

    async def leave(self, provider_id: UUID, logout_token: str, device: Device) -> None:
        """End the sessions that a provider says have ended; raises `NotFoundError` or `ProviderError`."""
        ...


@dataclass(frozen=True, slots=True)
class Founder:
    """Who founds an organization, and what it is called: `slug` as it stands in addresses."""

    email: str
    password: str = field(repr=False)
    name: str
    organization: str
    slug: str


class Joining(Protocol):
    """How people come to work somewhere."""

    @property
    def is_open(self) -> bool:
        """Whether strangers may found organizations here."""
        ...

    async def sign_up(self, founder: Founder, device: Device) -> None:
        """Found an organization; the founder gets a mail, and can sign in by then. The same for a known address.

        Raises `ForbiddenError` where signing up is closed, `InvalidInputError`, `ConflictError`.
        """
        ...

    async def accept(self, token: str, password: str | None, name: str | None, device: Device) -> SignedIn | None:
        """Make whoever got the invitation an agent, once; None for who has an account, and signs in by that.

        Raises `InvalidStateError` for an invitation that is over, `InvalidInputError`, `ConflictError`.
        """
        ...


class Recovery(Protocol):
    """What links in mail are good for."""

    def forgot(self, email: str, device: Device) -> None:
        """Somebody wants a new password: a mail goes out if anybody has the address, and the caller cannot tell."""
        ...

    async def reset(self, token: str, password: str, device: Device) -> str:
        """Give whoever got the link a new password and end all their sessions; gives the cookie of their device.

        Raises `InvalidStateError` for a link that is over, `InvalidInputError` for a password that is no good.
        """
        ...

    async def verify(self, token: str, password: str) -> None:
        """Whoever got the link and knows the password has the address.

        Raises `InvalidStateError` for a link that is over, `InvalidInputError` for another password: the link stays
        good then.
        """
        ...


class Post(Protocol):
    """Mail to people about their accounts; raises `MailDelayedError` for what is to be tried again later."""

    async def reset_link(self, person_id: UUID) -> None:
        """Send a link by which the person chooses a new password."""
        ...

    async def verification_link(self, person_id: UUID) -> None:
        """Send a link by which the person shows that the address is theirs."""
        ...

    async def password_changed(self, person_id: UUID, at: datetime) -> None:
        """Tell a person that the password is another one now."""
        ...


@dataclass(frozen=True, slots=True)
class Login:
    """Everything behind the routes by which somebody comes and goes."""

    sessions: Sessions
    signing_in: SigningIn
    recovery: Recovery
    joining: Joining
    federation: Federation
    published_keys: Callable[[], Awaitable[Mapping[str, object]]]
