"""What goes out and what became of it; what people at work are told, and how they want to be told.

Revision ID: 0019
Revises: 0018
"""

from alembic import op

from infra.migrations.tenancy import close

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

DELIVERY = """
CREATE TABLE delivery (
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  number BIGINT GENERATED ALWAYS AS IDENTITY,
  key TEXT NOT NULL,
  medium TEXT NOT NULL,
  route TEXT NOT NULL,
  sequence TEXT,
  recipient TEXT NOT NULL,
  content JSONB NOT NULL,
  about JSONB NOT NULL,
  conversation TEXT GENERATED ALWAYS AS (about ->> 'conversation') STORED,
  state TEXT NOT NULL,
  attempts INTEGER DEFAULT 0 NOT NULL,
  error TEXT,
  next_try_at TIMESTAMP WITH TIME ZONE,
  sent_at TIMESTAMP WITH TIME ZONE,
  receipt TEXT,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (organization_id, key),
  FOREIGN KEY(organization_id) REFERENCES organization (id)
)
"""
NOTIFICATION = """
CREATE TABLE notification (
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  agent_id UUID NOT NULL,
  event_id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  conversation_id UUID,
  by TEXT NOT NULL,
  is_shown BOOLEAN NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  read_at TIMESTAMP WITH TIME ZONE,
  PRIMARY KEY (id),
  UNIQUE (organization_id, agent_id, event_id),
  FOREIGN KEY(organization_id) REFERENCES organization (id),
  FOREIGN KEY(agent_id) REFERENCES agent (id),
  FOREIGN KEY(conversation_id) REFERENCES conversation (id)
)
"""
NOTIFICATION_BUNDLE = """
CREATE TABLE notification_bundle (
  notification_id UUID NOT NULL,
  means TEXT NOT NULL,
  organization_id UUID NOT NULL,
  agent_id UUID NOT NULL,
  bundle TEXT NOT NULL,
  PRIMARY KEY (notification_id, means),
  FOREIGN KEY(notification_id) REFERENCES notification (id) ON DELETE CASCADE,
  FOREIGN KEY(organization_id) REFERENCES organization (id),
  FOREIGN KEY(agent_id) REFERENCES agent (id)
)
"""
NOTIFICATION_PREFERENCE = """
CREATE TABLE notification_preference (
  agent_id UUID NOT NULL,
  organization_id UUID NOT NULL,
  decided JSONB NOT NULL,
  PRIMARY KEY (agent_id),
  FOREIGN KEY(agent_id) REFERENCES agent (id),
  FOREIGN KEY(organization_id) REFERENCES organization (id)
)
"""
PUSH_SUBSCRIPTION = """
CREATE TABLE push_subscription (
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  agent_id UUID NOT NULL,
  endpoint TEXT NOT NULL,
  public_key TEXT NOT NULL,
  secret TEXT NOT NULL,
  device TEXT NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (organization_id, endpoint),
  FOREIGN KEY(organization_id) REFERENCES organization (id),
  FOREIGN KEY(agent_id) REFERENCES agent (id)
)
"""
PUSH_KEY = """
CREATE TABLE push_key (
  organization_id UUID NOT NULL,
  private BYTEA NOT NULL,
  public TEXT NOT NULL,
  PRIMARY KEY (organization_id),
  FOREIGN KEY(organization_id) REFERENCES organization (id)
)
"""
INDEXES = (
    "CREATE INDEX delivery_due ON delivery (organization_id, route, next_try_at, number)"
    " WHERE state = 'queued' AND next_try_at IS NOT NULL",
    "CREATE INDEX delivery_sequence ON delivery (organization_id, route, sequence, number)"
    " WHERE state = 'queued' AND sequence IS NOT NULL",
    "CREATE INDEX delivery_number ON delivery (organization_id, number)",
    "CREATE INDEX delivery_state ON delivery (organization_id, state, number)",
    "CREATE INDEX delivery_route ON delivery (organization_id, route, number)",
    "CREATE INDEX delivery_conversation ON delivery (organization_id, conversation, number)",
    "CREATE INDEX delivery_age ON delivery (created_at) WHERE state <> 'queued'",
    "CREATE INDEX notification_agent ON notification (organization_id, agent_id, created_at, id) WHERE is_shown",
    "CREATE INDEX notification_unread ON notification (organization_id, agent_id) WHERE is_shown AND read_at IS NULL",
    "CREATE INDEX notification_age ON notification (created_at)",
    "CREATE INDEX notification_bundle_agent ON notification_bundle (organization_id, agent_id, means, bundle)",
    "CREATE INDEX push_subscription_agent ON push_subscription (organization_id, agent_id)",
)
OLD = "state <> 'queued' AND created_at < now() - interval '30 days'"
GRANTS = (
    "GRANT SELECT, INSERT, UPDATE (state, attempts, error, next_try_at), DELETE ON delivery TO parley_app",
    "CREATE POLICY relay ON delivery TO parley_relay USING (true) WITH CHECK (true)",
    f"CREATE POLICY old ON delivery AS RESTRICTIVE FOR DELETE TO parley_relay USING ({OLD})",
    "GRANT SELECT, UPDATE (state, attempts, error, next_try_at, sent_at, receipt), DELETE ON delivery TO parley_relay",
    "GRANT SELECT, INSERT, UPDATE (read_at), DELETE ON notification TO parley_app",
    "CREATE POLICY relay ON notification TO parley_relay USING (created_at < now() - interval '90 days')",
    "GRANT SELECT (id, created_at), DELETE ON notification TO parley_relay",
    "GRANT SELECT, INSERT, DELETE ON notification_bundle TO parley_app",
    "GRANT SELECT, INSERT, UPDATE (decided), DELETE ON notification_preference TO parley_app",
    "GRANT SELECT, INSERT, UPDATE (agent_id, public_key, secret, device), DELETE ON push_subscription TO parley_app",
    "GRANT SELECT, INSERT, DELETE ON push_key TO parley_app",
)
TABLES = {
    "delivery": DELIVERY,
    "notification": NOTIFICATION,
    "notification_bundle": NOTIFICATION_BUNDLE,
    "notification_preference": NOTIFICATION_PREFERENCE,
    "push_subscription": PUSH_SUBSCRIPTION,
    "push_key": PUSH_KEY,
}


def upgrade() -> None:
    """Add the tables; the relay carries the deliveries of all organizations, and deletes no recent ones."""
    for name, table in TABLES.items():
        op.execute(table)
        close(name, rights="")
    for statement in (*INDEXES, *GRANTS):
        op.execute(statement)


def downgrade() -> None:
    """Take them away."""
    for name in reversed(TABLES):
        op.execute(f"DROP TABLE {name}")
