"""Telling people at work, each event once, by the means and at the time that they chose."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit
from uuid import UUID

from domain.account.stored import Opening
from domain.base import (
    STAFF,
    Actor,
    Clock,
    FieldProblem,
    Identifiers,
    InvalidInputError,
    NotFoundError,
    Recorded,
    system_of,
)
from domain.notification.notification import (
    OUTSIDE,
    BundleDue,
    Means,
    Notice,
    Notification,
    NotificationArrived,
    NotificationKind,
    NotificationsRead,
    notice_of,
)
from domain.notification.ports import Browser, Letters, NotificationFeed, NotificationUnit, Reader
from domain.notification.preference import Preferences, sending
from domain.ports import IdempotencyKey, Receipt
from domain.retry import retried_once

MOST_BROWSERS = 20
MOST_READ = 100
LONGEST_ENDPOINT = 2_000
LONGEST_DEVICE = 200
POINT = re.compile(r"[A-Za-z0-9_-]{87}=?")
"""A point of P-256, uncompressed: 65 bytes."""
SECRET = re.compile(r"[A-Za-z0-9_-]{22}(==)?")
"""16 bytes."""


class Leaving(Protocol):
    """Reads the links by which people stop mails."""

    def read(self, token: str) -> tuple[UUID, UUID, NotificationKind | None] | None:
        """The organization, the agent, and the kind or None for all; None for a token that was not made here."""
        ...


class PushKeys(Protocol):
    """By which push services know an organization."""

    async def public(self, organization_id: UUID) -> str:
        """What browsers subscribe with: a point of P-256 in base64url; made when it is first asked for."""
        ...


@dataclass(frozen=True)
class Notifications:
    """The commands on what people are told, and the jobs that tell them."""

    units: Opening[NotificationUnit]
    letters: Letters
    leaving: Leaving
    push_keys: PushKeys
    feed: NotificationFeed
    new_id: Identifiers
    clock: Clock

    @retried_once
    async def notify(self, recorded: Recorded) -> None:
        """Tell everybody whom the event concerns, and who was not told of it before."""
        notice = notice_of(recorded)
        if notice is None:
            return
        async with self.units(system_of(recorded.organization_id)) as unit:
            for reader in await unit.notifications.readers(notice):
                await self._tell(unit, notice, reader, recorded.organization_id)
            await unit.commit(Receipt(self.new_id()))

    @retried_once
    async def send(self, organization_id: UUID, due: BundleDue) -> None:
        """Let go out as one what waited for a person, but for what they want no more by then."""
        async with self.units(system_of(organization_id)) as unit:
            reader = await unit.notifications.reader(due.agent_id)
            waiting = await unit.notifications.take(due.agent_id, due.means, due.bundle)
            wanted = [one for one in waiting if reader and due.means in reader.preferences.means_for(one.kind)]
            if reader is not None and wanted:
                lines = await unit.notifications.lines(wanted)
                await unit.deliveries.post(self.letters.parcels(reader, due.means, lines, organization_id))
            await unit.commit(Receipt(due.agent_id))

    @retried_once
    async def mark_read(
        self, actor: Actor, ids: Collection[UUID] | None, *, key: IdempotencyKey | None = None
    ) -> Receipt:
        """Mark some of what the caller was told as read, or all of it."""
        actor.require_kind(*STAFF)
        if ids is not None and len(ids) > MOST_READ:
            raise InvalidInputError(FieldProblem("input.ids", f"Give at most {MOST_READ}, or none for all."))
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            read = await unit.notifications.mark_read(actor.identity, ids, self.clock())
            if read:
                event = NotificationsRead(() if ids is None else tuple(read))
                await unit.notifications.journal(actor.identity, event)
            return await unit.commit(Receipt(actor.identity))

    @retried_once
    async def decide(self, actor: Actor, decided: Preferences, *, key: IdempotencyKey | None = None) -> Receipt:
        """Choose how to be told, in place of what was chosen before."""
        actor.require_kind(*STAFF)
        decided.require_valid()
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            await unit.notifications.decide(actor.identity, decided)
            return await unit.commit(Receipt(actor.identity))

    @retried_once
    async def stop_mail(self, token: str) -> None:
        """Mail the person of a link no more about one kind, or about anything; `NotFoundError` for a false link."""
        organization_id, agent_id, kind = self.require_link(token)
        async with self.units(system_of(organization_id)) as unit:
            preferences = await unit.notifications.preferences(agent_id)
            await unit.notifications.decide(agent_id, preferences.without_mail(kind))
            await unit.commit(Receipt(agent_id))

    def require_link(self, token: str) -> tuple[UUID, UUID, NotificationKind | None]:
        """Whose link it is, and about what."""
        if (found := self.leaving.read(token)) is None:
            raise NotFoundError("subscription")
        return found

    @retried_once
    async def register(self, actor: Actor, browser: Browser, *, key: IdempotencyKey | None = None) -> Receipt:
        """Tell a browser by push from now on."""
        actor.require_kind(*STAFF)
        _require_valid(browser)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            identity = await unit.notifications.add_browser(
                actor.identity, self.new_id(), browser, self.clock(), MOST_BROWSERS
            )
            return await unit.commit(Receipt(identity))

    @retried_once
    async def unregister(self, actor: Actor, browser_id: UUID, *, key: IdempotencyKey | None = None) -> Receipt:
        """Tell a browser of the caller's no more."""
        actor.require_kind(*STAFF)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            await unit.notifications.remove_browser(actor.identity, browser_id)
            return await unit.commit(Receipt(browser_id))

    async def _tell(self, unit: NotificationUnit, notice: Notice, reader: Reader, organization_id: UUID) -> None:
        at, wanted = self.clock(), reader.preferences.means_for(notice.kind)
        told = Notification(
            self.new_id(), reader.agent_id, notice.kind, notice.conversation_id, str(notice.by), at, None
        )
        is_shown = Means.IN_APP in wanted
        if not await unit.notifications.keep(told, notice.event_id, is_shown=is_shown):
            return
        if is_shown:
            await unit.notifications.journal(reader.agent_id, NotificationArrived(told.id, told.kind))
        for means in OUTSIDE:
            if means in wanted:
                await self._send(unit, told, means, reader, organization_id)

    async def _send(
        self, unit: NotificationUnit, told: Notification, means: Means, reader: Reader, organization_id: UUID
    ) -> None:
        """Now, or when more has come together."""
        when = sending(reader.preferences, told.kind, means, told.conversation_id, told.created_at)
        if when.due_at is None:
            lines = await unit.notifications.lines([told])
            await unit.deliveries.post(self.letters.parcels(reader, means, lines, organization_id))
        elif await unit.notifications.wait(told, means, when.bundle):
            due = BundleDue(told.agent_id, means, when.bundle)
            await unit.timers.set("notification", f"{told.agent_id} {means} {when.bundle}", when.due_at, due)


def _require_valid(browser: Browser) -> None:
    problems = []
    try:
        parts = urlsplit(browser.endpoint)
        usable = parts.scheme == "https" and bool(parts.hostname) and not parts.username and browser.endpoint.isascii()
    except ValueError:
        usable = False
    if not usable or not browser.endpoint.isprintable() or len(browser.endpoint) > LONGEST_ENDPOINT:
        problems.append(FieldProblem("input.endpoint", "This is no https address of a push service."))
    if not POINT.fullmatch(browser.public_key):
        problems.append(FieldProblem("input.publicKey", "This is not what `getKey('p256dh')` gives, in base64url."))
    if not SECRET.fullmatch(browser.secret):
        problems.append(FieldProblem("input.secret", "This is not what `getKey('auth')` gives, in base64url."))
    if not browser.device.isprintable() or not 1 <= len(browser.device) <= LONGEST_DEVICE:
        problems.append(FieldProblem("input.device", f"Use 1 to {LONGEST_DEVICE} printable characters."))
    if problems:
        raise InvalidInputError(*problems)
