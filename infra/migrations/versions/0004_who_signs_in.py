"""Less for the role that signs people in: of customers in all organizations it needs to know which became which.

Revision ID: 0004
Revises: 0003
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take names and addresses of customers out of its sight, and all of them out of its hands."""
    op.execute("REVOKE SELECT, INSERT, UPDATE ON customer FROM parley_accounts")
    op.execute("GRANT SELECT (id, organization_id, merged_into) ON customer TO parley_accounts")


def downgrade() -> None:
    """Give them back."""
    op.execute("REVOKE SELECT (id, organization_id, merged_into) ON customer FROM parley_accounts")
    op.execute("GRANT SELECT, INSERT, UPDATE ON customer TO parley_accounts")
