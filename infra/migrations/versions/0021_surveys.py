"""Surveys: customers are asked how it went.

Revision ID: 0021
Revises: 0020
"""

from alembic import op

from infra.migrations.tenancy import close

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

SURVEY = """
CREATE TABLE survey (
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  conversation_id UUID NOT NULL,
  episode INTEGER NOT NULL,
  asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
  reminded_at TIMESTAMP WITH TIME ZONE,
  score SMALLINT,
  comment TEXT,
  answered_at TIMESTAMP WITH TIME ZONE,
  PRIMARY KEY (id),
  UNIQUE (conversation_id, episode),
  FOREIGN KEY(organization_id) REFERENCES organization (id),
  FOREIGN KEY(conversation_id) REFERENCES conversation (id)
)
"""


def upgrade() -> None:
    """Make the table, closed to other tenants."""
    op.execute(SURVEY)
    op.execute("CREATE INDEX survey_asked ON survey (organization_id, asked_at, id)")
    close("survey")


def downgrade() -> None:
    """Take it away."""
    op.execute("DROP TABLE survey")
