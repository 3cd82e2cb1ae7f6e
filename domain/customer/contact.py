"""Customers' addresses: by what somebody who writes from outside is known again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Protocol
from uuid import UUID

from domain.base import ForbiddenError


class ContactKind(StrEnum):
    """What kind of address it is."""

    EMAIL = "email"
    PHONE = "phone"
    EXTERNAL = "external"


@dataclass(frozen=True, slots=True)
class Contact:
    """An address and whose it is; an organization has each once.

    `value` is normalised: an e-mail address in lower case, a number as E.164, an external id as it is. Without
    `verified_at` somebody only wrote from there, which anybody can pretend: it is no reason to show them anything.
    """

    kind: ContactKind
    value: str
    customer_id: UUID
    verified_at: datetime | None = None
    bounced_at: datetime | None = None
    is_blocked: bool = False
    """Whether the customer is: then what comes from there is not taken."""


class CustomerBlockedError(ForbiddenError):
    """The organization does not talk to this customer."""

    code: ClassVar[str] = "CUSTOMER_BLOCKED"

    def __init__(self) -> None:
        super().__init__("This company takes no messages from you any more.")


class Contacts(Protocol):
    """The addresses of the actor's organization, written at once; all raise `InvalidInputError` for no address."""

    async def customer_of(self, kind: ContactKind, value: str) -> Contact | None:
        """The address, if somebody has it; of a customer who was merged it says who they are now."""
        ...

    async def claim(
        self, kind: ContactKind, value: str, customer_id: UUID, *, verified_at: datetime | None = None
    ) -> Contact:
        """Let it be the customer's, unless it is somebody's: a verified claim takes it from an unverified one alone.

        Gives the address as it is then, so that of two who claim it at once both know whose it is. The customer may be
        one that the unit of work has yet to save.
        """
        ...

    async def bounce(self, kind: ContactKind, value: str, at: datetime) -> None:
        """Nothing arrives there any more."""
        ...

    async def give(self, customer_id: UUID, into_id: UUID) -> None:
        """Let all that one customer has be another's."""
        ...

    async def of(self, customer_id: UUID) -> Sequence[Contact]:
        """A customer's addresses, by kind and value."""
        ...
