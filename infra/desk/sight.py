"""Everything that one actor may see of the desk: each part brings its own reads, all on one connection."""

from __future__ import annotations

from infra.reads import SqlReads


class SqlDeskReads(SqlReads):
    """The reads of one operation about the desk."""
