"""Everything that one actor may see: each concept brings its own reads, all on the one connection of an operation."""

from __future__ import annotations

from infra.assist.reads import SqlAssistReads
from infra.bi.stored import SqlLoginSight
from infra.desk.sight import SqlDeskReads
from infra.exports.stored import SqlExportReads
from infra.learning.reads import SqlLearningReads
from infra.login.own import SqlOwnReads
from infra.prompts.reads import SqlPromptReads
from infra.spending.reads import SqlSpendingReads
from infra.tools.reads import SqlToolReads


class SqlSight(
    SqlOwnReads,
    SqlSpendingReads,
    SqlAssistReads,
    SqlLearningReads,
    SqlToolReads,
    SqlPromptReads,
    SqlExportReads,
    SqlLoginSight,
    SqlDeskReads,
):
    """The reads of one operation."""
