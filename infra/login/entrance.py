"""Everything behind the routes of signing in, made once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from domain.base import Clock, Identifiers
from domain.login.signing_in import Founder, Login
from infra.database import Database
from infra.identity.keys import KeyRing
from infra.identity.mail import mailer
from infra.identity.oidc import OpenIDConnect
from infra.identity.passwords import Passwords
from infra.identity.sealing import Sealer
from infra.identity.second_factor import RecoveryCodes
from infra.identity.standing import Standings
from infra.identity.throttle import Devices, Throttle
from infra.live.signals import Sender
from infra.login.everywhere import Everywhere
from infra.login.federation import Federation
from infra.login.joining import Joining
from infra.login.letters import Letters
from infra.login.notices import Failures
from infra.login.own import OwnPerson
from infra.login.recovery import Recovery
from infra.login.sessions import Lifetimes, SqlSessions
from infra.login.signing_in import PasswordSigningIn
from infra.login.sweeping import Sweeping
from infra.settings import Settings
from infra.unit_of_work import SqlUnits


@dataclass(frozen=True)
class Ground:
    """What signing in stands on."""

    settings: Settings
    database: Database
    units: SqlUnits
    sender: Sender
    ring: KeyRing
    standings: Standings
    clock: Clock
    new_id: Identifiers


class Entrance:
    """The parts of signing in; `login` is what routes use, `post` what the job of mail uses.

    `chores` are to run beside a server; `close` it at the end, which frees the threads that hash passwords.
    """

    def __init__(self, ground: Ground) -> None:
        chosen = ground.settings
        self._ground = ground
        self._sealer = Sealer(chosen.secret)
        self._devices = Devices(self._sealer)
        self._passwords = Passwords()
        self._failures = Failures(ground.units, ground.new_id)
        self._everywhere = Everywhere(
            ground.database, ground.sender, ground.clock, ground.new_id, heard=ground.standings.heard
        )
        self._recovery = Recovery(ground.database, self._everywhere, self._passwords, self._devices, ground.clock)
        self.sessions = self._sessions()
        self.post = Letters(ground.database, mailer(chosen), chosen.public_address, ground.clock)
        self.joining = self._joining()
        self.own = self._own()
        self.login = Login(
            sessions=self.sessions,
            signing_in=self._signing_in(),
            recovery=self._recovery,
            joining=self.joining,
            federation=self._federation(),
            published_keys=self._published_keys,
        )
        self.sweeping = Sweeping(ground.database, Throttle(ground.database, ground.clock), ground.clock)
        self.chores = (self._failures.run, self._recovery.run, self.sweeping.run)

    async def found(self, founder: Founder) -> str | None:
        """Found an organization from a shell; the link by which its owner chooses a password, if they need one."""
        return await self.joining.found(founder, self.post)

    async def forget_second_factor(self, email: str, reason: str) -> bool:
        """Let who lost app and recovery codes in by password alone; false for an address that nobody has."""
        return await self._recovery.forget_second_factor(email, reason)

    def close(self) -> None:
        """End the threads."""
        self._passwords.close()

    async def _published_keys(self) -> dict[str, object]:
        return (await self._ground.ring.current()).published

    def _sessions(self) -> SqlSessions:
        ground, chosen = self._ground, self._ground.settings
        lifetimes = Lifetimes(timedelta(days=chosen.session_days), timedelta(days=chosen.session_idle_days))
        return SqlSessions(
            ground.database, ground.units, ground.ring, ground.clock, lifetimes, heard=ground.standings.heard
        )

    def _joining(self) -> Joining:
        ground = self._ground
        return Joining(
            database=ground.database,
            everywhere=self._everywhere,
            recovery=self._recovery,
            sessions=self.sessions,
            devices=self._devices,
            clock=ground.clock,
            new_id=ground.new_id,
            is_open=ground.settings.sign_up == "open",
        )

    def _own(self) -> OwnPerson:
        ground = self._ground
        return OwnPerson(
            database=ground.database,
            units=ground.units,
            recovery=self._recovery,
            throttle=Throttle(ground.database, ground.clock),
            sealer=self._sealer,
            codes=RecoveryCodes(ground.settings.secret),
            clock=ground.clock,
            new_id=ground.new_id,
        )

    def _federation(self) -> Federation:
        ground, chosen = self._ground, self._ground.settings
        return Federation(
            database=ground.database,
            everywhere=self._everywhere,
            openid=OpenIDConnect(development=chosen.environment == "development"),
            sealer=self._sealer,
            sessions=self.sessions,
            failures=self._failures,
            clock=ground.clock,
            new_id=ground.new_id,
            redirect_uri=f"{chosen.public_address}/auth/oidc/callback",
        )

    def _signing_in(self) -> PasswordSigningIn:
        ground = self._ground
        return PasswordSigningIn(
            database=ground.database,
            throttle=Throttle(ground.database, ground.clock),
            devices=self._devices,
            passwords=self._passwords,
            sealer=self._sealer,
            recovery_codes=RecoveryCodes(ground.settings.secret),
            sessions=self.sessions,
            failures=self._failures,
            clock=ground.clock,
            new_id=ground.new_id,
        )
