"""What people sort conversations by, and the timers that all parts of the desk share.

Revision ID: 0012
Revises: 0011
"""

from alembic import op

from infra.migrations.tenancy import close

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

COLUMNS = {
    "priority": "SMALLINT DEFAULT 1 NOT NULL",
    "tag_ids": "UUID[] DEFAULT '{}' NOT NULL",
    "attributes": "JSONB DEFAULT '{}' NOT NULL",
    "is_snoozed": "BOOLEAN DEFAULT false NOT NULL",
    "snoozed_until": "TIMESTAMP WITH TIME ZONE",
    "is_spam": "BOOLEAN DEFAULT false NOT NULL",
    "merged_into": "UUID REFERENCES conversation (id)",
    "linked_ids": "UUID[] DEFAULT '{}' NOT NULL",
}
TIMER = """
CREATE TABLE timer (
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  name TEXT NOT NULL,
  key TEXT NOT NULL,
  due_at TIMESTAMP WITH TIME ZONE NOT NULL,
  kind TEXT NOT NULL,
  payload JSONB NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (organization_id, name, key),
  FOREIGN KEY(organization_id) REFERENCES organization (id)
)
"""
RELAY = (
    "CREATE POLICY relay ON timer TO parley_relay USING (due_at <= now())",
    "GRANT SELECT, UPDATE (due_at), DELETE ON timer TO parley_relay",
    "GRANT INSERT ON event TO parley_relay",
)


def upgrade() -> None:
    """Add the columns and the table; the relay reaches the timers whose time has come, and appends their events."""
    for name, kind in COLUMNS.items():
        op.execute(f"ALTER TABLE conversation ADD COLUMN {name} {kind}")
    op.execute(TIMER)
    op.execute("CREATE INDEX timer_due ON timer (due_at, id)")
    close("timer")
    for statement in RELAY:
        op.execute(statement)


def downgrade() -> None:
    """Take them away."""
    op.execute("REVOKE INSERT ON event FROM parley_relay")
    op.execute("DROP TABLE timer")
    for name in reversed(COLUMNS):
        op.execute(f"ALTER TABLE conversation DROP COLUMN {name}")
