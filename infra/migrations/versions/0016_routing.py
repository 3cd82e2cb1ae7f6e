"""Routing: who is asked to take which conversation, and what is known of the people and the inboxes.

Revision ID: 0016
Revises: 0015
"""

from alembic import op

from infra.migrations.tenancy import close

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

COLUMNS = {
    "offered_to": "UUID REFERENCES agent (id)",
    "offered_until": "TIMESTAMP WITH TIME ZONE",
    "passed": "JSONB DEFAULT '{}' NOT NULL",
    "needed_since": "TIMESTAMP WITH TIME ZONE",
    "taken_at": "TIMESTAMP WITH TIME ZONE",
}
QUEUED = "state = 'waiting' AND NOT is_spam AND NOT is_snoozed AND merged_into IS NULL"
INDEXES = (
    "CREATE INDEX conversation_queue ON conversation (organization_id, priority DESC, waiting_since, id)"
    f" WHERE {QUEUED}",
    "CREATE INDEX conversation_offered ON conversation (organization_id, offered_to) WHERE offered_to IS NOT NULL",
    "CREATE INDEX conversation_taken ON conversation (organization_id, taken_at) WHERE taken_at IS NOT NULL",
)
TABLES = {
    "availability": """
CREATE TABLE availability (
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  status TEXT NOT NULL,
  capacity INTEGER NOT NULL,
  languages TEXT[] NOT NULL,
  topics TEXT[] NOT NULL,
  seen_at TIMESTAMP WITH TIME ZONE,
  asked_at TIMESTAMP WITH TIME ZONE,
  version INTEGER DEFAULT 0 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  FOREIGN KEY(id) REFERENCES agent (id) ON DELETE CASCADE,
  FOREIGN KEY(organization_id) REFERENCES organization (id)
) WITH (fillfactor = 70)
""",
    "inbox_need": """
CREATE TABLE inbox_need (
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  language TEXT,
  topic TEXT,
  version INTEGER DEFAULT 0 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  FOREIGN KEY(id) REFERENCES inbox (id) ON DELETE CASCADE,
  FOREIGN KEY(organization_id) REFERENCES organization (id)
)
""",
    "routing_policy": """
CREATE TABLE routing_policy (
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  offer INTEGER NOT NULL,
  pause INTEGER NOT NULL,
  grace INTEGER NOT NULL,
  topic INTEGER NOT NULL,
  language INTEGER NOT NULL,
  version INTEGER DEFAULT 0 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  FOREIGN KEY(organization_id) REFERENCES organization (id)
)
""",
}


def upgrade() -> None:
    """Add them; the relay sees in which organizations somebody is at work, to have their queues drained."""
    for name, kind in COLUMNS.items():
        op.execute(f"ALTER TABLE conversation ADD COLUMN {name} {kind}")
    op.execute("UPDATE conversation SET needed_since = waiting_since WHERE waiting_since IS NOT NULL")
    for statement in INDEXES:
        op.execute(statement)
    for name, definition in TABLES.items():
        op.execute(definition)
        close(name)
    op.execute("CREATE INDEX availability_at_work ON availability (organization_id) WHERE status <> 'offline'")
    op.execute("CREATE POLICY relay ON availability FOR SELECT TO parley_relay USING (status <> 'offline')")
    op.execute("GRANT SELECT (organization_id, status) ON availability TO parley_relay")


def downgrade() -> None:
    """Take them away."""
    for name in reversed(TABLES):
        op.execute(f"DROP TABLE {name}")
    for name in reversed(COLUMNS):
        op.execute(f"ALTER TABLE conversation DROP COLUMN {name}")
