"""Everything behind the routes of signing in, made once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from domain.account.signing_in import Login
from domain.base import Clock, Identifiers
from infra.accounts.keys import KeyRing
from infra.accounts.notices import Failures
from infra.accounts.passwords import Passwords
from infra.accounts.sealing import Sealer
from infra.accounts.second_factor import RecoveryCodes
from infra.accounts.sessions import Lifetimes, SqlSessions
from infra.accounts.signing_in import PasswordSigningIn
from infra.accounts.standing import Standings
from infra.accounts.throttle import Devices, Throttle
from infra.database import Database
from infra.settings import Settings
from infra.unit_of_work import SqlUnits


@dataclass(frozen=True)
class Ground:
    """What signing in stands on."""

    settings: Settings
    database: Database
    units: SqlUnits
    ring: KeyRing
    standings: Standings
    passwords: Passwords
    failures: Failures
    clock: Clock
    new_id: Identifiers


def login(ground: Ground) -> Login:
    """Everything behind the routes."""
    sealer = Sealer(ground.settings.secret)
    chosen = ground.settings
    lifetimes = Lifetimes(timedelta(days=chosen.session_days), timedelta(days=chosen.session_idle_days))
    sessions = SqlSessions(
        ground.database, ground.units, ground.ring, ground.clock, lifetimes, heard=ground.standings.heard
    )
    signing_in = PasswordSigningIn(
        database=ground.database,
        throttle=Throttle(ground.database, ground.clock),
        devices=Devices(sealer),
        passwords=ground.passwords,
        sealer=sealer,
        recovery_codes=RecoveryCodes(ground.settings.secret),
        sessions=sessions,
        failures=ground.failures,
        clock=ground.clock,
        new_id=ground.new_id,
    )
    return Login(sessions=sessions, signing_in=signing_in)
