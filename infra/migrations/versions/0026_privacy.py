"""Requests about people's data, and a role that may take their words out of the journal.

Revision ID: 0026
Revises: 0025
"""

from alembic import op

from infra.migrations.tenancy import close

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

REQUEST = """
CREATE TABLE privacy_request (
  id UUID NOT NULL,
  organization_id UUID NOT NULL,
  kind TEXT NOT NULL,
  customer_id UUID NOT NULL,
  asked_by TEXT NOT NULL,
  state TEXT NOT NULL,
  starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
  due_at TIMESTAMP WITH TIME ZONE NOT NULL,
  finished_at TIMESTAMP WITH TIME ZONE,
  failure TEXT,
  conversations INTEGER DEFAULT 0 NOT NULL,
  files INTEGER DEFAULT 0 NOT NULL,
  size BIGINT,
  version INTEGER DEFAULT 0 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  FOREIGN KEY(organization_id) REFERENCES organization (id),
  FOREIGN KEY(customer_id) REFERENCES customer (id)
)
"""
INDEXES = (
    "CREATE INDEX privacy_request_newest ON privacy_request (organization_id, created_at, id)",
    "CREATE INDEX privacy_request_state ON privacy_request (organization_id, state, created_at, id)",
    "CREATE INDEX privacy_request_customer ON privacy_request (customer_id, kind)",
    "CREATE UNIQUE INDEX privacy_request_once ON privacy_request (customer_id, kind)"
    " WHERE state IN ('open', 'running')",
)
ROLE = """DO $$ BEGIN CREATE ROLE parley_privacy NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"""
MEMBER = "DO $$ BEGIN EXECUTE format('GRANT parley_privacy TO %I', current_user); END $$"
RIGHTS = {
    "event": "UPDATE (payload, address)",
    "article_version": "UPDATE (title, body, questions)",
    "delivery": "UPDATE (recipient, content, receipt)",
}
"""What nothing else in the application may change once it is written."""


def upgrade() -> None:
    """Make the table and the role: it is the application's, bound to one tenant, with those few rights beside."""
    op.execute(REQUEST)
    for statement in INDEXES:
        op.execute(statement)
    close("privacy_request")
    op.execute("ALTER TABLE customer ADD COLUMN erased_at TIMESTAMP WITH TIME ZONE")
    op.execute(ROLE)
    op.execute(MEMBER)
    op.execute("GRANT parley_app TO parley_privacy")
    for table, rights in RIGHTS.items():
        op.execute(f"GRANT {rights} ON {table} TO parley_privacy")


def downgrade() -> None:
    """Take them away; the role stays, since other databases of the cluster may use it."""
    for table, rights in RIGHTS.items():
        op.execute(f"REVOKE {rights} ON {table} FROM parley_privacy")
    op.execute("ALTER TABLE customer DROP COLUMN erased_at")
    op.execute("DROP TABLE privacy_request")
