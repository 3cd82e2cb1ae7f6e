"""What can happen to webhooks; all of it stands in the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.account.permission import Permission, Scope
from domain.base import Audited


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookCreated(Audited):
    """Another system is told of what happens."""

    url: str
    grants: Mapping[Permission, Scope]


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookChanged(Audited):
    """A webhook is another one now; `changed` names what is."""

    url: str
    grants: Mapping[Permission, Scope]
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSecretRotated(Audited):
    """A webhook is signed with another secret; with the one before as well until then."""

    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookEnabled(Audited):
    """A webhook is told again: of what it missed too, unless it goes on from now."""

    from_now: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookDisabled(Audited):
    """A webhook is not told any more; `why` where Parley switched it off by itself."""

    url: str
    why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookReplayed(Audited):
    """A webhook is told once more of everything after a position."""

    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookDeleted(Audited):
    """A webhook is gone, with what had still to be told."""

    url: str
