"""What happens to accounts, and that it is told in the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from domain.account.permission import Permission, Scope
from domain.base import Audited


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingChanged(Audited):
    """After such an event credentials of the organization may be worth less, or more: everybody looks again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionStarted(Audited):
    """Somebody signed in on a device, by one of the ways in: an agent or a customer."""

    strategy: str
    device: str
    agent_id: UUID | None = None
    customer_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionEnded(StandingChanged):
    """A session ended before its time: signed out, revoked, or a refresh token came back a second time."""

    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInFailed(Audited):
    """Somebody tried to sign in as an agent and did not succeed; `cause` says at what."""

    agent_id: UUID
    strategy: str
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordChanged(Audited):
    """A person has another password: `changed` by themselves, or by a `reset` through a mailed link.

    It is told in each of the person's organizations, and in the one with `by_mail` a mail goes out.
    """

    agent_id: UUID
    person_id: UUID
    cause: str
    by_mail: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordResetRequested(Audited):
    """Somebody asked for a new password for a person, who gets a mail with a link."""

    agent_id: UUID
    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationRequested(Audited):
    """A person is to confirm their e-mail address by a link in a mail."""

    agent_id: UUID
    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailVerified(Audited):
    """A person has shown that the e-mail address is theirs."""

    agent_id: UUID
    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactorEnabled(Audited):
    """A person signs in by password and by a code of an app from now on."""

    agent_id: UUID
    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactorDisabled(Audited):
    """A person signs in by password alone again."""

    agent_id: UUID
    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryCodesRenewed(Audited):
    """A person has new recovery codes; the old ones are worth nothing."""

    agent_id: UUID
    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLinked(Audited):
    """An identity provider's name for a person is known from now on: they sign in by it."""

    agent_id: UUID
    person_id: UUID
    provider_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationCreated(Audited):
    """A tenant began."""

    name: str
    slug: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationRenamed(Audited):
    """A tenant has another name."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationSuspended(StandingChanged):
    """Nobody of the organization gets in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationResumed(StandingChanged):
    """Its people get in again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationSettingsChanged(StandingChanged):
    """Settings were changed; `changed` names them, their values are in the organization's row."""

    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentAdded(Audited):
    """A person works for the organization now."""

    person_id: UUID | None
    role_id: UUID
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentRenamed(Audited):
    """An agent calls themselves otherwise."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentRoleAssigned(StandingChanged):
    """An agent has another role."""

    role_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentSuspended(StandingChanged):
    """An agent does not get in any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentReinstated(StandingChanged):
    """A suspended agent gets in again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleCreated(Audited):
    """There is another role."""

    name: str
    grants: dict[Permission, Scope]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleChanged(StandingChanged):
    """A role is called otherwise, or grants something else."""

    name: str
    grants: dict[Permission, Scope]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleDeleted(Audited):
    """A role that nobody had is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamCreated(Audited):
    """There is another team."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamChanged(StandingChanged):
    """A team has another name, other people or other inboxes."""

    name: str
    agent_ids: tuple[UUID, ...]
    inbox_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamDeleted(StandingChanged):
    """A team is gone; its people stay."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxCreated(Audited):
    """There is another inbox."""

    name: str
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxChanged(Audited):
    """An inbox has another name, or the assistant answers in it, or does not."""

    name: str
    assistant_enabled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WidgetChanged(Audited):
    """The widget of an inbox looks otherwise, or says something else first; `changed` names the parts."""

    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKeyCreated(Audited):
    """A machine has a key; the key itself is known to nobody but it."""

    name: str
    prefix: str
    grants: dict[Permission, Scope]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKeyRevoked(StandingChanged):
    """A key is worth nothing any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationCreated(Audited):
    """Somebody is asked to work here; the mail follows."""

    email: str
    name: str
    role_id: UUID
    team_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationResent(Audited):
    """Another mail with another link was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationAccepted(Audited):
    """Who was invited works here now."""

    agent_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationRevoked(Audited):
    """An invitation is worth nothing any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityProviderCreated(Audited):
    """People can sign in somewhere else, too."""

    name: str
    issuer: str
    client_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityProviderChanged(Audited):
    """A provider has another name or client, or is switched on or off; `renewed`: it has another secret."""

    name: str
    client_id: str
    enabled: bool
    renewed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityProviderDeleted(Audited):
    """Nobody signs in there any more."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityKeyCreated(Audited):
    """The organization's own backend can vouch for customers; `signing` is by a shared secret or a private key."""

    name: str
    signing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityKeyRevoked(Audited):
    """A key vouches for nobody any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerVerified(Audited):
    """The organization's backend vouched for a customer, for the first time or with another name or address."""

    external_id: str
    key_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerMerged(StandingChanged):
    """A visitor turned out to be a known customer, who has what the visitor had."""

    into_id: UUID
