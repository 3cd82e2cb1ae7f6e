"""Statements that roll facts up by the hour, and that spread lengths of time over a logarithmic scale.

A length of time x in milliseconds lies in bucket ceil(log_g(x)), g = 1.01 / 0.99: its middle is at most 1 % away from x
(DDSketch's mapping: Masson, Rim and Lee, VLDB 2019). Bucket -1 is for nothing at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from domain.analytics.measure import DIMENSIONS, MEASURES, SPREAD, Measure

ERROR = 0.01
"""How far a percentile is from what it stands for, at most, as a share of it."""
GROWTH = f"ln({1 + ERROR} / {1 - ERROR})"
BUCKET = "CASE WHEN ({0}) <= 0 THEN -1 ELSE ceil(ln(({0})::double precision) / " + GROWTH + ")::integer END"
MIDDLE = "CASE WHEN {0} < 0 THEN 0 ELSE exp(({0}) * " + GROWTH + f") * {1 - ERROR} END"
"""The length of time that stands for a bucket: 2 g^i / (g + 1)."""

TAKE = """
DELETE FROM rollup_due WHERE (organization_id, fact, hour) IN (
  SELECT organization_id, fact, hour FROM rollup_due ORDER BY hour, organization_id, fact LIMIT $1)
RETURNING organization_id, fact, hour
"""
"""The oldest hours first."""
CLEAR = """
DELETE FROM {table} AS old USING unnest($1::uuid[], $2::timestamptz[]) AS due (organization_id, hour),
  unnest($3::text[]) AS names (name), unnest($4::text[]) AS dimensions (dimension)
WHERE old.organization_id = due.organization_id AND old.{by} = names.name
  AND old.dimension = dimensions.dimension AND old.hour = due.hour
"""
ROWS = """
SELECT f.*, due.hour FROM unnest($1::uuid[], $2::timestamptz[]) AS due (organization, hour)
JOIN {fact}_fact AS f ON f.organization_id = due.organization AND f.at >= due.hour
  AND f.at < due.hour + interval '1 hour'
"""
CELLS = """
INSERT INTO rollup_cell (organization_id, fact, dimension, hour, value, sums)
SELECT organization_id, '{fact}', {dimension}, hour, {value}, ARRAY[{sums}]::bigint[]
FROM ({rows}) AS f GROUP BY GROUPING SETS ({sets})
"""
SKETCHES = """
INSERT INTO rollup_sketch (organization_id, measure, dimension, hour, value, buckets, counts)
SELECT organization_id, measure, dimension, hour, value, array_agg(bucket ORDER BY bucket),
  array_agg(rows::integer ORDER BY bucket)
FROM (
  SELECT organization_id, measure, {dimension} AS dimension, hour, {value} AS value, bucket, count(*) AS rows
  FROM ({rows}) AS f CROSS JOIN LATERAL (VALUES {measures}) AS m (measure, bucket)
  WHERE bucket IS NOT NULL GROUP BY GROUPING SETS ({sets})
) AS spread
GROUP BY organization_id, measure, dimension, hour, value
"""
DAY_CELLS = """
INSERT INTO rollup_cell (organization_id, fact, dimension, hour, value, sums)
SELECT c.organization_id, '{day}', c.dimension, due.day, c.value, ARRAY[{sums}]::bigint[]
FROM unnest($1::uuid[], $2::timestamptz[]) AS due (organization_id, day)
CROSS JOIN unnest($3::text[]) AS dimensions (dimension)
JOIN rollup_cell AS c ON c.organization_id = due.organization_id AND c.fact = '{fact}'
  AND c.dimension = dimensions.dimension AND c.hour >= due.day AND c.hour < due.day + interval '24 hours'
GROUP BY c.organization_id, c.dimension, due.day, c.value
"""
DAY_SKETCHES = """
INSERT INTO rollup_sketch (organization_id, measure, dimension, hour, value, buckets, counts)
SELECT organization_id, measure || '{suffix}', dimension, day, value, array_agg(bucket ORDER BY bucket),
  array_agg(rows::integer ORDER BY bucket)
FROM (
  SELECT s.organization_id, s.measure, s.dimension, due.day, s.value, u.bucket, sum(u.rows) AS rows
  FROM unnest($1::uuid[], $2::timestamptz[]) AS due (organization_id, day)
  CROSS JOIN unnest($3::text[]) AS dimensions (dimension)
  CROSS JOIN unnest($4::text[]) AS measures (measure)
  JOIN rollup_sketch AS s ON s.organization_id = due.organization_id AND s.measure = measures.measure
    AND s.dimension = dimensions.dimension AND s.hour >= due.day AND s.hour < due.day + interval '24 hours'
  CROSS JOIN LATERAL unnest(s.buckets, s.counts) AS u (bucket, rows)
  GROUP BY 1, 2, 3, 4, 5, 6
) AS merged
GROUP BY organization_id, measure, dimension, day, value
"""
"""Days by UTC are merged from their hours: what is asked of years reads a day at a time wherever no day is cut."""
BY_DAY = " by day"


def _sets(columns: Sequence[str], keys: str) -> str:
    return ", ".join((f"({keys})", *(f"({keys}, {column})" for column in columns)))


def _dimension(fact: str) -> str:
    cases = (f"WHEN GROUPING({column}) = 0 THEN '{name}'" for name, column in DIMENSIONS[fact].items())
    return f"CASE {' '.join(cases)} ELSE 'all' END"


def _value(fact: str) -> str:
    return f"coalesce({', '.join(f'{column}::text' for column in DIMENSIONS[fact].values())}, '')"


def _spread(measures: Sequence[Measure]) -> str:
    return ", ".join(f"('{one.name}', {_bucket(one.expression)})" for one in measures)


def _bucket(expression: str) -> str:
    return f"CASE WHEN ({expression}) IS NOT NULL THEN {BUCKET.format(expression)} END"


def _cells(fact: str) -> str:
    columns = tuple(DIMENSIONS[fact].values())
    return CELLS.format(
        fact=fact,
        dimension=_dimension(fact),
        value=_value(fact),
        sums=", ".join(f"coalesce(sum({one.expression}), 0)" for one in MEASURES[fact]),
        rows=ROWS.format(fact=fact),
        sets=_sets(columns, "organization_id, hour"),
    )


def _sketches(fact: str) -> str:
    columns = tuple(DIMENSIONS[fact].values())
    return SKETCHES.format(
        dimension=_dimension(fact),
        value=_value(fact),
        rows=ROWS.format(fact=fact),
        measures=_spread(SPREAD[fact]),
        sets=_sets(columns, "organization_id, measure, hour, bucket"),
    )


CELL: Mapping[str, str] = {fact: _cells(fact) for fact in DIMENSIONS}
SKETCH: Mapping[str, str] = {fact: _sketches(fact) for fact in SPREAD}
NAMES: Mapping[str, list[str]] = {fact: ["all", *DIMENSIONS[fact]] for fact in DIMENSIONS}
DAY_CELL: Mapping[str, str] = {
    fact: DAY_CELLS.format(
        fact=fact,
        day=fact + BY_DAY,
        sums=", ".join(f"sum(c.sums[{place}])" for place in range(1, len(MEASURES[fact]) + 1)),
    )
    for fact in DIMENSIONS
}
DAY_SKETCH = DAY_SKETCHES.format(suffix=BY_DAY)
CLEAR_CELLS = CLEAR.format(table="rollup_cell", by="fact")
CLEAR_SKETCHES = CLEAR.format(table="rollup_sketch", by="measure")
