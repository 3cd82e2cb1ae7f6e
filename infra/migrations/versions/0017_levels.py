"""Service levels, and rules that act by themselves, with a log of what they did.

Revision ID: 0017
Revises: 0016
"""

from alembic import op

from infra.migrations.tenancy import close

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

OLD = "at < now() - interval '30 days'"
TABLES = {
    "service_level_policy": """
CREATE TABLE service_level_policy (
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  name TEXT NOT NULL,
  place INTEGER NOT NULL,
  enabled BOOLEAN NOT NULL,
  inbox_ids UUID[] NOT NULL,
  tag_ids UUID[] NOT NULL,
  targets JSONB NOT NULL,
  pauses BOOLEAN NOT NULL,
  warn_at INTEGER NOT NULL,
  version INTEGER DEFAULT 0 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (organization_id, name),
  FOREIGN KEY(organization_id) REFERENCES organization (id)
)
""",
    "service_level": """
CREATE TABLE service_level (
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  policy_id UUID,
  clocks JSONB NOT NULL,
  due_at TIMESTAMP WITH TIME ZONE,
  is_open BOOLEAN NOT NULL,
  PRIMARY KEY (id),
  FOREIGN KEY(id) REFERENCES conversation (id) ON DELETE CASCADE,
  FOREIGN KEY(organization_id) REFERENCES organization (id),
  FOREIGN KEY(policy_id) REFERENCES service_level_policy (id) ON DELETE SET NULL
)
""",
    "rule": """
CREATE TABLE rule (
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  name TEXT NOT NULL,
  place INTEGER NOT NULL,
  enabled BOOLEAN NOT NULL,
  triggers TEXT[] NOT NULL,
  condition JSONB NOT NULL,
  actions JSONB NOT NULL,
  stops BOOLEAN NOT NULL,
  version INTEGER DEFAULT 0 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (organization_id, name),
  FOREIGN KEY(organization_id) REFERENCES organization (id)
)
""",
    "rule_run": """
CREATE TABLE rule_run (
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  rule_id UUID NOT NULL,
  rule_version INTEGER NOT NULL,
  event_id BIGINT NOT NULL,
  event_kind TEXT NOT NULL,
  conversation_id UUID NOT NULL,
  outcome TEXT NOT NULL,
  reason TEXT,
  actions JSONB NOT NULL,
  chain UUID[] NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  finished_at TIMESTAMP WITH TIME ZONE,
  PRIMARY KEY (id),
  UNIQUE (rule_id, event_id),
  FOREIGN KEY(organization_id) REFERENCES organization (id),
  FOREIGN KEY(rule_id) REFERENCES rule (id) ON DELETE CASCADE,
  FOREIGN KEY(conversation_id) REFERENCES conversation (id) ON DELETE CASCADE
)
""",
}
INDEXES = (
    "CREATE INDEX service_level_due ON service_level (organization_id, due_at, id) WHERE due_at IS NOT NULL",
    "CREATE INDEX service_level_open ON service_level (organization_id, id) WHERE is_open",
    "CREATE INDEX rule_run_newest ON rule_run (organization_id, at, id)",
    "CREATE INDEX rule_run_rule ON rule_run (rule_id, at, id)",
    "CREATE INDEX rule_run_conversation ON rule_run (conversation_id, at)",
    "CREATE INDEX rule_run_at ON rule_run (at)",
)


def upgrade() -> None:
    """Make the tables, closed to other tenants; the relay forgets what rules did more than thirty days ago."""
    for name, definition in TABLES.items():
        op.execute(definition)
        close(name)
    for statement in INDEXES:
        op.execute(statement)
    op.execute(f"CREATE POLICY relay ON rule_run TO parley_relay USING ({OLD})")
    op.execute("GRANT SELECT (at), DELETE ON rule_run TO parley_relay")


def downgrade() -> None:
    """Take them away."""
    for name in reversed(TABLES):
        op.execute(f"DROP TABLE {name}")
