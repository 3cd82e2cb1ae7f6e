"""How often somebody may try to sign in: each attempt is counted before it is looked at, and waits grow."""

from __future__ import annotations

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from ipaddress import IPv6Address, IPv6Network, ip_address
from math import ceil
from typing import Any
from uuid import UUID

from sqlalchemy import text

from domain.base import Clock
from domain.login.throttle import TooManyAttemptsError
from infra.database import Database
from infra.identity.sealing import BrokenSealError, Sealer

FREE_FOR_ACCOUNT = 5
FREE_FOR_ADDRESS = 100
"""Failures without a wait; an address is often that of a whole office."""
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)
LONGEST_COOKIE = 200
DEVICE_LENGTH = 16

RESERVE = text(
    """
    WITH wanted AS (SELECT * FROM unnest(CAST(:names AS text[]), CAST(:free AS int[])) AS wanted (key, free))
    INSERT INTO sign_in_throttle AS known (key, failures, last_failure_at)
    SELECT key, 1, CAST(:now AS timestamptz) FROM wanted ORDER BY key
    ON CONFLICT (key) DO UPDATE SET (failures, last_failure_at, blocked_until) = (
        SELECT nth, excluded.last_failure_at,
               CASE WHEN nth >= free THEN excluded.last_failure_at
                    + least(interval '1 second' * power(2, least(nth - free, 30)), CAST(:longest AS interval)) END
        FROM wanted, LATERAL (
            SELECT CASE WHEN known.last_failure_at < :forgotten THEN 1 ELSE known.failures + 1 END AS nth
        ) AS counted
        WHERE wanted.key = known.key
    )
    WHERE known.blocked_until IS NULL OR known.blocked_until <= excluded.last_failure_at
    RETURNING key
    """
)
"""Counts an attempt for each key that does not wait, and begins the next wait. Whoever comes at the same moment waits
for the row and then sees what it says by then. Rows are locked in the order of keys, so that no two lock each other."""

BLOCKED = text("SELECT max(blocked_until) FROM sign_in_throttle WHERE key = ANY(:names) AND key <> ALL(:reserved)")

SETTLE = text(
    """
    WITH held AS MATERIALIZED (SELECT key FROM sign_in_throttle WHERE key = ANY(:names) ORDER BY key FOR UPDATE)
    UPDATE sign_in_throttle AS known SET blocked_until = NULL,
        failures = CASE WHEN known.key = ANY(:cleared) THEN 0 ELSE greatest(known.failures - 1, 0) END
    FROM held WHERE known.key = held.key
    """
)
FORGET = text("DELETE FROM sign_in_throttle WHERE last_failure_at < :forgotten")


@dataclass(frozen=True, slots=True)
class Key:
    """What attempts are counted by: `free` failures (2 or more) without a wait.

    One that is `cleared` is forgotten with a success. That of an address is not: whoever has one account could
    otherwise try all others, and sign in to the own one in between.
    """

    name: str
    free: int = FREE_FOR_ACCOUNT
    cleared: bool = True


def by_account(email: str) -> Key:
    """Attempts for one e-mail address, whether anybody has it or not; of what strangers type a digest is kept."""
    return Key(f"account:{sha256(_account(email)).hexdigest()}")


def by_second_factor(person_id: UUID) -> Key:
    """Attempts for one person's codes, of the app and for recovery."""
    return Key(f"factor:{person_id}")


def by_address(address: str) -> Key:
    """Attempts from one IPv4 address or one IPv6 /64, which is what one household gets; or from what is neither."""
    try:
        found = ip_address(address)
    except ValueError:
        return Key("address:unknown", FREE_FOR_ADDRESS, cleared=False)
    if isinstance(found, IPv6Address):
        found = found.ipv4_mapped or IPv6Network((int(found), 64), strict=False).network_address
    return Key(f"address:{found}", FREE_FOR_ADDRESS, cleared=False)


