"""The tables of accounts, as SQLModel rows: who people are, their ways in, and what they may do."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    Text,
    text,
)
from sqlalchemy import UniqueConstraint as Unique
from sqlmodel import Field, SQLModel

from infra.storage.columns import binary, count, flag, ids, integer, json, moment, parent, table, words


class PersonRow(SQLModel, table=True):
    """Somebody with an e-mail address, in lower case, and ways in; of no organization, and maybe at work in several."""

    __tablename__ = "person"
    id: UUID = Field(primary_key=True)
    email: str = Field(sa_column=Column(Text, nullable=False, unique=True))
    name: str = words()
    password_hash: str | None = words(nullable=True)
    password_changed_at: datetime | None = moment(nullable=True)
    email_verified_at: datetime | None = moment(nullable=True)
    totp_secret: bytes | None = binary(nullable=True)
    totp_confirmed_at: datetime | None = moment(nullable=True)
    totp_step: int | None = Field(sa_column=Column(BigInteger, nullable=True), default=None)
    version: int = count()
    created_at: datetime = moment()


class RecoveryCodeRow(SQLModel, table=True):
    """A code that stands in for a second factor once."""

    __tablename__ = "recovery_code"
    person_id: UUID = parent("person", key=True, on_delete="CASCADE")
    hash: bytes = binary(key=True)
    used_at: datetime | None = moment(nullable=True)


class MailTokenRow(SQLModel, table=True):
    """A link in a mail that proves the address and works once; `purpose` is what for."""

    __tablename__ = "mail_token"
    hash: bytes = binary(key=True)
    person_id: UUID = parent("person", on_delete="CASCADE")
    purpose: str = words()
    email: str = words()
    created_at: datetime = moment()
    expires_at: datetime = moment()
    used_at: datetime | None = moment(nullable=True)


class SignInThrottleRow(SQLModel, table=True):
    """How often one account or one address failed to sign in of late, and until when it has to wait."""

    __tablename__ = "sign_in_throttle"
    key: str = Field(sa_column=Column(Text, primary_key=True))
    failures: int = integer()
    last_failure_at: datetime = moment()
    blocked_until: datetime | None = moment(nullable=True)


class SigningKeyRow(SQLModel, table=True):
    """A key that access tokens are signed with; retired ones verify what they signed until that ends."""

    __tablename__ = "signing_key"
    kid: str = Field(sa_column=Column(Text, primary_key=True))
    private: bytes = binary()
    public: dict[str, Any] = json(nullable=False)
    created_at: datetime = moment()
    retired_at: datetime | None = moment(nullable=True)


class RoleRow(SQLModel, table=True):
    """What its holders may do: `grants` maps permissions to scopes; a built-in role takes its own from the code."""

    __tablename__ = "role"
    __table_args__ = (Unique("organization_id", "name"),)
    id: UUID = Field(primary_key=True)
    organization_id: UUID = parent("organization")
    name: str = words()
    builtin: str | None = words(nullable=True)
    grants: dict[str, str] = json(nullable=False)
    version: int = count()
    created_at: datetime = moment()


class InboxRow(SQLModel, table=True):
    """Where conversations come in: a channel with its settings."""

    __tablename__ = "inbox"
    __table_args__ = (Unique("organization_id", "name"),)
    id: UUID = Field(primary_key=True)
    organization_id: UUID = parent("organization")
    name: str = words()
    channel: str = words()
    settings: dict[str, Any] = json(nullable=False)
    version: int = count()
    created_at: datetime = moment()


class TeamRow(SQLModel, table=True):
    """People who work together, on the inboxes given to them."""

    __tablename__ = "team"
    __table_args__ = (Unique("organization_id", "name"),)
    id: UUID = Field(primary_key=True)
    organization_id: UUID = parent("organization")
    name: str = words()
    version: int = count()
    created_at: datetime = moment()


class TeamAgentRow(SQLModel, table=True):
    """Who is in a team."""

    __tablename__ = "team_agent"
    __table_args__ = (Index("team_agent_agent", "agent_id"),)
    team_id: UUID = parent("team", key=True, on_delete="CASCADE")
    agent_id: UUID = parent("agent", key=True)
    organization_id: UUID = parent("organization")


class TeamInboxRow(SQLModel, table=True):
    """Which inboxes a team works on."""

    __tablename__ = "team_inbox"
    team_id: UUID = parent("team", key=True, on_delete="CASCADE")
    inbox_id: UUID = parent("inbox", key=True)
    organization_id: UUID = parent("organization")


class IdentityProviderRow(SQLModel, table=True):
    """Somewhere else that people sign in, by OpenID Connect; the client's secret is sealed."""

    __tablename__ = "identity_provider"
    __table_args__ = (Unique("organization_id", "name"),)
    id: UUID = Field(primary_key=True)
    organization_id: UUID = parent("organization")
    name: str = words()
    issuer: str = words()
    client_id: str = words()
    client_secret: bytes = binary()
    enabled: bool = flag()
    version: int = count()
    created_at: datetime = moment()


