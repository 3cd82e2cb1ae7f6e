"""Webhooks: where another system is told, of what, with which rights, and how far it has been told."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from domain.account.permission import Grants, Permission, Scope, within
from domain.base import (
    Actor,
    ActorKind,
    Aggregate,
    Event,
    FieldProblem,
    ForbiddenError,
    InvalidInputError,
    InvalidStateError,
)
from domain.text import checked
from domain.tool.tool import url_problem
from domain.webhook.events import (
    WebhookChanged,
    WebhookCreated,
    WebhookDeleted,
    WebhookDisabled,
    WebhookEnabled,
    WebhookReplayed,
    WebhookSecretRotated,
)

LONGEST_DESCRIPTION = 200
LONGEST_DOCUMENT = 20_000
LONGEST_VARIABLES = 10_000
"""As JSON."""
GRANTABLE = frozenset(
    {
        Permission.READ_CONVERSATIONS,
        Permission.READ_CUSTOMERS,
        Permission.READ_KNOWLEDGE,
        Permission.READ_INTERNAL_KNOWLEDGE,
        Permission.READ_ASSISTANT,
        Permission.READ_ORGANIZATION,
        Permission.READ_AGENTS,
    }
)
"""A webhook reads; what it is told of nobody else is asked for."""
GIVEN_UP_AFTER = timedelta(days=1)
"""A webhook that takes nothing for so long is switched off."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a webhook is to be: a subscription's document and variables choose what it is told, `grants` bound it."""

    url: str
    document: str
    grants: Grants
    variables: Mapping[str, Any] = field(default_factory=dict)
    description: str = ""

    def checked(self) -> Wish:
        """The same; `InvalidInputError` where it cannot be. Whether the document is good is looked at elsewhere."""
        checked(self.document, "input.document", longest=LONGEST_DOCUMENT)
        if self.description:
            checked(self.description, "input.description", longest=LONGEST_DESCRIPTION)
        if problems := self._problems():
            raise InvalidInputError(*problems)
        return self

    def _problems(self) -> list[FieldProblem]:
        found = []
        if problem := url_problem(self.url):
            found.append(FieldProblem("input.url", problem))
        if len(json.dumps(dict(self.variables))) > LONGEST_VARIABLES:
            found.append(FieldProblem("input.variables", f"take at most {LONGEST_VARIABLES:,} characters of JSON."))
        for permission, scope in self.grants.items():
            if permission not in GRANTABLE or scope is not Scope.ALL:
                said = f"A webhook cannot have '{permission}' in the scope '{scope}'."
                found.append(FieldProblem("input.grants", said))
        if Permission.READ_CONVERSATIONS not in self.grants:
            found.append(FieldProblem("input.grants", "Give at least 'conversation.read'."))
        return found


@dataclass
class Webhook(Aggregate):
    """An endpoint. It belongs to the organization, not to whoever made it, and outlives their leaving.

    It has been told of everything up to `position`; `round` counts the times it was told anew.
    """

    url: str = ""
    document: str = ""
    grants: Mapping[Permission, Scope] = field(default_factory=dict)
    variables: Mapping[str, Any] = field(default_factory=dict)
    description: str = ""
    enabled: bool = True
    why_disabled: str | None = None
    secret: bytes = b""
    previous_secret: bytes | None = None
    previous_until: datetime | None = None
    position: int = 0
    round: int = 0
    failing_since: datetime | None = None
    deleted: bool = False

    @property
    def wish(self) -> Wish:
        """What was wished for it."""
        return Wish(**{each.name: getattr(self, each.name) for each in fields(Wish)})

    def create(self, actor: Actor, wish: Wish, *, position: int) -> None:
        """Begin, with no more than the actor has, and with what happens after a position."""
        require_within(actor, wish.grants)
        self._take(wish)
        self.position = position
        self._record(WebhookCreated(url=wish.url, grants=dict(wish.grants)))

    def change(self, actor: Actor, wish: Wish, *, reason: str | None) -> None:
        """Be another one. Who changes it must have its rights: otherwise they could have it tell them more."""
        before = self.wish
        require_within(actor, {**self.grants, **wish.grants})
        changed = tuple(one.name for one in fields(Wish) if getattr(before, one.name) != getattr(wish, one.name))
        if changed:
            self._take(wish)
            self._record(WebhookChanged(url=wish.url, grants=dict(wish.grants), changed=changed, reason=reason))

    def rotate(self, secret: bytes, *, until: datetime, reason: str | None) -> None:
        """Be signed with another secret; with the one that was the newest until now as well, for a while."""
        self.previous_secret, self.previous_until, self.secret = self.secret, until, secret
        self._record(WebhookSecretRotated(until=until, reason=reason))

    def enable(self, actor: Actor, *, from_position: int | None, reason: str | None) -> None:
        """Go on where it stopped, or from a later position on."""
        require_within(actor, self.grants)
        if self.enabled:
            return
        self.enabled, self.why_disabled, self.failing_since = True, None, None
        if from_position is not None:
            self.position = max(self.position, from_position)
        self._record(WebhookEnabled(from_now=from_position is not None, reason=reason))

    def disable(self, *, why: str | None = None, reason: str | None = None) -> None:
        """Stop; `why` where Parley does it by itself."""
        if self.enabled:
            self.enabled, self.why_disabled = False, why
            self._record(WebhookDisabled(url=self.url, why=why, reason=reason))

    def tell_again(self, actor: Actor, after: int, *, reason: str | None) -> None:
        """Be told once more of everything after a position."""
        require_within(actor, self.grants)
        if after > self.position:
            raise InvalidStateError("The webhook has not been told of this yet: it will be.")
        self.position, self.round = after, self.round + 1
        self._record(WebhookReplayed(after=after, reason=reason))

    def delete(self, *, reason: str | None) -> None:
        """End, with what had still to be told."""
        self._record(WebhookDeleted(url=self.url, reason=reason))

    def _take(self, wish: Wish) -> None:
        for each in fields(wish):
            setattr(self, each.name, getattr(wish, each.name))

    def _apply(self, event: Event) -> None:
        if isinstance(event, WebhookDeleted):
            self.deleted = True


def require_within(actor: Actor, grants: Grants) -> None:
    """`ForbiddenError` unless the actor has all of it."""
    if not within(grants, actor.grants):
        raise ForbiddenError("You cannot let a webhook see what you may not see yourself.")


def actor_of(webhook_id: UUID, organization_id: UUID, grants: Grants) -> Actor:
    """In whose name a webhook is told: nobody's but its own, like a key."""
    return Actor(ActorKind.API_KEY, webhook_id, organization_id, grants)


@dataclass(frozen=True, slots=True)
class WebhookView:
    """A webhook as people see it: everything but its secrets."""

    id: UUID
    wish: Wish
    enabled: bool
    why_disabled: str | None
    position: int
    failing_since: datetime | None
    previous_until: datetime | None
    created_at: datetime
