"""The commands on ways in, made once."""

from __future__ import annotations

from domain.access.access import Access
from domain.access.api_key import Allowance, ApiKeys
from domain.access.customer import Customers
from domain.access.identity_key import IdentityKeys
from domain.access.invitation import Invitations
from domain.login.open_session import OpenSessions
from domain.login.provider import Providers
from infra.accounts.access import mint
from infra.accounts.customers import SqlDoors
from infra.accounts.identity_keys import IdentityTokens, Keymaker
from infra.accounts.invitations import InvitationLetters
from infra.accounts.providers import sealing
from infra.identity.mail import mailer
from infra.identity.sealing import Sealer
from infra.login.entrance import Ground
from infra.login.sessions import SqlSessions


def access_of(ground: Ground, sessions: SqlSessions) -> Access:
    """All that people do with ways in; `sessions` are begun by customers who come in."""
    units, clock, new_id, chosen = ground.units, ground.clock, ground.new_id, ground.settings
    sealer = Sealer(chosen.secret)
    doors = SqlDoors(ground.database, IdentityTokens(ground.database, sealer, clock), ground.ring)
    development = chosen.environment == "development"
    return Access(
        api_keys=ApiKeys(units, new_id, clock, mint, Allowance(*chosen.budget_api_key)),
        sessions=OpenSessions(units, clock),
        invitations=Invitations(units, new_id, clock),
        providers=Providers(units, new_id, clock, sealing(sealer), development=development),
        identity_keys=IdentityKeys(units, new_id, clock, Keymaker(sealer)),
        customers=Customers(units, sessions, doors, new_id, clock),
    )


def invitation_letters(ground: Ground) -> InvitationLetters:
    """What mails invitations, as the settings say."""
    chosen = ground.settings
    return InvitationLetters(ground.database, mailer(chosen), chosen.public_address, ground.clock)
