"""Analytics in Postgres."""
