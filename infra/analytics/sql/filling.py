"""Statements that read the journal and write facts, with parameters by number, as asyncpg takes them."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.dialects import postgresql

from domain.analytics.folding import KINDS
from infra.analytics.rows import facts

ALONE = "SELECT pg_try_advisory_xact_lock(0x726f6c6c)"
"""One worker at a time folds and rolls up; the lock goes with the transaction."""
IN_TURN = "SELECT pg_advisory_xact_lock(0x726f6c6c)"
PLACE = "SELECT position FROM rollup_place WHERE name = 'journal'"
MOVE = """
INSERT INTO rollup_place (name, position, at) VALUES ('journal', $1, $2)
ON CONFLICT (name) DO UPDATE SET position = excluded.position, at = excluded.at
"""
NEWS = """
WITH batch AS (
  SELECT organization_id, stream, delivered_position FROM event
  WHERE delivered_position > $1 ORDER BY delivered_position LIMIT $2
)
SELECT count(*) AS events, max(delivered_position) AS position,
  array(SELECT DISTINCT organization_id::text || ' ' || split_part(stream, ':', 2) FROM batch
        WHERE stream LIKE 'conversation:%' OR stream LIKE 'classification:%') AS touched
FROM batch
"""
"""How many events come next, up to where, and which conversations they touch, as organization and conversation."""
NEXT = """
SELECT organization_id::text AS owner, id::text AS conversation FROM conversation WHERE id > $1 ORDER BY id LIMIT $2
"""
ALL_DUE = """
INSERT INTO rollup_due (organization_id, fact, hour) SELECT DISTINCT organization_id, fact, hour FROM rollup_cell
WHERE fact = ANY ($1) ON CONFLICT DO NOTHING
"""
HISTORY = f"""
SELECT split_part(stream, ':', 2) AS conversation, kind, payload, split_part(actor, ':', 1) AS by, at
FROM event WHERE stream = ANY ($1) AND kind IN ({", ".join(f"'{kind}'" for kind in KINDS)})
ORDER BY stream, version
"""  # noqa: S608  kinds are names of classes
AROUND = """
SELECT 'hours' AS what, id::text, settings ->> 'business_hours' AS value FROM organization WHERE id = ANY ($1)
UNION ALL
SELECT 'channel', id::text, channel FROM inbox WHERE organization_id = ANY ($1)
UNION ALL
(SELECT DISTINCT ON (l.inbox_id) 'team', l.inbox_id::text, l.team_id::text
 FROM team_inbox l JOIN team t ON t.id = l.team_id WHERE l.organization_id = ANY ($1)
 ORDER BY l.inbox_id, t.created_at, t.id)
