"""Everything that one actor may see of the desk: each part brings its own reads, all on one connection."""

from __future__ import annotations

from infra.surveys.stored import SqlSurveyReads
from infra.webhooks.reads import SqlWebhookReads


class SqlDeskReads(SqlWebhookReads, SqlSurveyReads):
    """The reads of one operation about the desk."""