class Devices:
    """Cookies by which a device is known that has signed in to an account before.

    A cookie is good for one account and gives no right but to attempts that are counted apart, so that it may live
    for long and need not be revoked: whoever steals one gets five guesses, then the waits.
    """

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def issue(self, email: str) -> str:
        """A cookie for a device that has just signed in, or used a link that was mailed to the person."""
        return urlsafe_b64encode(self._sealer.seal(os.urandom(DEVICE_LENGTH), _purpose(email))).decode()

    def key(self, email: str, cookie: str | None) -> Key | None:
        """What attempts of a known device are counted by, or None for another account's cookie or no true one."""
        try:
            if not cookie or len(cookie) > LONGEST_COOKIE:
                return None
            device = self._sealer.open(urlsafe_b64decode(cookie), _purpose(email))
        except (BrokenSealError, ValueError):
            return None
        return Key(f"device:{device.hex()}")


class Throttle:
    """Counts attempts for keys and makes those wait who fail too often.

    For an account five failures are free, then the wait is 1 s and doubles with each further one up to 15 minutes;
    for an address a hundred are free. A day after the last failure all is forgotten. An attempt during a wait is
    refused, not counted, and makes no wait longer.

    Nobody can be locked out for good by others: a device that has signed in before is counted by its cookie
    (`Devices`) alone, which no stranger has, and neither by account nor by address. From a new device a person who
    is being attacked may have to wait, again and again at worst; the way in is then the link for a new password,
    which gives the device its cookie.

    To use: `await reserve(*keys)`, then verify, then `succeeded(*keys)`; after a failure nothing, since it has been
    counted; `release(*keys)` when nothing could be verified. That order is what holds against many guesses at once:
    none is looked at that was not counted before.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def reserve(self, *keys: Key) -> None:
        """Count an attempt for all keys, as if it had failed; raises `TooManyAttemptsError` and counts for none."""
        now = self._clock()
        free = {key.name: key.free for key in keys}
        values = {"names": [*free], "free": [*free.values()], "now": now}
        values |= {"longest": LONGEST_WAIT, "forgotten": now - FORGOTTEN_AFTER}
        async with self._database.accounts() as connection:
            reserved = (await connection.execute(RESERVE, values)).scalars().all()
            if len(reserved) < len(free):
                blocked = await connection.execute(BLOCKED, {"names": [*free], "reserved": [*reserved]})
                raise TooManyAttemptsError(max(1, ceil((blocked.scalar_one() - now).total_seconds())))
            await connection.commit()

    async def succeeded(self, *keys: Key) -> None:
        """The attempt that was reserved was right: forget the failures of account and device, give back the rest."""
        await self._settle(keys, cleared=[key.name for key in keys if key.cleared])

    async def release(self, *keys: Key) -> None:
        """The attempt that was reserved was never verified, for Parley had no time: it counts for nothing."""
        await self._settle(keys, cleared=[])

    async def forget(self) -> int:
        """Delete what is older than a day; how many keys that were. For a sweep."""
        return await self._execute(FORGET, {"forgotten": self._clock() - FORGOTTEN_AFTER})

    async def _settle(self, keys: tuple[Key, ...], *, cleared: list[str]) -> None:
        await self._execute(SETTLE, {"names": [key.name for key in keys], "cleared": cleared})

    async def _execute(self, statement: Any, values: dict[str, Any]) -> int:
        async with self._database.accounts() as connection:
            result = await connection.execute(statement, values)
            await connection.commit()
        return result.rowcount


def sign_in_keys(devices: Devices, *, email: str, address: str, cookie: str | None) -> tuple[Key, ...]:
    """What an attempt to sign in is counted by: its known device, else the account and the address."""
    device = devices.key(email, cookie)
    return (device,) if device else (by_account(email), by_address(address))


def _account(email: str) -> bytes:
    return email.strip().lower().encode("utf-8", "surrogatepass")


def _purpose(email: str) -> str:
    return f"device:{sha256(_account(email)).hexdigest()}"
