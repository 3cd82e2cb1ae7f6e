"""What is kept of conversations for agents: summaries and classifications.

Revision ID: 0008
Revises: 0007
"""

from alembic import op

from infra.migrations.tenancy import close

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLES = {
    "conversation_summary": """
CREATE TABLE conversation_summary (
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  text TEXT NOT NULL,
  messages INTEGER NOT NULL,
  made_by TEXT NOT NULL,
  made_at TIMESTAMP WITH TIME ZONE NOT NULL,
  version INTEGER DEFAULT 0 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  FOREIGN KEY(id) REFERENCES conversation (id) ON DELETE CASCADE,
  FOREIGN KEY(organization_id) REFERENCES organization (id)
)
""",
    "conversation_classification": """
CREATE TABLE conversation_classification (
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  topic TEXT,
  language TEXT,
  sentiment TEXT NOT NULL,
  urgency TEXT NOT NULL,
  confidence DOUBLE PRECISION,
  made_by TEXT NOT NULL,
  made_at TIMESTAMP WITH TIME ZONE NOT NULL,
  version INTEGER DEFAULT 0 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  FOREIGN KEY(id) REFERENCES conversation (id) ON DELETE CASCADE,
  FOREIGN KEY(organization_id) REFERENCES organization (id)
)
""",
}


def upgrade() -> None:
    """Make the tables, closed to other tenants."""
    for name, definition in TABLES.items():
        op.execute(definition)
        close(name)


def downgrade() -> None:
    """Take them away."""
    for name in reversed(TABLES):
        op.execute(f"DROP TABLE {name}")
