"""Sessions: one sign-in on one device, with all the refresh tokens that follow from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.account.events import SessionEnded, SessionStarted
from domain.base import Actor, Aggregate, Event
from domain.login.person import Person


@dataclass(frozen=True, slots=True)
class Device:
    """What somebody comes with: its name for people, its address, and the cookie by which it is known, if any."""

    name: str
    address: str | None = None
    cookie: str | None = None


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a device gets for its session; `expires_in` is how many seconds the access token is good for."""

    session_id: UUID
    access_token: str
    refresh_token: str
    expires_in: int


@dataclass
class Session(Aggregate):
    """One sign-in, of an agent or of a customer; over when it was ended or its time is up."""

    person_id: UUID | None = None
    agent_id: UUID | None = None
    customer_id: UUID | None = None
    strategy: str = ""
    device: str = ""
    address: str | None = None
    provider_id: UUID | None = None
    provider_session: str | None = None
    last_seen_at: datetime | None = None
    expires_at: datetime | None = None
    ended_at: datetime | None = None
    ended_reason: str | None = None

    def start(self) -> None:
        """Begin, as the fields say."""
        self._record(
            SessionStarted(
                agent_id=self.agent_id, customer_id=self.customer_id, strategy=self.strategy, device=self.device
            )
        )

    def end(self, cause: str, at: datetime, *, reason: str | None = None) -> None:
        """End before its time: what is over already stays as it ended."""
        if not self.is_over(at):
            self.ended_at = at
            self._record(SessionEnded(cause=cause, reason=reason))

    def is_over(self, at: datetime) -> bool:
        """Whether nobody can use it any more."""
        return self.ended_at is not None or (self.expires_at is not None and self.expires_at <= at)

    def _apply(self, event: Event) -> None:
        if isinstance(event, SessionEnded):
            self.ended_reason = event.cause


class Sessions(Protocol):
    """Sessions and their tokens, whatever way somebody came in."""

    async def start(self, actor: Actor, session: Session, *, proven: Person | None = None) -> Tokens:
        """Store a new session and give its first tokens.

        `proven` is the person as they were when they said their password: `UnauthenticatedError` where they have
        another one by now, for the sessions that the old one opened have just been ended.
        """
        ...

    async def refresh(self, refresh_token: str, device: Device) -> Tokens:
        """New tokens for a refresh token, which works once; `UnauthenticatedError` for one that does not any more."""
        ...

    async def end(self, actor: Actor, session_id: UUID, cause: str, *, reason: str | None = None) -> None:
        """End a session of the actor's organization at once."""
        ...

    async def leave(self, refresh_token: str, device: Device) -> None:
        """End the session that a refresh token belongs to; one that nobody knows ends nothing."""
        ...
