"""Indexes for those who see only some conversations: their own, or those of their teams' inboxes.

Revision ID: 0003
Revises: 0002
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

INDEXES = {
    "conversation_inbox_activity": "organization_id, inbox_id, last_activity_at, id",
    "conversation_assignee_activity": "organization_id, assignee_id, last_activity_at, id",
}


def upgrade() -> None:
    """Add the indexes."""
    for name, columns in INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON conversation ({columns})")


def downgrade() -> None:
    """Drop them."""
    for name in INDEXES:
        op.execute(f"DROP INDEX {name}")
