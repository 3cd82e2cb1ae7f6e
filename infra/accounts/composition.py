"""The commands on ways in, made once."""

from __future__ import annotations

from domain.account.access import Access
from domain.account.api_key import Allowance, ApiKeys
from domain.account.invitation import Invitations
from domain.account.open_session import OpenSessions
from domain.account.provider import Providers
from domain.base import Clock, Identifiers
from infra.accounts.access import mint
from infra.accounts.invitations import InvitationLetters
from infra.accounts.mail import mailer
from infra.accounts.providers import sealing
from infra.accounts.sealing import Sealer
from infra.database import Database
from infra.settings import Settings
from infra.unit_of_work import SqlUnits


def access_of(units: SqlUnits, chosen: Settings, clock: Clock, new_id: Identifiers) -> Access:
    """All that people do with ways in."""
    sealer = Sealer(chosen.secret)
    return Access(
        api_keys=ApiKeys(units, new_id, clock, mint, Allowance(*chosen.budget_api_key)),
        sessions=OpenSessions(units, clock),
        invitations=Invitations(units, new_id, clock),
        providers=Providers(units, new_id, clock, sealing(sealer), development=chosen.environment == "development"),
    )


def invitation_letters(database: Database, chosen: Settings, clock: Clock) -> InvitationLetters:
    """What mails invitations, as the settings say."""
    return InvitationLetters(database, mailer(chosen), chosen.public_address, clock)
