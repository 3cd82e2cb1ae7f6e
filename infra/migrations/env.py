"""How Alembic reaches the database: one connection, one lock, so that two deployments do not race."""

from alembic import context
from sqlalchemy import Connection, text

from infra.rows import organizations

MIGRATION_LOCK = 0x7061726C


def run(connection: Connection) -> None:
    """Apply what is missing while holding an advisory lock for the transaction."""
    context.configure(connection=connection, target_metadata=organizations.metadata)
    with context.begin_transaction():
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        context.run_migrations()


run(context.config.attributes["connection"])
