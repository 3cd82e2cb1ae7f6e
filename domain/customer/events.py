"""What happens to customers at the desk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from domain.account.events import StandingChanged
from domain.base import Audited, Event
from domain.conversation.triage import AttributeValue


@dataclass(frozen=True, slots=True)
class CustomerChanged(Event):
    """Somebody learned who a customer is: this is all of it now."""

    name: str
    email: str | None
    phone: str | None
    language: str | None
    zone: str | None


@dataclass(frozen=True, slots=True)
class CustomerAttributesChanged(Event):
    """A customer has these custom attributes now, by the keys of their definitions."""

    attributes: Mapping[str, AttributeValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerBlocked(StandingChanged):
    """A customer does not get in any more, and is not heard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerUnblocked(Audited):
    """A blocked customer is let in and heard again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerErased(StandingChanged):
    """Nothing is known of a customer any more, nor of what they said; what is left is that somebody was there."""
