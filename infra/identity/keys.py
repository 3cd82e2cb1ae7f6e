"""The keys that sign access tokens: kept in the database, sealed, and exchanged without anybody being signed out."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from time import monotonic

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc.jwk import OKPKey
from sqlalchemy import Row, func, insert, select, update

from domain.base import Clock
from infra.accounts.rows import signing_keys
from infra.database import Database
from infra.identity.sealing import Sealer, derived_key
from infra.identity.tokens import LIFETIME, Keys

GRACE = LIFETIME + timedelta(minutes=1)
"""How long a retired key still verifies: until everything that it signed has ended."""
REREAD_EVERY = 60.0
"""Seconds after which a process looks for new keys."""
REREAD_AT_MOST_EVERY = 1.0
"""Seconds between two looks because of a key that is not known: a stranger can name any."""


class KeyRing:
    """The keys of this process, read again from time to time and when a token names an unknown one.

    Before the first rotation the key follows from the secret key, so that all processes have it without asking.
    """

    def __init__(self, database: Database, secret: str, clock: Clock) -> None:
        self._database = database
        self._sealer = Sealer(secret)
        self._clock = clock
        self._first = _first(secret)
        self._first_keys = first_keys(secret)
        self._read_at = -REREAD_EVERY
        self._turn = asyncio.Lock()
        self.keys = self._first_keys

    async def current(self, kid: object = None) -> Keys:
        """The keys; read again when the last look is a minute old, or when they have none of the given id."""
        patience = REREAD_EVERY if kid is None or self.keys.find(kid) else REREAD_AT_MOST_EVERY
        if monotonic() - self._read_at >= patience:
            async with self._turn:
                if monotonic() - self._read_at >= patience:
                    self.keys = await self._read()
                    self._read_at = monotonic()
        return self.keys

    async def rotate(self, *, at_once: bool = False) -> str:
        """Sign with a new key from now on, and give its id; `at_once` ends everything that older ones signed."""
        now = self._clock()
        ended = now - GRACE if at_once else now
        new = self._row(Ed25519PrivateKey.generate(), now)
        async with self._database.accounts() as connection:
            if not await connection.scalar(select(func.count()).select_from(signing_keys)):
                await connection.execute(insert(signing_keys), self._row(self._first, now))
            still = signing_keys.c.retired_at.is_(None) | (signing_keys.c.retired_at > ended)
            await connection.execute(update(signing_keys).where(still).values(retired_at=ended))
            await connection.execute(insert(signing_keys), new)
            await connection.commit()
        return str(new["kid"])

    def _row(self, private: Ed25519PrivateKey, at: datetime) -> dict[str, object]:
        key = _named(private)
        sealed = self._sealer.seal(private.private_bytes_raw(), _purpose(str(key.kid)))
        return {"kid": key.kid, "private": sealed, "public": key.as_dict(private=False), "created_at": at}

    async def _read(self) -> Keys:
        k = signing_keys.c
        usable = k.retired_at.is_(None) | (k.retired_at > self._clock() - GRACE)
        async with self._database.accounts() as connection:
            known = await connection.scalar(select(func.count()).select_from(signing_keys))
            rows = (await connection.execute(select(signing_keys).where(usable).order_by(k.created_at))).all()
        if not known:
            return self._first_keys
        found = {row.kid: self._opened(row) for row in rows}
        return Keys(found[rows[-1].kid], found)

    def _opened(self, row: Row[object]) -> OKPKey:
        private = self._sealer.open(row.private, _purpose(row.kid))
        return _named(Ed25519PrivateKey.from_private_bytes(private))


def first_keys(secret: str) -> Keys:
    """The keys of an installation that never rotated any."""
    key = _named(_first(secret))
    return Keys(key, {str(key.kid): key})


def _first(secret: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(derived_key(secret, "first-signing-key"))


def _purpose(kid: str) -> str:
    return f"signing-key:{kid}"


def _named(private: Ed25519PrivateKey) -> OKPKey:
    """The key under its thumbprint (RFC 7638) as id."""
    key = OKPKey.import_key(private)
    return OKPKey.import_key(private, {"kid": key.thumbprint(), "use": "sig", "alg": "Ed25519"})
