"""Webhooks: where other systems are told, and how far they have been.

Revision ID: 0020
Revises: 0019
"""

from alembic import op

from infra.migrations.tenancy import close

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

WEBHOOK = """
CREATE TABLE webhook (
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  url TEXT NOT NULL,
  document TEXT NOT NULL,
  variables JSONB NOT NULL,
  grants JSONB NOT NULL,
  description TEXT NOT NULL,
  enabled BOOLEAN NOT NULL,
  why_disabled TEXT,
  secret BYTEA NOT NULL,
  previous_secret BYTEA,
  previous_until TIMESTAMP WITH TIME ZONE,
  position BIGINT NOT NULL,
  round INTEGER NOT NULL,
  failing_since TIMESTAMP WITH TIME ZONE,
  leased_until TIMESTAMP WITH TIME ZONE,
  version INTEGER DEFAULT 0 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  FOREIGN KEY(organization_id) REFERENCES organization (id)
)
"""
ATTEMPT = """
CREATE TABLE webhook_attempt (
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  webhook_id UUID NOT NULL,
  delivery_id UUID NOT NULL,
  number INTEGER NOT NULL,
  status INTEGER,
  took_ms INTEGER NOT NULL,
  error TEXT,
  answer TEXT NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  FOREIGN KEY(organization_id) REFERENCES organization (id),
  FOREIGN KEY(webhook_id) REFERENCES webhook (id) ON DELETE CASCADE
)
"""
RELAY = (
    "CREATE POLICY relay ON webhook TO parley_relay USING (enabled)",
    "GRANT SELECT (id, organization_id, enabled, position, leased_until), UPDATE (leased_until) "
    "ON webhook TO parley_relay",
    "CREATE POLICY relay ON webhook_attempt TO parley_relay USING (created_at < now() - interval '30 days')",
    "GRANT SELECT (created_at), DELETE ON webhook_attempt TO parley_relay",
)


def upgrade() -> None:
    """Make the tables; the relay sees which webhooks have their turn, and nothing of what they are."""
    op.execute(WEBHOOK)
    op.execute("CREATE INDEX webhook_organization ON webhook (organization_id)")
    op.execute(ATTEMPT)
    op.execute("CREATE INDEX webhook_attempt_age ON webhook_attempt (created_at)")
    op.execute("CREATE INDEX webhook_attempt_webhook ON webhook_attempt (webhook_id)")
    op.execute("CREATE INDEX webhook_attempt_delivery ON webhook_attempt (organization_id, delivery_id, created_at)")
    for name in ("webhook", "webhook_attempt"):
        close(name)
    for statement in RELAY:
        op.execute(statement)


def downgrade() -> None:
    """Take them away."""
    op.execute("DROP TABLE webhook_attempt")
    op.execute("DROP TABLE webhook")
