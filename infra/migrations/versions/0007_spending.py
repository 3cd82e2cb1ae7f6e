"""What models may cost, and what they have cost.

Revision ID: 0007
Revises: 0006
"""

from alembic import op

from infra.migrations.tenancy import close

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLES = {
    "budget": """
CREATE TABLE budget (
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  scope TEXT NOT NULL,
  api_key_id UUID,
  period TEXT NOT NULL,
  soft_micros BIGINT,
  soft_tokens BIGINT,
  hard_micros BIGINT,
  hard_tokens BIGINT,
  version INTEGER DEFAULT 0 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  UNIQUE NULLS NOT DISTINCT (organization_id, scope, api_key_id, period),
  FOREIGN KEY(organization_id) REFERENCES organization (id),
  FOREIGN KEY(api_key_id) REFERENCES api_key (id)
)
""",
    "budget_use": """
CREATE TABLE budget_use (
  budget_id UUID NOT NULL,
  subject_id UUID NOT NULL,
  starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
  organization_id UUID NOT NULL,
  micros BIGINT NOT NULL,
  tokens BIGINT NOT NULL,
  warned_at TIMESTAMP WITH TIME ZONE,
  spent_at TIMESTAMP WITH TIME ZONE,
  PRIMARY KEY (budget_id, subject_id, starts_at),
  FOREIGN KEY(budget_id) REFERENCES budget (id) ON DELETE CASCADE,
  FOREIGN KEY(organization_id) REFERENCES organization (id)
)
""",
    "model_call": """
CREATE TABLE model_call (
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  model TEXT NOT NULL,
  purpose TEXT NOT NULL,
  conversation_id UUID,
  api_key_id UUID,
  read INTEGER NOT NULL,
  written INTEGER NOT NULL,
  cached INTEGER NOT NULL,
  micros BIGINT,
  estimated BOOLEAN NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  settled_at TIMESTAMP WITH TIME ZONE,
  PRIMARY KEY (id),
  FOREIGN KEY(organization_id) REFERENCES organization (id)
)
""",
    "price_list": """
CREATE TABLE price_list (
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  currency TEXT NOT NULL,
  prices JSONB NOT NULL,
  version INTEGER DEFAULT 0 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  FOREIGN KEY(organization_id) REFERENCES organization (id)
)
""",
}
INDEXES = {
    "model_call_time": "(organization_id, at)",
    "model_call_conversation": "(conversation_id, at) WHERE conversation_id IS NOT NULL",
    "model_call_api_key": "(api_key_id, at) WHERE api_key_id IS NOT NULL",
}


def upgrade() -> None:
    """Make the tables, closed to other tenants."""
    for name, definition in TABLES.items():
        op.execute(definition)
        close(name)
    for name, columns in INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON model_call {columns}")


def downgrade() -> None:
    """Take them away."""
    for name in reversed(TABLES):
        op.execute(f"DROP TABLE {name}")
