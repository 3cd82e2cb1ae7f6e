"""What is kept for a while only."""

from __future__ import annotations

from sqlalchemy import delete, func, text

from infra.automation.rows import rule_runs
from infra.database import Database
from infra.rows import idempotency_keys
from infra.webhooks.rows import webhook_attempts

OLD = func.now() - text("interval '7 days'")
"""How long a repeated request is the same request; the table's policy shows the relay no younger keys."""


LOGGED = func.now() - text("interval '30 days'")
"""How long the log tells how each try at a webhook went; the table's policy shows the relay no younger ones."""
RUN = func.now() - text("interval '30 days'")
"""How long the log of rules is kept; its table's policy shows the relay no younger runs."""


class SqlPruning:
    """Forgets over all organizations."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def prune(self) -> int:
        """Delete the idempotency keys of more than seven days ago, and old tries at webhooks; how many keys."""
        async with self._database.relay() as connection:
            gone = await connection.execute(delete(idempotency_keys).where(idempotency_keys.c.created_at < OLD))
            await connection.execute(delete(rule_runs).where(rule_runs.c.at < RUN))
            await connection.execute(delete(webhook_attempts).where(webhook_attempts.c.created_at < LOGGED))
            await connection.commit()
        return gone.rowcount
