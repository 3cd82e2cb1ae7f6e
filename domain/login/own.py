"""What people do about their own way in: their password, their second factor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from domain.base import Actor
from domain.ports import IdempotencyKey


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person, as they see themselves."""

    id: UUID
    email: str
    email_verified: bool
    second_factor_enabled: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """A second factor that is not confirmed yet: the secret in base32, and the address that a QR code holds."""

    secret: str = field(repr=False)
    uri: str = field(repr=False)


class OwnReads(Protocol):
    """What somebody sees of themselves."""

    async def own_people(self, agent_ids: Sequence[UUID]) -> Sequence[PersonView | None]:
        """The person behind each agent, which can only be the one who asks."""
        ...


class OwnAccount(Protocol):
    """The commands. A repeated one changes nothing more, and gives None in place of what is shown once.

    All raise `ForbiddenError` for callers that are no person who signed in, and for a wrong password the throttle's
    error or `InvalidInputError`.
    """

    async def change_password(self, actor: Actor, old: str, new: str, *, key: IdempotencyKey | None = None) -> None:
        """Have another password; all other sessions of the person end, wherever they work."""
        ...

    async def offer_second_factor(
        self, actor: Actor, password: str, *, key: IdempotencyKey | None = None
    ) -> Offer | None:
        """Begin to use an app; nothing is asked of anybody before it is confirmed."""
        ...

    async def confirm_second_factor(
        self, actor: Actor, code: str, *, key: IdempotencyKey | None = None
    ) -> list[str] | None:
        """Be asked for a code of the app from now on; gives the recovery codes, which are shown this once."""
        ...

    async def disable_second_factor(self, actor: Actor, password: str, *, key: IdempotencyKey | None = None) -> None:
        """Sign in by password alone again."""
        ...

    async def renew_recovery_codes(
        self, actor: Actor, password: str, *, key: IdempotencyKey | None = None
    ) -> list[str] | None:
        """Have new recovery codes; the old ones are worth nothing."""
        ...
