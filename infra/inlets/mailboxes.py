"""Looks into the mailboxes of all organizations: one worker at a time into each, and takes what has come."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import select, text, update

from domain.base import ConflictError, UnavailableError
from domain.channel.account import EmailSettings, Server
from domain.channel.ports import Place
from domain.channel.receiving import Inlet
from infra.channels.rows import channel_accounts, mailbox_places
from infra.channels.sealing import ChannelSecrets
from infra.channels.stored import settings_of
from infra.database import Database
from infra.edge.smtp import Dial
from infra.inlets.imap import Mailbox, MailboxError, opened

AT_ONCE = 4
"""Into how many mailboxes one worker looks at a time."""
MOST_AT_A_TIME = 100
"""How many mails one look takes: the next mailbox has its turn."""
LEASE = timedelta(seconds=90)
LEASED = text(
    """
    INSERT INTO mailbox_place (id, organization_id, leased_until)
    VALUES (:id, :organization_id, now() + CAST(:lease AS interval))
    ON CONFLICT (id) DO UPDATE SET leased_until = now() + CAST(:lease AS interval)
    WHERE coalesce(mailbox_place.leased_until, '-infinity') < now()
      AND coalesce(mailbox_place.fetched_at, '-infinity') < now() - make_interval(secs => :pause)
    RETURNING validity, last_uid, fetched_at
    """
)
"""Nobody else's for a while; no row where somebody is at it, or was a moment ago."""
BABBLE = "The mail server answers as no mail server should."
STILL = text("now() + interval '90 seconds'")
OVER = text("now()")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Visit:
    """A mailbox that is ours for the moment, and how far it was read."""

    place: Place
    server: Server
    password: str
    since: datetime
    validity: int | None
    last_uid: int


@dataclass(frozen=True)
class SqlPlaces:
    """Knows of each inbox whose it is, and nothing more."""

    database: Database

    async def of(self, inbox_id: UUID, channel: str) -> Place | None:
        """An inbox that is connected by a channel and switched on."""
        c = channel_accounts.c
        wanted = select(c.organization_id).where(c.id == inbox_id, c.channel == channel, c.enabled)
        async with self.database.relay() as connection:
            organization_id = await connection.scalar(wanted)
        return Place(organization_id, inbox_id) if organization_id else None


@dataclass(frozen=True)
class SqlMailboxes:
    """Fetches mail. `pause` is how many seconds there are at least between two looks into one mailbox."""

    database: Database
    seals: ChannelSecrets
    inlet: Inlet
    dial: Dial
    pause: float

    async def look(self) -> int:
        """Look into all that are due; how many mails were taken."""
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(place: Place) -> int:
            async with gate:
                return await self._look_into(place)

        return sum(await asyncio.gather(*(one(place) for place in await self._places())))

    async def _places(self) -> Sequence[Place]:
        c = channel_accounts.c
        wanted = select(c.id, c.organization_id).where(c.channel == "email", c.enabled).order_by(c.id)
        async with self.database.relay() as connection:
            return [Place(row.organization_id, row.id) for row in await connection.execute(wanted)]

    async def _look_into(self, place: Place) -> int:
        visit = await self._visit(place)
        if visit is None:
            return 0
        taken, problem = 0, None
        try:
            async with opened(visit.server, visit.password, self.dial) as mailbox:
                taken = await self._take(visit, mailbox)
        except MailboxError as error:
            problem = str(error)
            log.warning("mailbox.unreadable", inbox=str(place.inbox_id), problem=problem)
        except (UnavailableError, ConflictError):
            raise
        except Exception:  # whatever one server says, the mailboxes of others are looked into
            problem = BABBLE
            log.exception("mailbox.failed", inbox=str(place.inbox_id))
        await self._note(place, problem=problem, fetched_at=OVER, leased_until=None)
        return taken

    async def _visit(self, place: Place) -> _Visit | None:
        """The mailbox under a lease; None where there is none, or it is not its turn."""
        c = channel_accounts.c
        wanted = select(c.settings, c.secrets, c.created_at).where(c.id == place.inbox_id)
        async with self.database.tenant(place.organization_id) as connection:
            account = (await connection.execute(wanted)).one_or_none()
            settings = settings_of("email", account.settings) if account else None
            if account is None or not isinstance(settings, EmailSettings) or settings.imap is None:
                return None
            owned = {"id": place.inbox_id, "organization_id": place.organization_id}
            values = owned | {"pause": self.pause * 0.8, "lease": LEASE}
            leased = (await connection.execute(LEASED, values)).one_or_none()
            await connection.commit()
        if leased is None:
            return None
        password = self.seals.open(place.inbox_id, account.secrets).get("imap_password", "")
        return _visit(place, settings.imap, password, account, leased)

    async def _take(self, visit: _Visit, mailbox: Mailbox) -> int:
        """Each mail is stored before it is marked and counted: a crash in between has it come once more, as known."""
        goes_on = visit.validity == mailbox.validity
        uids = await (mailbox.after(visit.last_uid) if goes_on else mailbox.since(visit.since))
        if not goes_on:
            before = min(uids) - 1 if uids else max(await mailbox.after(0), default=0)
            await self._note(visit.place, validity=mailbox.validity, last_uid=before)
        for uid in uids[:MOST_AT_A_TIME]:
            if (raw := await mailbox.take(uid)) and await self._received(visit.place, raw):
                await mailbox.mark(uid)
            await self._note(visit.place, last_uid=uid, leased_until=STILL)
        return len(uids[:MOST_AT_A_TIME])

    async def _received(self, place: Place, raw: bytes) -> bool:
        """Whether it was taken in; a mail that only brings a mistake of ours to light stays unseen in the mailbox."""
        try:
            await self.inlet.receive(place, raw)
        except (UnavailableError, ConflictError):
            raise
        except Exception:
            log.exception("mailbox.mail_failed", inbox=str(place.inbox_id))
            return False
        return True

    async def _note(self, place: Place, **values: Any) -> None:
        m = mailbox_places.c
        async with self.database.tenant(place.organization_id) as connection:
            await connection.execute(update(mailbox_places).where(m.id == place.inbox_id).values(values))
            await connection.commit()


def _visit(place: Place, server: Server, password: str, account: Any, leased: Any) -> _Visit:
    since = leased.fetched_at if leased.validity is not None else account.created_at
    return _Visit(place, server, password, since or account.created_at, leased.validity, leased.last_uid)
