"""What webhooks need of their surroundings: repositories, secrets, and turns at being told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from domain.account.permission import Grants
from domain.account.role import RoleUnit
from domain.account.stored import Stored
from domain.base import Actor, Recorded
from domain.carriage.replay import ReplayableDeliveries
from domain.webhook.log import WebhookLogReads
from domain.webhook.webhook import Webhook, WebhookView, actor_of


class WebhookRepository(Stored[Webhook], Protocol):
    """Webhooks of the actor's organization, to change."""

    async def all(self) -> Sequence[Webhook]:
        """Every one, locked."""
        ...

    async def newest(self) -> int:
        """The newest position that the organization's journal has given out."""
        ...


class WebhookUnit(RoleUnit, Protocol):
    """A unit of work that holds webhooks, the roles of those who make them, and deliveries."""

    @property
    def webhooks(self) -> WebhookRepository:
        """Webhooks, to change."""
        ...

    @property
    def deliveries(self) -> ReplayableDeliveries:
        """Deliveries."""
        ...


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret as it is kept, sealed, and as the other end must have it: `whsec_` and base64."""

    kept: bytes
    shown: str


class WebhookSeals(Protocol):
    """Makes the secrets of webhooks."""

    def new(self, webhook_id: UUID) -> Secret:
        """A secret for one webhook."""
        ...


@dataclass(frozen=True, slots=True)
class Past:
    """Some of what happened, in order; `place` is the position to go on after, `has_more` whether more was there."""

    events: Sequence[Recorded]
    place: int
    has_more: bool


class WebhookReads(WebhookLogReads, Protocol):
    """What one actor may see of webhooks, and of what they are told."""

    async def past(self, after: int, most: int) -> Past:
        """At most so many delivered events of all conversations after a position, as the live feed has them."""
        ...

    async def webhooks(self, ids: Sequence[UUID]) -> Sequence[WebhookView | None]:
        """Webhooks by id."""
        ...

    async def all_webhooks(self) -> Sequence[WebhookView]:
        """Every one, the oldest first."""
        ...


@dataclass(frozen=True, slots=True)
class Turn:
    """A webhook that is to be told of what happened after `position`, as it was when its turn came."""

    webhook_id: UUID
    organization_id: UUID
    version: int
    document: str
    variables: Mapping[str, Any]
    grants: Grants
    position: int
    round: int

    @property
    def actor(self) -> Actor:
        """In whose name it is told."""
        return actor_of(self.webhook_id, self.organization_id, self.grants)


@dataclass(frozen=True, slots=True)
class Letter:
    """What a webhook is told of one event: the `body` is sent as it stands here, however often it is tried."""

    position: int
    stream: str
    body: str


class Dispatch(Protocol):
    """Gives out turns and takes what was written for them, in all organizations."""

    async def woken(self, *, within: float) -> None:
        """Return when something may have happened, or after `within` seconds."""
        ...

    async def turns(self) -> Sequence[Turn]:
        """Webhooks of which there is something to tell; nobody else gets them for some seconds."""
        ...

    async def post(self, turn: Turn, letters: Sequence[Letter], place: int) -> bool:
        """Post what a webhook is told, and move it to a place: both or neither.

        False when somebody was faster, or the webhook is another one by now: then nothing was done.
        """
        ...

    async def shut(self, turn: Turn, why: str) -> None:
        """Switch a webhook off that cannot be told anything; it stays where it is."""
        ...
