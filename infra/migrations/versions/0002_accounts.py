"""Accounts: people, roles, teams, inboxes, sessions, keys and identity providers, and the role that signs people in.

Revision ID: 0002
Revises: 0001
"""

from uuid import uuid5

from alembic import op
from sqlalchemy import text

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE person (
  id UUID NOT NULL,
  email TEXT NOT NULL,
  name TEXT NOT NULL,
  password_hash TEXT,
  password_changed_at TIMESTAMP WITH TIME ZONE,
  email_verified_at TIMESTAMP WITH TIME ZONE,
  totp_secret BYTEA,
  totp_confirmed_at TIMESTAMP WITH TIME ZONE,
  totp_step BIGINT,
  version INTEGER DEFAULT 0 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (email)
);
CREATE TABLE recovery_code (
  person_id UUID NOT NULL,
  hash BYTEA NOT NULL,
  used_at TIMESTAMP WITH TIME ZONE,
  PRIMARY KEY (person_id, hash),
  FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
);
CREATE TABLE mail_token (
  hash BYTEA NOT NULL,
  person_id UUID NOT NULL,
  purpose TEXT NOT NULL,
  email TEXT NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
  used_at TIMESTAMP WITH TIME ZONE,
  PRIMARY KEY (hash),
  FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
);
CREATE TABLE sign_in_throttle (
  key TEXT NOT NULL,
  failures INTEGER NOT NULL,
  last_failure_at TIMESTAMP WITH TIME ZONE NOT NULL,
  blocked_until TIMESTAMP WITH TIME ZONE,
  PRIMARY KEY (key)
);
CREATE TABLE signing_key (
  kid TEXT NOT NULL,
  private BYTEA NOT NULL,
  public JSONB NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  retired_at TIMESTAMP WITH TIME ZONE,
  PRIMARY KEY (kid)
);
CREATE TABLE role (
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  name TEXT NOT NULL,
  builtin TEXT,
  grants JSONB NOT NULL,
  version INTEGER DEFAULT 0 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (organization_id, name),
  FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE TABLE inbox (
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  name TEXT NOT NULL,
  channel TEXT NOT NULL,
  settings JSONB NOT NULL,
  version INTEGER DEFAULT 0 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (organization_id, name),
  FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE TABLE team (
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  name TEXT NOT NULL,
  version INTEGER DEFAULT 0 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (organization_id, name),
  FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE TABLE identity_provider (
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  name TEXT NOT NULL,
  issuer TEXT NOT NULL,
  client_id TEXT NOT NULL,
  client_secret BYTEA NOT NULL,
  enabled BOOLEAN NOT NULL,
  version INTEGER DEFAULT 0 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (organization_id, name),
  FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE TABLE team_agent (
  team_id UUID NOT NULL,
  agent_id UUID NOT NULL,
  organization_id UUID NOT NULL,
  PRIMARY KEY (team_id, agent_id),
  FOREIGN KEY(team_id) REFERENCES team (id) ON DELETE CASCADE,
  FOREIGN KEY(agent_id) REFERENCES agent (id),
  FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX team_agent_agent ON team_agent (agent_id);
CREATE TABLE team_inbox (
  team_id UUID NOT NULL,
  inbox_id UUID NOT NULL,
  organization_id UUID NOT NULL,
  PRIMARY KEY (team_id, inbox_id),
  FOREIGN KEY(team_id) REFERENCES team (id) ON DELETE CASCADE,
  FOREIGN KEY(inbox_id) REFERENCES inbox (id),
  FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE TABLE person_identity (
  provider_id UUID NOT NULL,
  subject TEXT NOT NULL,
  person_id UUID NOT NULL,
  organization_id UUID NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (provider_id, subject),
  FOREIGN KEY(provider_id) REFERENCES identity_provider (id) ON DELETE CASCADE,
  FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE,
  FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE TABLE session (
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  person_id UUID,
  agent_id UUID,
  customer_id UUID,
  strategy TEXT NOT NULL,
  device TEXT NOT NULL,
  address TEXT,
  provider_id UUID,
  provider_session TEXT,
  version INTEGER DEFAULT 0 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  last_seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
  expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
  ended_at TIMESTAMP WITH TIME ZONE,
  ended_reason TEXT,
  PRIMARY KEY (id),
  CONSTRAINT session_of_one CHECK ((agent_id IS NULL) <> (customer_id IS NULL)),
  FOREIGN KEY(organization_id) REFERENCES organization (id),
  FOREIGN KEY(person_id) REFERENCES person (id),
  FOREIGN KEY(agent_id) REFERENCES agent (id),
  FOREIGN KEY(customer_id) REFERENCES customer (id),
  FOREIGN KEY(provider_id) REFERENCES identity_provider (id)
);
CREATE INDEX session_agent ON session (agent_id) WHERE ended_at IS NULL;
CREATE INDEX session_customer ON session (customer_id) WHERE ended_at IS NULL;
CREATE INDEX session_organization ON session (organization_id, created_at, id);
CREATE INDEX session_provider ON session (provider_id, provider_session) WHERE ended_at IS NULL;
CREATE TABLE refresh_token (
  hash BYTEA NOT NULL,
  session_id UUID NOT NULL,
  organization_id UUID NOT NULL,
  issued_at TIMESTAMP WITH TIME ZONE NOT NULL,
  used_at TIMESTAMP WITH TIME ZONE,
  PRIMARY KEY (hash),
  FOREIGN KEY(session_id) REFERENCES session (id) ON DELETE CASCADE,
  FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX refresh_token_session ON refresh_token (session_id);
CREATE TABLE api_key (
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  name TEXT NOT NULL,
  prefix TEXT NOT NULL,
  hash BYTEA NOT NULL,
  grants JSONB NOT NULL,
  created_by TEXT NOT NULL,
  cost_capacity INTEGER NOT NULL,
  cost_per_second INTEGER NOT NULL,
  version INTEGER DEFAULT 0 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  expires_at TIMESTAMP WITH TIME ZONE,
  last_used_at TIMESTAMP WITH TIME ZONE,
  revoked_at TIMESTAMP WITH TIME ZONE,
  PRIMARY KEY (id),
  FOREIGN KEY(organization_id) REFERENCES organization (id),
  UNIQUE (hash)
);
CREATE INDEX api_key_organization ON api_key (organization_id, created_at, id);
CREATE TABLE invitation (
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  email TEXT NOT NULL,
  name TEXT NOT NULL,
  role_id UUID NOT NULL,
  team_ids UUID[] NOT NULL,
  token_hash BYTEA,
  invited_by TEXT NOT NULL,
  version INTEGER DEFAULT 0 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
  accepted_at TIMESTAMP WITH TIME ZONE,
  revoked_at TIMESTAMP WITH TIME ZONE,
  PRIMARY KEY (id),
  FOREIGN KEY(organization_id) REFERENCES organization (id),
  FOREIGN KEY(role_id) REFERENCES role (id),
  UNIQUE (token_hash)
);
CREATE INDEX invitation_organization ON invitation (organization_id, created_at, id);
CREATE TABLE identity_key (
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  material BYTEA NOT NULL,
  version INTEGER DEFAULT 0 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  revoked_at TIMESTAMP WITH TIME ZONE,
  PRIMARY KEY (id),
  FOREIGN KEY(organization_id) REFERENCES organization (id)
);
"""

CHANGED = """
ALTER TABLE organization ADD COLUMN suspended_at TIMESTAMP WITH TIME ZONE;
ALTER TABLE organization ADD COLUMN version INTEGER DEFAULT 0 NOT NULL;
ALTER TABLE customer ADD COLUMN external_id TEXT;
ALTER TABLE customer ADD COLUMN verified_at TIMESTAMP WITH TIME ZONE;
ALTER TABLE customer ADD COLUMN merged_into UUID REFERENCES customer (id);
ALTER TABLE customer ADD UNIQUE (organization_id, external_id);
ALTER TABLE agent ADD COLUMN person_id UUID REFERENCES person (id);
ALTER TABLE agent ADD COLUMN role_id UUID REFERENCES role (id);
ALTER TABLE agent ADD COLUMN suspended_at TIMESTAMP WITH TIME ZONE;
ALTER TABLE agent ADD COLUMN version INTEGER DEFAULT 0 NOT NULL;
ALTER TABLE agent ADD UNIQUE (organization_id, person_id);
ALTER TABLE conversation ADD COLUMN inbox_id UUID REFERENCES inbox (id);
ALTER TABLE event ADD COLUMN address TEXT;
ALTER TABLE event ADD COLUMN audited BOOLEAN DEFAULT false NOT NULL;
CREATE INDEX event_audit ON event (organization_id, id) WHERE audited
"""

FILLED = """
ALTER TABLE agent ALTER COLUMN role_id SET NOT NULL;
ALTER TABLE agent DROP COLUMN role;
ALTER TABLE conversation ALTER COLUMN inbox_id SET NOT NULL
"""

# In the order in which they refer to each other.
GLOBAL = ["person", "recovery_code", "mail_token", "sign_in_throttle", "signing_key"]
TENANT_TABLES = [
    "role",
    "inbox",
    "team",
    "identity_provider",
    "team_agent",
    "team_inbox",
    "person_identity",
    "session",
    "refresh_token",
    "api_key",
    "invitation",
    "identity_key",
]
OLD_TABLES = ["organization", "agent", "customer", "conversation"]
BUILTIN = ["owner", "admin", "agent", "analyst"]

ROLE = """DO $$ BEGIN CREATE ROLE parley_accounts NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"""
MEMBER = "DO $$ BEGIN EXECUTE format('GRANT parley_accounts TO %I', current_user); END $$"
TENANT = "nullif(current_setting('parley.organization_id', true), '')::uuid"

# What the role that signs people in may do, over all tenants: its own tables whole, of the others what it needs.
ACCOUNTS = {
    "person": "SELECT, INSERT, UPDATE",
    "recovery_code": "SELECT, INSERT, UPDATE, DELETE",
    "mail_token": "SELECT, INSERT, UPDATE, DELETE",
    "sign_in_throttle": "SELECT, INSERT, UPDATE, DELETE",
    "signing_key": "SELECT, INSERT, UPDATE",
    "organization": "SELECT, INSERT",
    "role": "SELECT, INSERT",
    "inbox": "SELECT, INSERT",
    "agent": "SELECT, INSERT",
    "customer": "SELECT, INSERT, UPDATE",
    "session": "SELECT, INSERT, UPDATE",
    "refresh_token": "SELECT, INSERT, UPDATE, DELETE",
    "api_key": "SELECT, UPDATE (last_used_at)",
    "invitation": "SELECT, UPDATE",
    "team_agent": "SELECT, INSERT",
    "identity_provider": "SELECT",
    "person_identity": "SELECT, INSERT",
    "identity_key": "SELECT",
}

# An organization sees of a person only who works for it, and nothing of what they sign in with.
PERSON = f"""
CREATE POLICY tenant ON person FOR SELECT TO parley_app USING (
  EXISTS (SELECT FROM agent WHERE agent.person_id = person.id AND agent.organization_id = {TENANT})
);
GRANT SELECT (id, email, name, email_verified_at, totp_confirmed_at) ON person TO parley_app
"""  # noqa: S608  nothing in it comes from outside

# What is signed in to is journalled in the tenant's own stream: one that is set, and no other.
JOURNAL = f"""
CREATE POLICY accounts ON event TO parley_accounts
  USING (organization_id = {TENANT}) WITH CHECK (organization_id = {TENANT});
GRANT SELECT, INSERT ON event TO parley_accounts
"""


def run(script: str) -> None:
    """Run statements one by one: asyncpg prepares each and takes no more than one at a time."""
    for statement in script.split(";\n"):
        if statement.strip():
            op.execute(statement.strip().rstrip(";"))


def upgrade() -> None:
    """Make the tables, give every organization its roles and its inbox, and close everything to other tenants."""
    op.execute(ROLE)
    op.execute(MEMBER)
    run(TABLES)
    force(OLD_TABLES, on=False)  # forced, row security would hide the rows from the owner who fills them in here
    run(CHANGED)
    fill()
    run(FILLED)
    force(OLD_TABLES, on=True)
    for name in [*GLOBAL, *TENANT_TABLES]:
        op.execute(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY")
    for name in TENANT_TABLES:
        policy = f"USING (organization_id = {TENANT}) WITH CHECK (organization_id = {TENANT})"
        op.execute(f"CREATE POLICY tenant ON {name} TO parley_app {policy}")
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {name} TO parley_app")
    for name, rights in ACCOUNTS.items():
        op.execute(f"CREATE POLICY accounts ON {name} TO parley_accounts USING (true) WITH CHECK (true)")
        op.execute(f"GRANT {rights} ON {name} TO parley_accounts")
    run(PERSON)
    run(JOURNAL)


def force(names: list[str], *, on: bool) -> None:
    """Subject the tables' owner to row security, or not."""
    for name in names:
        op.execute(f"ALTER TABLE {name} {'' if on else 'NO '}FORCE ROW LEVEL SECURITY")


def fill() -> None:
    """Roles and the inbox of organizations that are there already; agents get the role that they had by name."""
    bind = op.get_bind()
    for (organization_id,) in bind.execute(text("SELECT id FROM organization")).all():
        inbox = {"id": uuid5(organization_id, "inbox:default"), "organization_id": organization_id}
        bind.execute(
            text(
                "INSERT INTO inbox (id, organization_id, name, channel, settings, created_at)"
                " VALUES (:id, :organization_id, 'Chat', 'chat', '{}', now())"
            ),
            inbox,
        )
        for name in BUILTIN:
            role = {"id": uuid5(organization_id, f"role:{name}"), "organization_id": organization_id, "name": name}
            bind.execute(
                text(
                    "INSERT INTO role (id, organization_id, name, builtin, grants, created_at)"
                    " VALUES (:id, :organization_id, :name, :name, '{}', now())"
                ),
                role,
            )
    bind.execute(
        text(
            "UPDATE agent SET role_id = r.id FROM role r"
            " WHERE r.organization_id = agent.organization_id AND r.name = role"
        )
    )
    bind.execute(
        text(
            "UPDATE conversation SET inbox_id = i.id FROM inbox i"
            " WHERE i.organization_id = conversation.organization_id"
        )
    )


def downgrade() -> None:
    """Take the tables and columns away; agents keep the name of a built-in role."""
    force(OLD_TABLES, on=False)
    op.execute("ALTER TABLE agent ADD COLUMN role TEXT")
    op.execute("ALTER TABLE role NO FORCE ROW LEVEL SECURITY")
    op.execute(
        "UPDATE agent SET role = CASE WHEN r.builtin IN ('owner', 'admin') THEN 'admin' ELSE 'agent' END"
        " FROM role r WHERE r.id = role_id"
    )
    op.execute("ALTER TABLE agent ALTER COLUMN role SET NOT NULL")
    for name in ACCOUNTS:
        op.execute(f"DROP POLICY IF EXISTS accounts ON {name}")
    op.execute("DROP POLICY accounts ON event")
    for name, columns in {
        "organization": ["suspended_at", "version"],
        "customer": ["external_id", "verified_at", "merged_into"],
        "agent": ["person_id", "role_id", "suspended_at", "version"],
        "conversation": ["inbox_id"],
        "event": ["address", "audited"],
    }.items():
        for column in columns:
            op.execute(f"ALTER TABLE {name} DROP COLUMN {column} CASCADE")
    op.execute("REVOKE ALL ON organization, agent, customer, event FROM parley_accounts")
    for name in reversed([*GLOBAL, *TENANT_TABLES]):
        op.execute(f"DROP TABLE {name} CASCADE")
    force(OLD_TABLES, on=True)
