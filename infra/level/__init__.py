"""Service levels in Postgres."""
