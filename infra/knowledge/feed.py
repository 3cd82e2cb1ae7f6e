"""What happens to imports, as it happens; for staff."""

from __future__ import annotations

from domain.account.permission import Permission
from domain.knowledge.events import ImportFinished, ImportStopped
from infra.knowledge.rows import imports
from infra.live.stream import SqlStreamFeed


class SqlImportFeed(SqlStreamFeed):
    """Follows imports."""

    concept = "import"
    table = imports
    needs = Permission.READ_INTERNAL_KNOWLEDGE
    endings = (ImportFinished, ImportStopped)
