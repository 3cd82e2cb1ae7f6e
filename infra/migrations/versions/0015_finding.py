"""Who customers are: their profile and their addresses, each of which an organization has once.

Revision ID: 0015
Revises: 0014
"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TENANT = "nullif(current_setting('parley.organization_id', true), '')::uuid"
COLUMNS = {
    "email_key": "TEXT GENERATED ALWAYS AS (lower(email)) STORED",
    "phone": "TEXT",
    "language": "TEXT",
    "zone": "TEXT",
    "attributes": "JSONB DEFAULT '{}' NOT NULL",
    "blocked_at": "TIMESTAMP WITH TIME ZONE",
}
CONTACT = """
CREATE TABLE contact (
  organization_id UUID NOT NULL,
  kind TEXT NOT NULL,
  value TEXT NOT NULL,
  customer_id UUID NOT NULL,
  verified_at TIMESTAMP WITH TIME ZONE,
  bounced_at TIMESTAMP WITH TIME ZONE,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (organization_id, kind, value),
  FOREIGN KEY(organization_id) REFERENCES organization (id),
  FOREIGN KEY(customer_id) REFERENCES customer (id) DEFERRABLE INITIALLY DEFERRED
)
"""
INDEXES = {
    "contact_customer": "contact (customer_id)",
    "customer_created": "customer (organization_id, created_at, id)",
    "customer_email": "customer (organization_id, email_key)",
    "customer_phone": "customer (organization_id, phone)",
}
KNOWN = """
INSERT INTO contact (organization_id, kind, value, customer_id, verified_at, created_at)
SELECT DISTINCT ON (organization_id, {value}) organization_id, '{kind}', {value}, id, verified_at, created_at
FROM customer WHERE {value} IS NOT NULL AND merged_into IS NULL
ORDER BY organization_id, {value}, verified_at NULLS LAST, created_at, id
"""
"""Of several customers with one address the one has it whom the organization vouched for first, or who came first."""


def upgrade() -> None:
    """Add the columns and the table, and fill it with the addresses that are known."""
    for name, kind in COLUMNS.items():
        op.execute(f"ALTER TABLE customer ADD COLUMN {name} {kind}")
    op.execute("GRANT SELECT (blocked_at) ON customer TO parley_accounts")
    op.execute(CONTACT.strip())
    for name, on in INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON {on}")
    op.execute("ALTER TABLE customer NO FORCE ROW LEVEL SECURITY")
    for kind, value in {"email": "email_key", "external": "external_id"}.items():
        op.execute(KNOWN.format(kind=kind, value=value).strip())
    op.execute("ALTER TABLE customer FORCE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE contact ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE contact FORCE ROW LEVEL SECURITY")
    policy = f"USING (organization_id = {TENANT}) WITH CHECK (organization_id = {TENANT})"
    op.execute(f"CREATE POLICY tenant ON contact TO parley_app {policy}")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON contact TO parley_app")


def downgrade() -> None:
    """Take them away."""
    op.execute("DROP TABLE contact")
    op.execute("REVOKE SELECT (blocked_at) ON customer FROM parley_accounts")
    for name in reversed(INDEXES):
        if not name.startswith("contact"):
            op.execute(f"DROP INDEX {name}")
    for name in reversed(COLUMNS):
        op.execute(f"ALTER TABLE customer DROP COLUMN {name}")
