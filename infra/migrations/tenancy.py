"""How a migration closes a table to other tenants.

Migrations that have run say what they said then: whatever is to be otherwise from now on is another function.
"""

from __future__ import annotations

from alembic import op

TENANT = "nullif(current_setting('parley.organization_id', true), '')::uuid"
"""The organization that a transaction is bound to."""
EVERYTHING = "SELECT, INSERT, UPDATE, DELETE"


def close(table: str, rights: str = EVERYTHING) -> None:
    """Let the application see only the tenant's rows of a table, and do with them what `rights` say, if anything."""
    own = f"organization_id = {TENANT}"
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON {table} TO parley_app USING ({own}) WITH CHECK ({own})")
    if rights:
        op.execute(f"GRANT {rights} ON {table} TO parley_app")
