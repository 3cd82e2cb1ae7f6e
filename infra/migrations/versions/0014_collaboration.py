"""Notes and drafts of conversations, and the files that people send.

Revision ID: 0014
Revises: 0013
"""

from alembic import op

from infra.migrations.tenancy import close

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TABLES = {
    "note": """
CREATE TABLE note (
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  conversation_id UUID NOT NULL,
  agent_id UUID,
  text TEXT NOT NULL,
  mentioned_ids UUID[] NOT NULL,
  file_ids UUID[] NOT NULL,
  deleted_at TIMESTAMP WITH TIME ZONE,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  FOREIGN KEY(organization_id) REFERENCES organization (id),
  FOREIGN KEY(conversation_id) REFERENCES conversation (id),
  FOREIGN KEY(agent_id) REFERENCES agent (id)
)
""",
    "draft": """
CREATE TABLE draft (
  conversation_id UUID NOT NULL,
  author TEXT NOT NULL,
  organization_id UUID NOT NULL,
  text TEXT NOT NULL,
  saved_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (conversation_id, author),
  FOREIGN KEY(organization_id) REFERENCES organization (id),
  FOREIGN KEY(conversation_id) REFERENCES conversation (id)
)
""",
    "file": """
CREATE TABLE file (
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  owner TEXT NOT NULL,
  purpose TEXT NOT NULL,
  name TEXT NOT NULL,
  content_type TEXT NOT NULL,
  size INTEGER NOT NULL,
  state TEXT NOT NULL,
  refusal TEXT,
  conversation_id UUID,
  version INTEGER DEFAULT 0 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  FOREIGN KEY(organization_id) REFERENCES organization (id),
  FOREIGN KEY(conversation_id) REFERENCES conversation (id)
)
""",
}
INDEXES = (
    "CREATE INDEX note_conversation ON note (conversation_id, created_at, id)",
    "CREATE INDEX file_unclaimed ON file (organization_id, owner) WHERE conversation_id IS NULL",
)


def upgrade() -> None:
    """Add the tables, and to messages what is attached to them."""
    for name, definition in TABLES.items():
        op.execute(definition)
        close(name)
    for index in INDEXES:
        op.execute(index)
    op.execute("ALTER TABLE message ADD COLUMN attachments UUID[] DEFAULT '{}' NOT NULL")


def downgrade() -> None:
    """Take them away."""
    op.execute("ALTER TABLE message DROP COLUMN attachments")
    for name in reversed(TABLES):
        op.execute(f"DROP TABLE {name}")