class PersonIdentityRow(SQLModel, table=True):
    """Whom a provider calls what: its subject is one of our people."""

    __tablename__ = "person_identity"
    provider_id: UUID = parent("identity_provider", key=True, on_delete="CASCADE")
    subject: str = Field(sa_column=Column(Text, primary_key=True))
    person_id: UUID = parent("person", on_delete="CASCADE")
    organization_id: UUID = parent("organization")
    created_at: datetime = moment()


class SessionRow(SQLModel, table=True):
    """One sign-in on one device, with all the refresh tokens that follow from it; of an agent or of a customer."""

    __tablename__ = "session"
    __table_args__ = (
        CheckConstraint("(agent_id IS NULL) <> (customer_id IS NULL)", name="session_of_one"),
        Index("session_agent", "agent_id", postgresql_where=text("ended_at IS NULL")),
        Index("session_customer", "customer_id", postgresql_where=text("ended_at IS NULL")),
        Index("session_provider", "provider_id", "provider_session", postgresql_where=text("ended_at IS NULL")),
        Index("session_organization", "organization_id", "created_at", "id"),
    )
    id: UUID = Field(primary_key=True)
    organization_id: UUID = parent("organization")
    person_id: UUID | None = parent("person", nullable=True)
    agent_id: UUID | None = parent("agent", nullable=True)
    customer_id: UUID | None = parent("customer", nullable=True)
    strategy: str = words()
    device: str = words()
    address: str | None = words(nullable=True)
    provider_id: UUID | None = parent("identity_provider", nullable=True)
    provider_session: str | None = words(nullable=True)
    version: int = count()
    created_at: datetime = moment()
    last_seen_at: datetime = moment()
    expires_at: datetime = moment()
    ended_at: datetime | None = moment(nullable=True)
    ended_reason: str | None = words(nullable=True)


class RefreshTokenRow(SQLModel, table=True):
    """A refresh token, hashed; one that is used a second time was stolen, and ends its session."""

    __tablename__ = "refresh_token"
    __table_args__ = (Index("refresh_token_session", "session_id"),)
    hash: bytes = binary(key=True)
    session_id: UUID = parent("session", on_delete="CASCADE")
    organization_id: UUID = parent("organization")
    issued_at: datetime = moment()
    used_at: datetime | None = moment(nullable=True)


class ApiKeyRow(SQLModel, table=True):
    """A key for a machine, hashed; `prefix` is how people recognise it, cost is what it may ask for over time."""

    __tablename__ = "api_key"
    __table_args__ = (Index("api_key_organization", "organization_id", "created_at", "id"),)
    id: UUID = Field(primary_key=True)
    organization_id: UUID = parent("organization")
    name: str = words()
    prefix: str = words()
    hash: bytes = binary(unique=True)
    grants: dict[str, str] = json(nullable=False)
    created_by: str = words()
    cost_capacity: int = integer()
    cost_per_second: int = integer()
    version: int = count()
    created_at: datetime = moment()
    expires_at: datetime | None = moment(nullable=True)
    last_used_at: datetime | None = moment(nullable=True)
    revoked_at: datetime | None = moment(nullable=True)


class InvitationRow(SQLModel, table=True):
    """Somebody asked to work here; `token_hash` is that of the newest mailed link."""

    __tablename__ = "invitation"
    __table_args__ = (Index("invitation_organization", "organization_id", "created_at", "id"),)
    id: UUID = Field(primary_key=True)
    organization_id: UUID = parent("organization")
    email: str = words()
    name: str = words()
    role_id: UUID = parent("role")
    team_ids: list[UUID] = ids()
    token_hash: bytes | None = binary(nullable=True, unique=True)
    invited_by: str = words()
    version: int = count()
    created_at: datetime = moment()
    expires_at: datetime = moment()
    accepted_at: datetime | None = moment(nullable=True)
    revoked_at: datetime | None = moment(nullable=True)


class IdentityKeyRow(SQLModel, table=True):
    """What an organization signs its customers' identities with: a sealed shared secret, or a public key."""

    __tablename__ = "identity_key"
    id: UUID = Field(primary_key=True)
    organization_id: UUID = parent("organization")
    name: str = words()
    kind: str = words()
    material: bytes = binary()
    version: int = count()
    created_at: datetime = moment()
    revoked_at: datetime | None = moment(nullable=True)


people = table(PersonRow)
recovery_codes = table(RecoveryCodeRow)
mail_tokens = table(MailTokenRow)
sign_in_throttles = table(SignInThrottleRow)
signing_keys = table(SigningKeyRow)
roles = table(RoleRow)
inboxes = table(InboxRow)
teams = table(TeamRow)
team_agents = table(TeamAgentRow)
team_inboxes = table(TeamInboxRow)
identity_providers = table(IdentityProviderRow)
person_identities = table(PersonIdentityRow)
sessions = table(SessionRow)
refresh_tokens = table(RefreshTokenRow)
api_keys = table(ApiKeyRow)
invitations = table(InvitationRow)
identity_keys = table(IdentityKeyRow)
