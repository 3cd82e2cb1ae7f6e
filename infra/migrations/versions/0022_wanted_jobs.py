"""What the relay may know, so that it makes no jobs that nobody needs: who has rules and service levels.

Revision ID: 0022
Revises: 0021
"""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

TABLES = ("rule", "service_level_policy")


def upgrade() -> None:
    """Show the relay whose they are; of channels it knows already."""
    for table in TABLES:
        op.execute(f"CREATE POLICY relay ON {table} FOR SELECT TO parley_relay USING (enabled)")
        op.execute(f"GRANT SELECT (organization_id, enabled) ON {table} TO parley_relay")


def downgrade() -> None:
    """Hide it."""
    for table in TABLES:
        op.execute(f"REVOKE SELECT (organization_id, enabled) ON {table} FROM parley_relay")  # noqa: S608
        op.execute(f"DROP POLICY relay ON {table}")
