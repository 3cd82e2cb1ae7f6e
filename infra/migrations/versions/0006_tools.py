"""What the assistant may do: tools, their calls, actions that wait for approval, and proofs of who asks.

Revision ID: 0006
Revises: 0005
"""

from alembic import op

from infra.migrations.tenancy import close

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES = {
    "mcp_server": """
CREATE TABLE mcp_server (
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  name TEXT NOT NULL,
  url TEXT NOT NULL,
  secret_header TEXT,
  secret BYTEA,
  signing BYTEA,
  refreshed_at TIMESTAMP WITH TIME ZONE,
  version INTEGER DEFAULT 0 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (organization_id, name),
  FOREIGN KEY(organization_id) REFERENCES organization (id)
)
""",
    "tool": """
CREATE TABLE tool (
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  server_id UUID,
  remote_name TEXT,
  name TEXT NOT NULL,
  title TEXT NOT NULL,
  description TEXT NOT NULL,
  parameters JSONB NOT NULL,
  url TEXT,
  method TEXT,
  kind TEXT NOT NULL,
  needs_verified_customer BOOLEAN NOT NULL,
  needs_approval BOOLEAN NOT NULL,
  redacted_input TEXT[] NOT NULL,
  redacted_output TEXT[] NOT NULL,
  time_limit INTEGER NOT NULL,
  enabled BOOLEAN NOT NULL,
  secret_header TEXT,
  secret BYTEA,
  signing BYTEA,
  version INTEGER DEFAULT 0 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (organization_id, name),
  FOREIGN KEY(organization_id) REFERENCES organization (id),
  FOREIGN KEY(server_id) REFERENCES mcp_server (id) ON DELETE CASCADE
)
""",
    "tool_call": """
CREATE TABLE tool_call (
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  tool_id UUID,
  tool TEXT NOT NULL,
  title TEXT NOT NULL,
  conversation_id UUID,
  customer_id UUID,
  question_id UUID,
  attempt_id UUID,
  agent_id UUID,
  digest TEXT NOT NULL,
  input JSONB NOT NULL,
  arguments BYTEA,
  output TEXT NOT NULL,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  took_ms INTEGER NOT NULL,
  due_at TIMESTAMP WITH TIME ZONE,
  proposed_at TIMESTAMP WITH TIME ZONE,
  decided_at TIMESTAMP WITH TIME ZONE,
  decided_by UUID,
  reason TEXT,
  settled BOOLEAN NOT NULL,
  version INTEGER DEFAULT 0 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  FOREIGN KEY(organization_id) REFERENCES organization (id),
  FOREIGN KEY(tool_id) REFERENCES tool (id) ON DELETE SET NULL,
  FOREIGN KEY(conversation_id) REFERENCES conversation (id),
  FOREIGN KEY(customer_id) REFERENCES customer (id),
  FOREIGN KEY(agent_id) REFERENCES agent (id),
  FOREIGN KEY(decided_by) REFERENCES agent (id)
)
""",
    "proof": """
CREATE TABLE proof (
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  customer_id UUID,
  code_hash BYTEA,
  code_until TIMESTAMP WITH TIME ZONE,
  tries_left INTEGER NOT NULL,
  codes INTEGER NOT NULL,
  proven_until TIMESTAMP WITH TIME ZONE,
  version INTEGER DEFAULT 0 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  FOREIGN KEY(id) REFERENCES conversation (id),
  FOREIGN KEY(organization_id) REFERENCES organization (id),
  FOREIGN KEY(customer_id) REFERENCES customer (id)
)
""",
}
INDEXES = [
    "CREATE INDEX tool_call_conversation ON tool_call (conversation_id, created_at, id)",
    "CREATE INDEX tool_call_question ON tool_call (question_id)",
    "CREATE INDEX tool_call_due ON tool_call (due_at) WHERE due_at IS NOT NULL",
    "CREATE INDEX tool_call_action ON tool_call (organization_id, created_at, id) WHERE proposed_at IS NOT NULL",
]


def upgrade() -> None:
    """Make the tables, closed to other tenants; the relay sees whose calls' time is up, and nothing else of them."""
    for name, statement in TABLES.items():
        op.execute(statement.strip())
        close(name)
    for statement in INDEXES:
        op.execute(statement)
    op.execute("CREATE POLICY relay ON tool_call FOR SELECT TO parley_relay USING (due_at <= now())")
    op.execute("GRANT SELECT (id, organization_id, due_at) ON tool_call TO parley_relay")
    op.execute("ALTER TABLE message ADD COLUMN action_id UUID")
    op.execute("ALTER TABLE message ADD COLUMN needs_code BOOLEAN DEFAULT false NOT NULL")


def downgrade() -> None:
    """Take them away."""
    op.execute("ALTER TABLE message DROP COLUMN needs_code")
    op.execute("ALTER TABLE message DROP COLUMN action_id")
    for name in reversed(TABLES):
        op.execute(f"DROP TABLE {name}")
