"""What conversations are sorted and found by: tags, attributes, views, and macros that do several things at once.

Revision ID: 0013
Revises: 0012
"""

from alembic import op

from infra.migrations.tenancy import close

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TABLES = {
    "tag": """
CREATE TABLE tag (
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  name TEXT NOT NULL,
  color TEXT NOT NULL,
  version INTEGER DEFAULT 0 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (organization_id, name),
  FOREIGN KEY(organization_id) REFERENCES organization (id)
)""",
    "attribute_definition": """
CREATE TABLE attribute_definition (
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  applies_to TEXT NOT NULL,
  key TEXT NOT NULL,
  label TEXT NOT NULL,
  kind TEXT NOT NULL,
  choices JSONB NOT NULL,
  version INTEGER DEFAULT 0 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (organization_id, applies_to, key),
  FOREIGN KEY(organization_id) REFERENCES organization (id)
)""",
    "view": """
CREATE TABLE view (
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  agent_id UUID,
  name TEXT NOT NULL,
  filter JSONB NOT NULL,
  ordering TEXT NOT NULL,
  version INTEGER DEFAULT 0 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  FOREIGN KEY(organization_id) REFERENCES organization (id),
  FOREIGN KEY(agent_id) REFERENCES agent (id)
)""",
    "macro": """
CREATE TABLE macro (
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  agent_id UUID,
  name TEXT NOT NULL,
  text TEXT,
  actions JSONB NOT NULL,
  version INTEGER DEFAULT 0 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  FOREIGN KEY(organization_id) REFERENCES organization (id),
  FOREIGN KEY(agent_id) REFERENCES agent (id)
)""",
    "conversation_label": """
CREATE TABLE conversation_label (
  conversation_id UUID NOT NULL,
  label UUID NOT NULL,
  organization_id UUID NOT NULL,
  last_activity_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (conversation_id, label),
  FOREIGN KEY(conversation_id) REFERENCES conversation (id) ON DELETE CASCADE,
  FOREIGN KEY(organization_id) REFERENCES organization (id)
)""",
}
INDEXES = {
    "view_agent": "view (organization_id, agent_id, name, id)",
    "macro_agent": "macro (organization_id, agent_id, name, id)",
    "conversation_label_activity": "conversation_label (organization_id, label, last_activity_at, conversation_id)",
    "conversation_priority_activity": "conversation (organization_id, state, priority, last_activity_at, id)",
    "conversation_waiting": "conversation (organization_id, waiting_since, id) WHERE waiting_since IS NOT NULL",
    "conversation_spam": "conversation (organization_id, last_activity_at, id) WHERE is_spam",
    "conversation_snoozed": "conversation (organization_id, last_activity_at, id) WHERE is_snoozed",
    "conversation_merged": "conversation (organization_id, merged_into) WHERE merged_into IS NOT NULL",
}


def upgrade() -> None:
    """Add the tables, and the orders in which conversations are read."""
    op.execute("ALTER TABLE conversation ADD COLUMN opening TEXT")
    for name, statement in TABLES.items():
        op.execute(statement)
        close(name)
    for name, place in INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON {place}")


def downgrade() -> None:
    """Take them away."""
    for name, place in INDEXES.items():
        if place.startswith("conversation "):
            op.execute(f"DROP INDEX {name}")
    for name in reversed(TABLES):
        op.execute(f"DROP TABLE {name}")
    op.execute("ALTER TABLE conversation DROP COLUMN opening")
