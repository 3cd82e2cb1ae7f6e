"""What goes out to somebody or something outside, and what became of it: each is kept until it is sent, or given up.

Posting is part of a unit of work, so that what happened and what is to be told of it are stored together. A worker
carries the parcel later. A crash after the carrier took it and before that was recorded sends it once more, never
twice more; the parcel's key goes along, for carriers that know such keys.

    CarriageError
    ├── DelayedError       not this time: try again later
    └── RefusedError       never: trying again does not help
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from domain.ports import UnitOfWork


class Medium(StrEnum):
    """By what it goes."""

    EMAIL = "email"
    SMS = "sms"
    PUSH = "push"
    WEBHOOK = "webhook"


class DeliveryState(StrEnum):
    """How far it is: `failed` ones were given up and wait for somebody to replay them."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What is to go out. One with a key that was posted before in the organization is not posted again.

    Parcels of one `route` are tried side by side with those of others, so that a slow or dead receiver (a mail server,
    one webhook) holds up nobody else's. Those of one route and one `sequence`, such as a conversation's id, go one
    after the other in the order of their posting, a delayed one before all later ones; None stands alone.
    """

    key: str
    medium: Medium
    route: str
    recipient: str
    content: Mapping[str, Any]
    sequence: str | None = None
    about: Mapping[str, str] = field(default_factory=dict)
    """What it is about, for lists: `conversation`, `agent`, `customer`, `event`, `endpoint`, each an id as text."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A parcel that was posted; `attempts` counts the ones made, `error` says why the last of them failed."""

    id: UUID
    organization_id: UUID
    parcel: Parcel
    state: DeliveryState
    attempts: int
    error: str | None
    next_try_at: datetime | None
    sent_at: datetime | None
    receipt: str | None
    """What the carrier calls it."""
    created_at: datetime


class CarriageError(Exception):
    """Why a parcel did not arrive, in a sentence for people; no secrets, and nothing of what was in it."""


class DelayedError(CarriageError):
    """Try again at the next time of the schedule, or after the seconds that the receiver asked for if that is later."""

    def __init__(self, message: str, *, after: float | None = None) -> None:
        super().__init__(message)
        self.after = after


class RefusedError(CarriageError):
    """Trying again does not help; the delivery has failed."""


class Carrier(Protocol):
    """Takes the parcels of one medium."""

    async def carry(self, delivery: Delivery) -> str | None:
        """Hand it over; gives what the carrier calls it, and raises `DelayedError` or `RefusedError`."""
        ...


Carriers = Mapping[Medium, Carrier]
"""Who takes what."""


class Deliveries(Protocol):
    """The parcels of one unit of work."""

    async def post(self, parcels: Sequence[Parcel]) -> None:
        """Have them carried once the unit is committed, in this order."""
        ...


class DeliveryUnit(UnitOfWork, Protocol):
    """A unit of work that holds deliveries."""

    @property
    def deliveries(self) -> Deliveries:
        """Deliveries."""
        ...
