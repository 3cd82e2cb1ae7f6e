"""What happens to suite runs, as it happens; for those who may read how the assistant is set up."""

from __future__ import annotations

from domain.account.permission import Permission
from domain.learning.events import SuiteRunCancelled, SuiteRunFinished
from infra.learning.rows import suite_runs
from infra.live.stream import SqlStreamFeed


class SqlRunFeed(SqlStreamFeed):
    """Follows runs."""

    concept = "suiterun"
    table = suite_runs
    needs = Permission.READ_ASSISTANT
    endings = (SuiteRunFinished, SuiteRunCancelled)
