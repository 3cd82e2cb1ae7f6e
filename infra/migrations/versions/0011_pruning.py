"""Who may forget old idempotency keys: the relay, and no more of them than when they were used.

Revision ID: 0011
Revises: 0010
"""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

OLD = "created_at < now() - interval '7 days'"


def upgrade() -> None:
    """Show the relay what is old, and let it delete that."""
    op.execute("CREATE INDEX idempotency_key_created ON idempotency_key (created_at)")
    op.execute(f"CREATE POLICY relay ON idempotency_key TO parley_relay USING ({OLD})")
    op.execute("GRANT SELECT (created_at), DELETE ON idempotency_key TO parley_relay")


def downgrade() -> None:
    """Keep them for good."""
    op.execute("REVOKE SELECT (created_at), DELETE ON idempotency_key FROM parley_relay")
    op.execute("DROP POLICY relay ON idempotency_key")
    op.execute("DROP INDEX idempotency_key_created")
