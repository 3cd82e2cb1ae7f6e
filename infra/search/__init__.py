"""Full-text search in Postgres."""
