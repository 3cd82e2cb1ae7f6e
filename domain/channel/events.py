"""What happens to channels, and what comes back from them about messages that went out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from domain.base import Audited
from domain.conversation.desk_events import Aside


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelConnected(Audited):
    """An inbox sends and receives at an address from now on."""

    channel: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelChanged(Audited):
    """Something of how an inbox is connected is otherwise; `changed` names it, secrets by their names alone."""

    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelDisconnected(Audited):
    """An inbox is connected no more; what was secret of it is forgotten."""

    address: str


class Failure(StrEnum):
    """Why something that went out did not arrive."""

    BOUNCED = "bounced"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class MessageUndelivered(Aside):
    """A message did not arrive; `explanation` is what the other end said, in its words, clipped."""

    message_id: UUID | None
    address: str
    failure: Failure
    explanation: str


@dataclass(frozen=True, slots=True)
class AutomaticReplyReceived(Aside):
    """A machine answered in the customer's name, such as an out-of-office note; nobody answers that."""

    sender: str
    text: str
