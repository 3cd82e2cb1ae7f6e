"""Everything that one actor may see of the desk: each part brings its own reads, all on one connection."""

from __future__ import annotations

from infra.surveys.stored import SqlSurveyReads


class SqlDeskReads(SqlSurveyReads):
    """The reads of one operation about the desk."""
