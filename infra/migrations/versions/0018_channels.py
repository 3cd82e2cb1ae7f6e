"""How inboxes are connected, what went over channels, and where nothing arrives.

Revision ID: 0018
Revises: 0017
"""

from alembic import op

from infra.migrations.tenancy import close

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

TABLES = {
    "channel_account": """
        id UUID NOT NULL,
        organization_id UUID NOT NULL,
        channel TEXT NOT NULL,
        address TEXT NOT NULL,
        enabled BOOLEAN NOT NULL,
        settings JSONB NOT NULL,
        secrets BYTEA NOT NULL,
        kept TEXT[] NOT NULL,
        version INTEGER DEFAULT 0 NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        PRIMARY KEY (id),
        UNIQUE (organization_id, channel, address),
        FOREIGN KEY(id) REFERENCES inbox (id),
        FOREIGN KEY(organization_id) REFERENCES organization (id)
    """,
    "mailbox_place": """
        id UUID NOT NULL,
        organization_id UUID NOT NULL,
        validity BIGINT,
        last_uid BIGINT DEFAULT 0 NOT NULL,
        fetched_at TIMESTAMP WITH TIME ZONE,
        leased_until TIMESTAMP WITH TIME ZONE,
        problem TEXT,
        PRIMARY KEY (id),
        FOREIGN KEY(id) REFERENCES channel_account (id) ON DELETE CASCADE,
        FOREIGN KEY(organization_id) REFERENCES organization (id)
    """,
    "channel_message": """
        id UUID NOT NULL,
        organization_id UUID NOT NULL,
        inbox_id UUID NOT NULL,
        conversation_id UUID NOT NULL,
        message_id UUID NOT NULL,
        external_id TEXT NOT NULL,
        is_inbound BOOLEAN NOT NULL,
        sender TEXT NOT NULL,
        participants TEXT[] NOT NULL,
        subject TEXT NOT NULL,
        original TEXT,
        authentication TEXT NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        PRIMARY KEY (id),
        UNIQUE (inbox_id, external_id),
        FOREIGN KEY(organization_id) REFERENCES organization (id),
        FOREIGN KEY(inbox_id) REFERENCES inbox (id),
        FOREIGN KEY(conversation_id) REFERENCES conversation (id),
        FOREIGN KEY(message_id) REFERENCES message (id)
    """,
    "unreachable": """
        inbox_id UUID NOT NULL,
        address TEXT NOT NULL,
        organization_id UUID NOT NULL,
        failure TEXT NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        PRIMARY KEY (inbox_id, address),
        FOREIGN KEY(organization_id) REFERENCES organization (id),
        FOREIGN KEY(inbox_id) REFERENCES inbox (id)
    """,
}
INDEXES = (
    "CREATE INDEX channel_message_conversation ON channel_message (conversation_id, created_at, id)",
    "CREATE INDEX channel_message_message ON channel_message (message_id)",
    "CREATE INDEX channel_message_sender ON channel_message (inbox_id, sender, created_at) WHERE is_inbound",
)
RELAY = (
    "CREATE POLICY relay ON channel_account FOR SELECT TO parley_relay USING (true)",
    "GRANT SELECT (id, organization_id, channel, enabled) ON channel_account TO parley_relay",
)
"""Which inboxes there are to look after, and whose they are; nothing of how they are connected."""


def upgrade() -> None:
    """Make the tables; each organization sees its own rows."""
    for name, columns in TABLES.items():
        op.execute(f"CREATE TABLE {name} ({columns})")
        close(name)
    for statement in (*INDEXES, *RELAY):
        op.execute(statement)


def downgrade() -> None:
    """Take them away."""
    for name in reversed(TABLES):
        op.execute(f"DROP TABLE {name}")
