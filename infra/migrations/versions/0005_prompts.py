"""How the assistant answers, and whether it helped: versions of the organization's prompt, ratings of answers.

Revision ID: 0005
Revises: 0004
"""

from alembic import op

from infra.migrations.tenancy import close

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLES = {
    "prompt": """
CREATE TABLE prompt (
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  newest INTEGER NOT NULL,
  published INTEGER NOT NULL,
  version INTEGER DEFAULT 0 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (organization_id),
  FOREIGN KEY(organization_id) REFERENCES organization (id)
)
""",
    "prompt_version": """
CREATE TABLE prompt_version (
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  number INTEGER NOT NULL,
  note TEXT NOT NULL,
  content JSONB NOT NULL,
  created_by TEXT NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (organization_id, number),
  FOREIGN KEY(organization_id) REFERENCES organization (id)
)
""",
}
RIGHTS = {"prompt": "SELECT, INSERT, UPDATE", "prompt_version": "SELECT, INSERT"}
"""A version stays as it was written."""

RATING = {"helpful": "BOOLEAN", "rating_comment": "TEXT", "rated_at": "TIMESTAMP WITH TIME ZONE"}


def upgrade() -> None:
    """Make the tables, closed to other tenants, and room for ratings."""
    for name, definition in TABLES.items():
        op.execute(definition)
        close(name, RIGHTS[name])
    for name, kind in RATING.items():
        op.execute(f"ALTER TABLE message ADD COLUMN {name} {kind}")


def downgrade() -> None:
    """Take them away."""
    for name in RATING:
        op.execute(f"ALTER TABLE message DROP COLUMN {name}")
    for name in reversed(TABLES):
        op.execute(f"DROP TABLE {name}")