UNION ALL
SELECT 'verified', id::text, (extract(epoch FROM verified_at) * 1000000)::bigint::text FROM customer
WHERE id = ANY ($2) AND verified_at IS NOT NULL
"""
FORGET = """
WITH gone AS (
  DELETE FROM {name}_fact WHERE conversation_id = ANY ($1) AND at >= $2 RETURNING organization_id, at
)
INSERT INTO rollup_due (organization_id, fact, hour)
SELECT DISTINCT organization_id, '{name}', date_trunc('hour', at, 'UTC') FROM gone ON CONFLICT DO NOTHING
"""
WRITE = """
WITH added AS (
  INSERT INTO {name}_fact ({columns}) SELECT * FROM unnest({arrays}) RETURNING organization_id, at
)
INSERT INTO rollup_due (organization_id, fact, hour)
SELECT DISTINCT organization_id, '{name}', date_trunc('hour', at, 'UTC') FROM added ON CONFLICT DO NOTHING
"""
DELIVERIES = """
WITH news AS (
  SELECT id FROM delivery WHERE state = 'queued' AND next_try_at IS NOT NULL
  UNION SELECT id FROM delivery WHERE state = 'queued' AND sequence IS NOT NULL
  UNION SELECT id FROM delivery WHERE state <> 'queued' AND created_at >= $1
  UNION SELECT id FROM delivery_fact WHERE outcome = 'queued'
), told AS (
  INSERT INTO delivery_fact AS fact (id, organization_id, conversation_id, at, inbox_id, channel, team_id, actor_kind,
    outcome, medium, attempts, sent_at, took_ms)
  SELECT d.id, d.organization_id, d.conversation::uuid, d.created_at, c.inbox_id, i.channel, t.team_id, 'automation',
    d.state, d.medium, d.attempts, d.sent_at, floor(extract(epoch FROM d.sent_at - d.created_at) * 1000)
  FROM news JOIN delivery d USING (id)
  LEFT JOIN conversation c ON c.id = d.conversation::uuid
  LEFT JOIN inbox i ON i.id = c.inbox_id
  LEFT JOIN LATERAL (
    SELECT l.team_id FROM team_inbox l JOIN team ON team.id = l.team_id
    WHERE l.inbox_id = c.inbox_id ORDER BY team.created_at, team.id LIMIT 1
  ) AS t ON true
  LEFT JOIN delivery_fact f ON f.organization_id = d.organization_id AND f.at = d.created_at AND f.id = d.id
  WHERE d.created_at >= $2 AND (f.id IS NULL OR (f.outcome, f.attempts) IS DISTINCT FROM (d.state, d.attempts))
  LIMIT $3
  ON CONFLICT (organization_id, at, id) DO UPDATE SET outcome = excluded.outcome, attempts = excluded.attempts,
    sent_at = excluded.sent_at, took_ms = excluded.took_ms
  RETURNING organization_id, at
), hours AS (
  INSERT INTO rollup_due (organization_id, fact, hour)
  SELECT DISTINCT organization_id, 'delivery', date_trunc('hour', at, 'UTC') FROM told ON CONFLICT DO NOTHING
)
SELECT count(*) FROM told
"""
"""Deliveries are rows that change, and those that go well are no events: what waits is looked at each time, and so is
what was posted since a moment a little before the last look, since commits are late. Those that are forgotten by now
stay counted."""
LOOKED = "SELECT at FROM rollup_place WHERE name = 'deliveries'"
LOOK = """
INSERT INTO rollup_place (name, position, at) VALUES ('deliveries', 0, $1)
ON CONFLICT (name) DO UPDATE SET at = excluded.at
"""
MONTHS = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'facts' AND c.relkind = 'r'
"""
MONTH = """
CREATE TABLE IF NOT EXISTS facts.{name}_{month} PARTITION OF {name}_fact
FOR VALUES FROM ('{start} 00:00+00') TO ('{end} 00:00+00')
"""
DROP = "DROP TABLE IF EXISTS facts.{partition}"
FORGET_ROLLUPS = tuple(
    f"""
DELETE FROM {table} WHERE organization_id IN (SELECT id FROM organization)
  AND {by} = ANY ($1) AND dimension = ANY ($2) AND hour < $3
"""  # noqa: S608  names of tables
    for table, by in (("rollup_cell", "fact"), ("rollup_sketch", "measure"))
)
"""By the keys of the tables, so that their indexes serve."""

BEHIND = """
SELECT (SELECT at FROM rollup_place WHERE name = 'journal') AS as_of,
  (SELECT count(*) FROM (
    SELECT FROM event WHERE organization_id = $1
      AND delivered_position > coalesce((SELECT position FROM rollup_place WHERE name = 'journal'), 0) LIMIT 10000
  ) AS waiting) AS behind
"""


def _writes() -> Mapping[str, str]:
    found = {}
    for name, table in facts.items():
        kinds = [column.type.compile(dialect=postgresql.dialect()) for column in table.columns]  # type: ignore[no-untyped-call]
        arrays = ", ".join(f"${number}::{kind}[]" for number, kind in enumerate(kinds, 1))
        found[name] = WRITE.format(name=name, columns=", ".join(table.columns.keys()), arrays=arrays)
    return found


WRITES = _writes()
"""How rows of each fact are written: one array a column."""
FORGETS = {name: FORGET.format(name=name) for name in facts}
